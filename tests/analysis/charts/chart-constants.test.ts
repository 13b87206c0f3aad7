/**
 * The constants of control charts: against the printed tables, and against plain integration.
 *
 * Tables: ISO 7870-2:2013, table 2, as Montgomery, Introduction to Statistical Quality Control, appendix VI prints it.
 */
import { describe, expect, test } from 'vitest';
import {
  chartConstants,
  LARGEST_GROUP,
  meanDeviation,
  meanRange,
  rangeDeviation,
  SMALLEST_GROUP,
} from '#analysis/charts/chart-constants.ts';
import { normalBelow } from '#analysis/statistics/distributions.ts';
import { integral } from '../statistics/integral.ts';

/** n, A2, A3, c4, B3, B4, d2, D3, D4. */
const PRINTED = [
  [2, 1.88, 2.659, 0.7979, 0, 3.267, 1.128, 0, 3.267],
  [3, 1.023, 1.954, 0.8862, 0, 2.568, 1.693, 0, 2.575],
  [4, 0.729, 1.628, 0.9213, 0, 2.266, 2.059, 0, 2.282],
  [5, 0.577, 1.427, 0.94, 0, 2.089, 2.326, 0, 2.114],
  [6, 0.483, 1.287, 0.9515, 0.03, 1.97, 2.534, 0, 2.004],
  [7, 0.419, 1.182, 0.9594, 0.118, 1.882, 2.704, 0.076, 1.924],
  [8, 0.373, 1.099, 0.965, 0.185, 1.815, 2.847, 0.136, 1.864],
  [9, 0.337, 1.032, 0.9693, 0.239, 1.761, 2.97, 0.184, 1.816],
  [10, 0.308, 0.975, 0.9727, 0.284, 1.716, 3.078, 0.223, 1.777],
  [25, 0.153, 0.606, 0.9896, 0.565, 1.435, 3.931, 0.459, 1.541],
] as const;

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const SIZES = [SMALLEST_GROUP, 3, 4, 5, 8, 10, 17, LARGEST_GROUP];

describe('rule 7: constants', () => {
  test.each(PRINTED)('of %d are those of the printed table', (n, a2, a3, c4, b3, b4, d2, d3, d4) => {
    expect(chartConstants(n)).toEqual({ a2, a3, c4, b3, b4, d2, d3, d4 });
  });

  test('NIST/SEMATECH e-Handbook 6.3.2: c4 of 10 is 0.9727', () => {
    expect(meanDeviation(10).toFixed(4)).toBe('0.9727');
  });

  test.each(SIZES)('d2 and d3 of %d, integrated', (n) => {
    // E(W) = ∫ 1 - Φⁿ - (1 - Φ)ⁿ, and E(W²) = 2 ∬ over x < y of 1 - P(max ≤ y) - P(min > x) + P(both): Tippett 1925.
    const mean = integral((x) => 1 - normalBelow(x) ** n - normalBelow(-x) ** n, -9, 9, 90);
    const square = integral(
      (y) =>
        integral(
          (x) => 1 - normalBelow(y) ** n - normalBelow(-x) ** n + Math.max(0, normalBelow(y) - normalBelow(x)) ** n,
          -9,
          y,
          24,
        ),
      -9,
      9,
      36,
    );
    expect(Math.abs(meanRange(n) - mean)).toBeLessThan(1e-6);
    expect(Math.abs(rangeDeviation(n) - Math.sqrt(2 * square - mean * mean))).toBeLessThan(1e-5);
  });

  test('c4 of 2 is the mean of half a normal distribution', () => {
    const mean = integral((x) => 2 * x * density(x), 0, 12);
    expect(meanDeviation(2)).toBeCloseTo(mean, 12);
  });

  test('rule 12: outside of the table there is none', () => {
    expect([1, LARGEST_GROUP + 1].map(meanRange)).toEqual([NaN, NaN]);
  });
});
