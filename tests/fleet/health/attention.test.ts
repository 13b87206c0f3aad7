/** What needs a person, and in which order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTENTION, attentionOf, queueAgeMs } from '#fleet/health/attention.ts';
import { FIXTURE_STATES, type Heartbeat } from '#fleet/health/heartbeat.ts';
import { thresholdsOf } from '#fleet/health/thresholds.ts';
import { heartbeat } from './a-heartbeat.ts';

const LIMITS = thresholdsOf();
const of = (change: Partial<Heartbeat>, silentForMs = 0, isColliding = false) =>
  attentionOf({ beat: heartbeat(change), silentForMs, isColliding }, LIMITS);
const queue = (oldest_at: string | null, parked = 0) => ({ waiting: 1, parked, oldest_at });

test('9: a healthy station needs nobody', () => {
  expect(of({})).toEqual([]);
});

test.each<[string, Partial<Heartbeat>, string[]]>([
  ['a run that waits half an hour and more', { queue: queue('2026-11-20T07:29:59.000Z') }, ['queue']],
  ['one that waits less does not', { queue: queue('2026-11-20T07:30:01.000Z') }, []],
  ['a run that was refused', { queue: queue(null, 1) }, ['parked']],
  ['a fixture that is lost', { fixtures: [{ plug: 'fixture', state: 'lost' }] }, ['fixture']],
  ['a fixture that reboots as it should does not', { fixtures: [{ plug: 'fixture', state: 'rebooting' }] }, []],
  ['a disk with less than 5 GB', { disk: { quota_bytes: 10e9, usage_bytes: 5.1e9 } }, ['disk']],
  ['a disk of which nothing is known does not', { disk: null }, []],
  ['a clock that is a minute off', { clock_offset_ms: -60_001 }, ['clock']],
  ['a clock that is nearly a minute off does not', { clock_offset_ms: 59_999 }, []],
])('9: %s', (_, change, codes) => {
  expect(of(change)).toEqual(codes);
});

test('9: silent after three heartbeats, and then only that is said', () => {
  const bad = { clock_offset_ms: 1e9, queue: queue('2026-11-19T00:00:00.000Z', 3) };
  expect(of(bad, 180_001)).toEqual(['silent']);
  expect(of(bad, 180_001, true)).toEqual(['collision', 'silent']);
  expect(of({}, 179_999)).toEqual([]);
});

test('9: the fleet’s own thresholds hold', () => {
  const limits = thresholdsOf({ heartbeat_s: 2, queue_age_s: 1, disk_free_gb: 100, clock_offset_s: 0 });
  const beat = heartbeat({ queue: queue('2026-11-20T07:59:58.000Z') });
  expect(attentionOf({ beat, silentForMs: 0, isColliding: false }, limits)).toEqual(['queue', 'disk', 'clock']);
  expect(attentionOf({ beat, silentForMs: 6_001, isColliding: false }, limits)).toEqual(['silent']);
});

test('9: the age of the queue goes by the station’s clock alone, and goes on', () => {
  const beat = heartbeat({ sent_at: '1999-01-01T00:10:00.000Z', queue: queue('1999-01-01T00:00:00.000Z') });
  expect(queueAgeMs(beat, 5_000)).toBe(605_000);
  expect(queueAgeMs(heartbeat(), 5_000)).toBe(0);
});

test('9: always in the order of urgency, each once', () => {
  const reading = fc.record({
    clock_offset_ms: fc.option(fc.integer({ min: -200_000, max: 200_000 })),
    queue: fc.record({
      waiting: fc.nat(5),
      parked: fc.nat(2),
      oldest_at: fc.option(fc.constantFrom('2026-11-20T07:00:00.000Z', '2026-11-20T07:59:00.000Z')),
    }),
    fixtures: fc.array(fc.record({ plug: fc.constant('a'), state: fc.constantFrom(...FIXTURE_STATES) })),
  });
  fc.assert(
    fc.property(reading, fc.nat(400_000), fc.boolean(), (change, silentForMs, isColliding) => {
      const codes = of(change, silentForMs, isColliding);
      expect(codes).toEqual(ATTENTION.filter((code) => codes.includes(code)));
      if (codes.includes('silent')) expect(codes.filter((code) => code !== 'collision')).toEqual(['silent']);
    }),
  );
});
