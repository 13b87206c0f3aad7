/** Gauge studies by averages and ranges, against the completed form of the AIAG manual. */
import { describe, expect, test } from 'vitest';
import { averageRange, k1, oneGroup, rangeFigures, resultOf } from '#analysis/gauge/average-range.ts';
import { gaugeVerdict, ofStudy, ofTolerance } from '#analysis/gauge/gauge-result.ts';
import { AIAG_STUDY } from './aiag-study.ts';

const SIZE = { operators: 3, parts: 10, trials: 3 };

describe('rule 11: averages and ranges', () => {
  test('AIAG MSA, figure III-B 15: R̄ and Rp from the readings', () => {
    const found = rangeFigures(AIAG_STUDY);
    expect(found.meanRange.toFixed(4)).toBe('0.3417');
    expect(found.partRange.toFixed(3)).toBe('3.511');
    // The sheet prints 0.4446: the difference of means that it had rounded before.
    expect(found.operatorDifference.toFixed(4)).toBe('0.4447');
  });

  test('AIAG MSA, figure III-B 16: the form, from the figures that it carries over', () => {
    const found = resultOf({ meanRange: 0.3417, operatorDifference: 0.4446, partRange: 3.511 }, SIZE)!;
    expect(found.ev.toFixed(5)).toBe('0.20188');
    expect(found.av!.toFixed(5)).toBe('0.22963');
    expect(found.grr.toFixed(5)).toBe('0.30575');
    expect(found.pv.toFixed(5)).toBe('1.10456');
    expect(found.tv.toFixed(5)).toBe('1.14610');
    const percent = (deviation: number) => (100 * ofStudy(deviation, found)!).toFixed(2);
    // The form prints 17.62 for the first; its own 0.20188 / 1.14610 is 17.614 %.
    expect([found.ev, found.av!, found.grr, found.pv].map(percent)).toEqual(['17.61', '20.04', '26.68', '96.38']);
    expect(found.ndc).toBe(5);
  });

  test('from the readings themselves it differs by what the form has rounded away, and by no more', () => {
    const found = averageRange(AIAG_STUDY)!;
    expect(found.ev).toBeCloseTo(0.20188, 4);
    expect(found.av!).toBeCloseTo(0.22963, 4);
    expect(found.grr).toBeCloseTo(0.30575, 4);
    expect(found.ndc).toBe(5);
    expect(gaugeVerdict(ofStudy(found.grr, found)!)).toBe('limited');
  });

  test('AIAG MSA: K1 of 2 and 3 trials, K2 of 2 and 3 appraisers, K3 of 2 to 10 parts', () => {
    expect([2, 3].map(k1)).toEqual([0.8862, 0.5908]);
    expect([2, 3, 4, 5, 6, 7, 8, 9, 10].map(oneGroup)).toEqual([
      0.7071, 0.5231, 0.4467, 0.403, 0.3742, 0.3534, 0.3375, 0.3249, 0.3146,
    ]);
  });

  test('of a tolerance of 4.42, as the form states: six sigmas of GRR are 41.5 % of it (worked out by hand)', () => {
    expect((100 * ofTolerance(0.30575, 4.42)!).toFixed(1)).toBe('41.5');
    expect(ofTolerance(0.30575, null)).toBeNull();
    expect(ofTolerance(0.30575, 0)).toBeNull();
  });

  test('one operator: no reproducibility, and it does not count', () => {
    const found = averageRange({ readings: AIAG_STUDY.readings.slice(0, 1) })!;
    expect(found.av).toBeNull();
    expect(found.grr).toBe(found.ev);
  });

  test('a variance below zero is zero', () => {
    expect(resultOf({ meanRange: 1, operatorDifference: 0.001, partRange: 5 }, SIZE)!.av).toBe(0);
  });

  test('rule 12: a table with a hole, too few parts, or more than the constants reach', () => {
    const holed = AIAG_STUDY.readings.map((row, at) => (at === 0 ? row.slice(1) : row));
    expect(averageRange({ readings: holed })).toBeNull();
    expect(averageRange({ readings: [[[1, 2]]] })).toBeNull();
    expect(
      averageRange({
        readings: [
          [
            [1, NaN],
            [1, 2],
          ],
        ],
      }),
    ).toBeNull();
    expect(averageRange({ readings: [Array.from({ length: 40 }, (_, part) => [part, part + 1])] })).toBeNull();
  });

  test('a gauge that always says the same of a part has no GRR, and no count of categories', () => {
    const found = averageRange({
      readings: [
        [
          [1, 1],
          [2, 2],
        ],
        [
          [1, 1],
          [2, 2],
        ],
      ],
    })!;
    expect(found).toMatchObject({ ev: 0, av: 0, grr: 0, ndc: null });
  });
});
