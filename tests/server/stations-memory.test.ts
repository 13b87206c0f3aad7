/** The server's memory of stations: bounded, whoever posts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import { thresholdsOf } from '#fleet/health/thresholds.ts';
import { HEALTH_METRICS, healthText } from '#server/stations/station-metrics.ts';
import { MOST_STATIONS, Stations } from '#server/stations/stations.ts';
import { heartbeat } from '../fleet/health/a-heartbeat.ts';

const LIMITS = thresholdsOf();
const DAY_MS = 86_400_000;

function memory() {
  const time = { ms: 0 };
  const stations = new Stations({ nowMs: () => Date.UTC(2026, 10, 20, 8) + time.ms, monotonicMs: () => time.ms });
  const hear = (change: Partial<Heartbeat> = {}) => stations.hear(heartbeat(change), LIMITS);
  const names = () => stations.list(LIMITS).map(({ beat }) => beat.station);
  return { time, stations, hear, names };
}
const nameOf = (n: number) => `taipei-line${n % 7}-${n}`;

test('health 10: no more than its number of stations; one that speaks is never dropped for a new one', () => {
  const { time, hear, names } = memory();
  for (let n = 0; n < MOST_STATIONS; n += 1) expect(hear({ station: nameOf(n) })).toBeNull();
  expect(hear({ station: 'osaka-line1-1' })).toBe('full');
  // One of them falls silent; the others go on.
  time.ms += LIMITS.silentMs + 1;
  for (let n = 1; n < MOST_STATIONS; n += 1) hear({ station: nameOf(n) });
  expect(hear({ station: 'osaka-line1-1' })).toBeNull();
  expect(hear({ station: 'osaka-line1-2' })).toBe('full');
  const all = names();
  expect(all.length).toBe(MOST_STATIONS);
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
