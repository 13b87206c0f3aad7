import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capabilityOf, indicesOf, intervalOf } from '#analysis/charts/capability.ts';
import { HEAT_FLOW } from '../statistics/heat-flow.ts';

const BOTH = { low: 8, high: 20 };
const range = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 60 });

describe('rule 9: capability', () => {
  // https://www.itl.nist.gov/div898/handbook/pmc/section1/pmc16.htm
  test('NIST/SEMATECH e-Handbook 6.1.6: mean 16, sigma 2, limits 8 and 20: every printed digit', () => {
    const { potential, actual, lower, upper } = indicesOf(16, 2, BOTH)!;
    expect(potential!.toFixed(1)).toBe('1.0');
    expect(actual.toFixed(4)).toBe('0.6667');
    expect(upper!.toFixed(4)).toBe('0.6667');
    expect(lower!.toFixed(4)).toBe('1.3333');
  });

  test('with one limit there is no potential, and the other side is not asked', () => {
    expect(indicesOf(16, 2, { low: null, high: 20 })).toEqual({
      potential: null,
      actual: 4 / 6,
      lower: null,
      upper: 4 / 6,
    });
    expect(indicesOf(16, 2, { low: 8, high: null })).toEqual({
      potential: null,
      actual: 8 / 6,
      lower: 8 / 6,
      upper: null,
    });
  });

  test('without a limit or without a spread there is none', () => {
    expect(indicesOf(16, 2, { low: null, high: null })).toBeNull();
    expect(indicesOf(16, 0, BOTH)).toBeNull();
    expect(capabilityOf([16, 16, 16], BOTH)).toMatchObject({ within: null, overall: null, interval: null });
    expect(capabilityOf([16], BOTH)).toBeNull();
  });

  test('all outside: the index is below zero, and the count says it', () => {
    const found = capabilityOf([30, 31, 29, 30, 32], BOTH)!;
    expect(found.outside).toBe(5);
    expect(found.overall!.actual).toBeLessThan(0);
  });

  test('the interval, worked out by hand: Ppk 1.33 of 100 lies between 1.13 and 1.53', () => {
    // 1.96 √(1/900 + 1.33² / 198) = 0.1965
    const [low, high] = intervalOf(1.33, 100);
    expect(low.toFixed(2)).toBe('1.13');
    expect(high.toFixed(2)).toBe('1.53');
  });

  test('NIST’s heat flow meter is stable and normal; a step in it is not stable', () => {
    const limits = { low: 9.15, high: 9.37 };
    const steady = capabilityOf(HEAT_FLOW, limits)!;
    expect(steady.normality!.isRejected).toBe(false);
    expect(steady.unstable).toEqual([]);
    const moved = HEAT_FLOW.map((value, at) => (at > 100 ? value + 0.05 : value));
    const found = capabilityOf(moved, limits)!;
    expect(found.unstable.map(({ rule }) => rule.number)).toContain(2);
    // The neighbours hardly see the step, the spread of all does: that is what the two sigmas are for.
    expect(found.overall!.actual).toBeLessThan(found.within!.actual);
  });

  test('actual never exceeds potential, and wider limits never make it worse', () => {
    fc.assert(
      fc.property(range, fc.double({ min: 0.1, max: 50, noNaN: true }), (values, wider) => {
        const narrow = capabilityOf(values, { low: -10, high: 10 })!.overall;
        const wide = capabilityOf(values, { low: -10 - wider, high: 10 + wider })!.overall;
        if (!narrow || !wide) return;
        expect(narrow.actual).toBeLessThanOrEqual(narrow.potential! + 1e-9);
        expect(wide.actual).toBeGreaterThanOrEqual(narrow.actual);
      }),
    );
  });
});
