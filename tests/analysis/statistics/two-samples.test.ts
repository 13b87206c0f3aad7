/** Two samples against each other: published examples, and what must hold of any numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fisherGreater } from '#analysis/statistics/fisher-exact.ts';
import { medianStep, rankSumGreater } from '#analysis/statistics/rank-sum.ts';

describe('Fisher’s exact test', () => {
  test('the lady tasting tea: four cups of four right is 1 in 70, three of four 17 in 70', () => {
    expect(fisherGreater({ hits: 0, all: 4 }, { hits: 4, all: 4 })).toBeCloseTo(1 / 70, 12);
    expect(fisherGreater({ hits: 1, all: 4 }, { hits: 3, all: 4 })).toBeCloseTo(17 / 70, 12);
  });

  test('convictions of twins (Fisher 1935; R, fisher.test): 2 of 17 dizygotic, 10 of 13 monozygotic, p = 0.0004652', () => {
    expect(fisherGreater({ hits: 2, all: 17 }, { hits: 10, all: 13 })).toBeCloseTo(0.0004652, 7);
  });

  test('it is a probability, one more hit makes it less, and nothing to compare is 1', () => {
    const share = fc.tuple(fc.nat(60), fc.nat(60)).map(([hits, others]) => ({ hits, all: hits + others }));
    fc.assert(
      fc.property(share, share, (before, after) => {
        const p = fisherGreater(before, after);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        if (after.hits < after.all)
          expect(fisherGreater(before, { ...after, hits: after.hits + 1 })).toBeLessThanOrEqual(p + 1e-9);
      }),
    );
    expect(fisherGreater({ hits: 0, all: 0 }, { hits: 3, all: 3 })).toBeCloseTo(1, 9);
    expect(fisherGreater({ hits: 1, all: 9 }, { hits: 0, all: 0 })).toBeCloseTo(1, 9);
  });
});

describe('the rank-sum test', () => {
  test('permeability of the placenta (Hollander & Wolfe 1973, example 4.1): p = 0.1103 for large samples', () => {
    const counted = (values: readonly number[]) =>
      values.toSorted((a, b) => a - b).map((value) => [Math.round(value * 100), 1] as const);
    const term = counted([0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]);
    const early = counted([1.15, 0.88, 0.9, 0.74, 1.21]);
    expect(rankSumGreater(early, term)).toBeCloseTo(0.1103, 4);
  });

  test('swapped it is the other half, and all in one step is no difference', () => {
    const sample = fc
      .uniqueArray(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 9 })), { selector: ([step]) => step, minLength: 1 })
      .map((steps) => steps.toSorted(([a], [b]) => a - b));
    fc.assert(
      fc.property(sample, sample, (before, after) => {
        const steps = new Set([...before, ...after].map(([step]) => step));
        const both = rankSumGreater(before, after) + rankSumGreater(after, before);
        expect(both).toBeCloseTo(steps.size === 1 ? 2 : 1, 9);
      }),
    );
    expect(rankSumGreater([], [[3, 9]])).toBe(1);
  });

  test('the middle one, of an even number the lower', () => {
    expect(medianStep([])).toBeNull();
    expect(medianStep([[2, 1], [5, 3], [9, 1]])).toBe(5); // prettier-ignore
    expect(medianStep([[2, 2], [5, 2]])).toBe(2); // prettier-ignore
  });
});
