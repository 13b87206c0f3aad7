/** The server's memory of stations: bounded, whoever posts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import { thresholdsOf } from '#fleet/health/thresholds.ts';
import { HEALTH_METRICS, healthText } from '#server/stations/station-metrics.ts';
import { Stations } from '#server/stations/stations.ts';
import { heartbeat } from '../fleet/health/a-heartbeat.ts';

const LIMITS = thresholdsOf();
const MOST = 50;
const DAY_MS = 86_400_000;

function memory() {
  const time = { ms: 0 };
  const stations = new Stations({
    nowMs: () => Date.UTC(2026, 10, 20, 8) + time.ms,
    monotonicMs: () => time.ms,
    most: MOST,
  });
  const hear = (change: Partial<Heartbeat> = {}) => stations.hear(heartbeat(change), LIMITS);
  const collision = (change: Partial<Heartbeat>) => {
    const company = hear(change);
    return company === 'full' ? company : company.collision;
  };
  const names = () => stations.list(LIMITS).map(({ beat }) => beat.station);
  return { time, stations, hear, collision, names };
}
const nameOf = (n: number) => `taipei-line${n % 7}-${n}`;

test('health 10: no more than its number of stations; one that speaks is never dropped for a new one', () => {
  const { time, hear, names } = memory();
  for (let n = 0; n < MOST; n += 1) expect(hear({ station: nameOf(n) })).toMatchObject({ collision: null });
  expect(hear({ station: 'osaka-line1-1' })).toBe('full');
  // One of them falls silent; the others go on.
  time.ms += LIMITS.silentMs + 1;
  for (let n = 1; n < MOST; n += 1) hear({ station: nameOf(n) });
  expect(hear({ station: 'osaka-line1-1' })).toMatchObject({ collision: null });
  expect(hear({ station: 'osaka-line1-2' })).toBe('full');
  const all = names();
  expect(all.length).toBe(MOST);
  expect(all).toContain('osaka-line1-1');
  expect(all).not.toContain(nameOf(0));
});

test('health 10: a station that was taken away is forgotten after a week, and not before', () => {
  const { time, hear, names } = memory();
  hear();
  time.ms = 7 * DAY_MS;
  expect(names()).toEqual(['taipei-line1-042']);
  time.ms += 1;
  expect(names()).toEqual([]);
});

test('health 10: one that plays with one name takes no more than a few places', () => {
  const { hear, stations } = memory();
  for (let n = 0; n < 1000; n += 1) hear({ session: `session-${n}`, installation: `installation-${n}` });
  hear({ session: 'session-999', installation: 'installation-999' });
  expect(stations.list(LIMITS).length).toBe(1);
});

const A = { session: 'session-a', installation: 'installation-a' };
const B = { session: 'session-b', installation: 'installation-b', since: '2026-11-20T07:00:00.000Z' };

test('health 6, 7: two are one again when the other was not heard for three intervals', () => {
  const { time, hear, collision } = memory();
  const at = (ms: number) => (time.ms = ms);
  for (const [ms, who] of [
    [0, A],
    [30_000, B],
  ] as const)
    expect([at(ms), hear(who)]).toEqual([ms, { collision: null, isAlone: false }]);
  at(60_000);
  expect(collision(A)).toMatchObject({ role: 'first' });
  for (let ms = 90_000; ms <= 60_000 + LIMITS.silentMs; ms += 30_000)
    expect([at(ms), collision(B)]).toEqual([ms, expect.objectContaining({ role: 'later' })]);
  at(60_001 + LIMITS.silentMs);
  expect(hear(B)).toEqual({ collision: null, isAlone: true });
  // It was away: it comes anew, and they are two again with its second word.
  at(300_000);
  expect(hear(A)).toEqual({ collision: null, isAlone: false });
  at(301_000);
  expect(collision(B)).toMatchObject({ role: 'later' });
});

test('health 7: a page that is loaded anew is told again with its first word; after a longer absence it is not told that it is alone', () => {
  const { time, hear, collision } = memory();
  for (const who of [A, B, A]) {
    time.ms += 30_000;
    hear(who);
  }
  time.ms += 30_000;
  const anew = {
    ...B,
    session: 'session-b2',
    started_at: '2026-11-20T08:01:30.000Z',
    sent_at: '2026-11-20T08:02:00.000Z',
  };
  expect(collision(anew)).toMatchObject({ role: 'later', other: { installation: 'installation-a' } });
  for (let n = 0; n < 10; n += 1) {
    time.ms += 60_000;
    hear(A);
  }
  expect(hear({ ...anew, session: 'session-b3' })).toEqual({ collision: null, isAlone: false });
});

test('health 8: the one that takes over hears of the highest number, and when all others have stopped', () => {
  const { time, hear, collision } = memory();
  const C = { ...B, session: 'session-c', installation: 'installation-c', last_seq: 900 };
  for (const who of [A, B, C, A, B, C]) {
    time.ms += 1000;
    hear(who);
  }
  const taking = { ...B, term: 1 };
  expect(collision(taking)).toMatchObject({ role: 'first', other: { stopped: false, last_seq: 900 } });
  hear({ ...A, stopped: true });
  expect(collision(taking)).toMatchObject({ other: { stopped: false } });
  hear({ ...C, stopped: true });
  expect(collision(taking)).toMatchObject({ role: 'first', other: { stopped: true, last_seq: 900 } });
});

test('health 9: stations are listed by number, 2 before 10', () => {
  const { hear, names } = memory();
  for (const n of [10, 2, 1]) hear({ station: `taipei-line1-${n}` });
  hear({ station: 'berlin-line1-5' });
  expect(names()).toEqual(['berlin-line1-5', 'taipei-line1-1', 'taipei-line1-2', 'taipei-line1-10']);
});

test('health 11: each line is one that Prometheus reads, whatever is said', () => {
  const text = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(text, text, text, (app_version, browser, folder) => {
      const { hear, stations } = memory();
      hear({ app_version, browser, procedure: { folder, version: '1', release: browser } });
      for (const line of healthText(stations.list(LIMITS), LIMITS)
        .split('\n')
        .filter((one) => one !== '' && !one.startsWith('#')))
        expect(line).toMatch(/^fieldbench_[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? -?[0-9.e+-]+$/);
    }),
  );
});

test('health 11: every metric has its help and type, and no label that is not listed', () => {
  const { hear, stations } = memory();
  hear({ battery: { level: 0.5, discharging: true } });
  const text = healthText(stations.list(LIMITS), LIMITS);
  const labels = new Set<string>();
  for (const name of HEALTH_METRICS) {
    expect(text).toMatch(new RegExp(`^# HELP ${name} .+\\.$`, 'm'));
    expect(text).toMatch(new RegExp(`^# TYPE ${name} (gauge|counter)$`, 'm'));
    expect(text, name).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  }
  for (const [, label] of text.matchAll(/[{,]([a-z_]+)="/g)) labels.add(label!);
  expect([...labels].toSorted()).toEqual([
    'app_version',
    'browser',
    'configuration',
    'installation',
    'line',
    'outcome',
    'procedure',
    'release',
    'site',
    'state',
    'station',
    'system',
  ]);
});
