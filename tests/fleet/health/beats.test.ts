/** When heartbeats come, and when they rest. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstDelayMs, nextDelayMs, silenceMs } from '#fleet/health/beats.ts';

const MINUTE = 60_000;
const chance = fc.double({ min: 0, max: 1, noNaN: true });

test('2: a thousand that start at once are spread over a quarter of a minute', () => {
  const delays = Array.from({ length: 1000 }, (_, n) => firstDelayMs(MINUTE, n / 1000));
  const fullest = Math.max(
    ...Array.from({ length: 15 }, (_, s) => delays.filter((ms) => Math.floor(ms / 1000) === s).length),
  );
  expect(Math.max(...delays)).toBeLessThan(15_000);
  expect(fullest).toBeLessThanOrEqual(67);
});

test('2: the first comes within one interval, the others within 5 % of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 3_600_000 }), chance, (intervalMs, luck) => {
      expect(firstDelayMs(intervalMs, luck)).toBeGreaterThanOrEqual(0);
      expect(firstDelayMs(intervalMs, luck)).toBeLessThanOrEqual(Math.min(intervalMs, 15_000));
      expect(Math.abs(nextDelayMs(intervalMs, luck) - intervalMs)).toBeLessThanOrEqual(intervalMs * 0.05 + 1e-6);
    }),
  );
});

const NOW = Date.UTC(2026, 10, 20, 8);
test.each<[number, string | null, number]>([
  [200, null, 0],
  [204, null, 0],
  [400, null, 0],
  [500, null, 0],
  [429, null, MINUTE],
  [429, '5', MINUTE],
  [429, '300', 300_000],
  [503, '300', 300_000],
  [429, new Date(NOW + 120_000).toUTCString(), 120_000],
  [429, new Date(NOW - 120_000).toUTCString(), MINUTE],
  [429, '999999999', 60 * MINUTE],
  [429, 'soon', MINUTE],
  [429, '-5', MINUTE],
  [404, null, 10 * MINUTE],
  [405, null, 10 * MINUTE],
])('2: after %i, Retry-After %s, nothing is sent for %i ms', (status, retryAfter, ms) => {
  expect(silenceMs({ status, retryAfter }, MINUTE, NOW)).toBe(ms);
});

test('2: whatever a server says, a station speaks again within an hour', () => {
  fc.assert(
    fc.property(fc.integer(), fc.option(fc.string()), (status, retryAfter) => {
      const ms = silenceMs({ status, retryAfter }, MINUTE, NOW);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(60 * MINUTE);
    }),
  );
});
