/** What a station says of its clock, on clocks that do what the test says. */
import { describe, expect, test } from 'vitest';
import type { Notice, StationView } from '#engine/link/station-link.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import { StationClock } from '../../src/bench-worker/station-clock.ts';

const HOUR_MS = 3_600_000;

function setUp(kept: Record<string, unknown> = {}, settings: Pick<FleetSettings, 'clock'> = {}) {
  const time = { wallMs: Date.parse('2026-11-20T06:00:00Z'), monotonicMs: 5_000 };
  const notices = new Map<string, Notice>();
  const views: Partial<StationView>[] = [];
  const clock = new StationClock({
    store: {
      get: <T>(key: string) => Promise.resolve(kept[key] as T | undefined),
      set: (key, value) => Promise.resolve(void (kept[key] = value)),
    },
    view: {
      change: (change) => void views.push(change),
      notice: (notice) => void notices.set(notice.code, notice),
      dismiss: (code) => void notices.delete(code),
    },
    settings: () => settings,
    clock: { nowMs: () => time.wallMs, monotonicMs: () => time.monotonicMs, sleep: () => Promise.resolve() },
  });
  const pass = (ms: number, wallMs = ms) => {
    time.wallMs += wallMs;
    time.monotonicMs += ms;
  };
  return { clock, time, notices, views, kept, pass };
}

describe('offset', () => {
  test('config 11: clock.warn_offset_s says from when on it is far off, in the notice and in the run', () => {
    const { clock, notices } = setUp({}, { clock: { warn_offset_s: 20 } });
    clock.heard({ offsetMs: 19_000, errorMs: 500 });
    expect([notices.size, clock.note()]).toEqual([0, undefined]);
    clock.heard({ offsetMs: 21_000, errorMs: 500 });
    expect([notices.has('clock-off'), clock.note()]).toEqual([true, expect.stringContaining('when this run began')]);
  });

  test('is known again after a start without a network', async () => {
    const { clock, kept } = setUp();
    clock.heard({ offsetMs: 4_200, errorMs: 500 });
    const again = setUp(kept);
    await again.clock.load();
    expect(again.clock.offsetMs).toBe(4_200);
  });

  test('a clock that is far off is told, with its remedy, and said by every run, until it is right', () => {
    const { clock, notices } = setUp();
    clock.heard({ offsetMs: 59_000, errorMs: 500 });
    expect([notices.size, clock.note()]).toEqual([0, undefined]);
    clock.heard({ offsetMs: 3 * HOUR_MS + 12 * 60_000, errorMs: 500 });
    expect(notices.get('clock-off')?.message).toBe('The clock of this computer is 3 h 12 min behind the server’s.');
    expect(clock.note()).toContain('3 h 12 min behind the server’s when this run began');
    clock.heard({ offsetMs: -26 * HOUR_MS, errorMs: 500 });
    expect(clock.note()).toContain('1 d 2 h ahead of the server’s');
    clock.heard({ offsetMs: 100, errorMs: 500 });
    expect([notices.size, clock.note()]).toEqual([0, undefined]);
  });
});

describe('drift', () => {
  test('is told when it is more than two samples err, and begins anew when the clock was set', () => {
    const { clock, views, pass } = setUp();
    const drift = () => views.at(-1)?.clock?.driftMsPerDay;
    clock.heard({ offsetMs: 0, errorMs: 500 });
    pass(HOUR_MS);
    clock.heard({ offsetMs: 900, errorMs: 500 });
    expect(drift()).toBeNull();
    pass(11 * HOUR_MS);
    clock.heard({ offsetMs: 2_000, errorMs: 500 });
    expect(drift()).toBeCloseTo(4_000);
    clock.heard({ offsetMs: 90_000, errorMs: 500 });
    expect(drift()).toBeNull();
  });
});

describe('a run', () => {
  test('is refused while the clock shows a time that cannot be', () => {
    const { clock, time } = setUp();
    expect(clock.obstacle()).toBeNull();
    time.wallMs = 0;
    expect(clock.obstacle()).toMatchObject({ code: 'clock-wrong', message: expect.stringContaining('1970-01-01') });
  });

  test('says when the clock was set or the machine slept meanwhile', () => {
    const { clock, pass } = setUp();
    const steady = clock.watch();
    pass(60_000, 60_020);
    expect(steady()).toBeUndefined();
    const back = clock.watch();
    pass(1_000, -4_000);
    expect(back()).toContain('set back by 5.0 s');
    const slept = clock.watch();
    pass(1_000, 601_000);
    expect(slept()).toContain('slept for 600.0 s');
  });
});
