/**
 * Against NIST's Statistical Reference Datasets, univariate: certified to 15 digits, public domain.
 *
 * https://www.itl.nist.gov/div898/strd/univ/homepage.html
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summaryOf } from '#analysis/statistics/summary.ts';
import { LEW, MAVRO } from './nist-univariate.ts';

/** Log relative error: how many digits agree; NIST's own measure. */
function digits(found: number, certified: number): number {
  return found === certified ? 15 : -Math.log10(Math.abs(found - certified) / Math.abs(certified));
}

/** The sets that were made to break one-pass formulas: a large value and a spread of 0.1 or 1 beside it. */
function numAcc(base: number): number[] {
  return [base + 0.2, ...Array.from({ length: 500 }, () => [base + 0.1, base + 0.3]).flat()];
}

describe('rule 5: NIST StRD, univariate', () => {
  test.each([
    ['Lew', LEW, -177.435, 277.332168044316, 14],
    ['Mavro', MAVRO, 2.001856, 0.000429123454003053, 12],
    ['NumAcc1', [10000001, 10000003, 10000002], 10000002, 1, 15],
    ['NumAcc2', numAcc(1), 1.2, 0.1, 14],
    // No double is 1000000.1: what is read already has lost these digits.
    ['NumAcc3', numAcc(1_000_000), 1000000.2, 0.1, 9],
    ['NumAcc4', numAcc(10_000_000), 10000000.2, 0.1, 8],
  ])('%s', (_, values, mean, deviation, leastDigits) => {
    const found = summaryOf(values);
    expect(digits(found.mean, mean)).toBeGreaterThanOrEqual(14);
    expect(digits(found.deviation, deviation)).toBeGreaterThanOrEqual(leastDigits);
  });
});

describe('rule 12: what cannot be told', () => {
  test('no value has no mean, one has no spread', () => {
    expect(summaryOf([])).toEqual({ n: 0, mean: NaN, deviation: NaN, low: NaN, high: NaN });
    expect(summaryOf([3])).toEqual({ n: 1, mean: 3, deviation: NaN, low: 3, high: 3 });
  });
});

/** Nothing that is measured is smaller; below it doubles have no digits left to scale. */
const SMALLEST = 1e-200;
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => (Math.abs(x) < SMALLEST ? 0 : x));
const values = fc.array(value, { minLength: 2, maxLength: 60 });

describe('rule 5: the algebra of it', () => {
  test('an offset moves the mean and leaves the spread; a factor scales both', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -1000, max: 1000 }), (list, offset) => {
        const [one, moved, scaled] = [list, list.map((x) => x + offset), list.map((x) => x * 4)].map(summaryOf);
        expect(moved!.mean).toBeCloseTo(one!.mean + offset, 6);
        expect(Math.abs(moved!.deviation - one!.deviation)).toBeLessThan(1e-6);
        expect(scaled!.mean).toBe(one!.mean * 4);
        expect(scaled!.deviation).toBeCloseTo(one!.deviation * 4, 6);
      }),
    );
  });

  test('the mean lies between the extremes, and the order does not matter', () => {
    fc.assert(
      fc.property(values, (list) => {
        const { mean, low, high, deviation } = summaryOf(list);
        const slack = 1e-12 * (Math.abs(low) + Math.abs(high));
        expect(mean).toBeGreaterThanOrEqual(low - slack);
        expect(mean).toBeLessThanOrEqual(high + slack);
        const turned = summaryOf(list.toReversed());
        expect(Math.abs(turned.deviation - deviation)).toBeLessThanOrEqual(1e-12 * (deviation + high - low));
      }),
    );
  });
});
