import { describe, expect, test } from 'vitest';
import { paceOf, phasePaces } from '#analysis/runs/pace.ts';
import { calibrationStretches, daysToLimit, driftOf, readingsOf } from '#analysis/runs/readings.ts';
import { detail, facts } from '../a-run.ts';

const DAY_MS = 86_400_000;
const reading = (seq: number, unit: string, value: number, calibration = '') =>
  facts(seq, unit, 'PASS', {
    startedMs: seq * DAY_MS,
    detail: detail({ series: Int32Array.of(0), values: Float64Array.of(value), calibration }),
  });

describe('rule 4: readings of one series', () => {
  test('of a unit the first value, unless retests are asked for', () => {
    const runs = [reading(1, 'A', 1), facts(2, 'B', 'PASS'), reading(3, 'A', 2), reading(4, 'B', 3)];
    expect([...readingsOf(runs, 0).values]).toEqual([1, 3]);
    expect([...readingsOf(runs, 0, true).values]).toEqual([1, 2, 3]);
    expect(readingsOf(runs, 0).runs.map(({ seq }) => seq)).toEqual([1, 4]);
    expect(readingsOf(runs, 5).values).toHaveLength(0);
  });
});

describe('rule 10: drift', () => {
  const readings = readingsOf(
    [
      reading(1, 'A', 5, 'dmm due May'),
      reading(2, 'B', 5.1, 'dmm due May'),
      reading(3, 'C', 5.2, 'dmm due May'),
      reading(4, 'D', 3, 'dmm due June'),
    ],
    0,
  );

  test('a new calibration begins a new stretch', () => {
    expect(calibrationStretches(readings)).toEqual([
      { calibration: 'dmm due May', from: 0, to: 3 },
      { calibration: 'dmm due June', from: 3, to: 4 },
    ]);
  });

  test('slope a day, within a stretch', () => {
    expect(driftOf(readings, { from: 0, to: 3 })!.slope).toBeCloseTo(0.1, 12);
    expect(driftOf(readings, { from: 3, to: 4 })).toBeNull();
  });

  test('when the line meets a limit, and when it never does', () => {
    expect(daysToLimit({ slope: 0.1, intercept: 5 }, 2, { low: null, high: 6 })).toBeCloseTo(8, 12);
    expect(daysToLimit({ slope: -0.1, intercept: 5 }, 2, { low: null, high: 6 })).toBeNull();
    expect(daysToLimit({ slope: -0.1, intercept: 5 }, 2, { low: 4, high: null })).toBeCloseTo(8, 12);
    expect(daysToLimit({ slope: 0.1, intercept: 9 }, 2, { low: null, high: 6 })).toBeNull();
    expect(daysToLimit({ slope: 0, intercept: 5 }, 2, { low: 4, high: 6 })).toBeNull();
  });
});

describe('pace', () => {
  test('runs in an hour in which at least one began; time of those that passed', () => {
    const run = (seq: number, hour: number, durationMs: number, outcome: 'PASS' | 'FAIL' = 'PASS') =>
      facts(seq, `U${seq}`, outcome, { startedMs: hour * 3_600_000, durationMs });
    const found = paceOf([run(1, 1, 4000), run(2, 1.5, 6000), run(3, 9, 100, 'FAIL')]);
    expect(found).toEqual({ hours: 2, runsPerHour: 1.5, medianMs: 5000 });
  });

  test('the phase that takes longest first, with its share', () => {
    const run = (seq: number, ...ms: number[]) =>
      facts(seq, `U${seq}`, 'PASS', {
        detail: detail({ phases: Int32Array.from(ms, (_, at) => at), phaseMs: Float64Array.from(ms) }),
      });
    const [slowest, other] = phasePaces([run(1, 100, 900), run(2, 100, 1100)]);
    expect(slowest).toMatchObject({ phase: 1, runs: 2, medianMs: 1000, share: 1000 / 1100 });
    expect(slowest!.slowMs).toBeCloseTo(1090, 9);
    expect(other).toMatchObject({ phase: 0, medianMs: 100 });
  });
});
