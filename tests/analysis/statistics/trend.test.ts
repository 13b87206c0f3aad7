/** Against NIST's Statistical Reference Datasets, linear regression: Norris. Public domain. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trendOf } from '#analysis/statistics/trend.ts';

/** https://www.itl.nist.gov/div898/strd/lls/data/LINKS/DATA/Norris.dat */
const X = [
  0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777, 558.2, 0.4, 0.6, 775.5, 666.9, 338, 447.5, 11.6, 556,
  228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999, 779, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5,
];
const Y = [
  0.1, 338.8, 118.1, 888, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8,
  557.7, 228.3, 998, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2,
];

describe('rule 10: a trend', () => {
  test('NIST StRD, Norris: slope, intercept, their errors, residual and R² as certified', () => {
    const found = trendOf(X, Y)!;
    const certified = [
      [found.slope, 1.00211681802045],
      [found.intercept, -0.262323073774029],
      [found.slopeError, 0.429796848199937e-3],
      [found.interceptError, 0.232818234301152],
      [found.residual, 0.884796396144373],
      [found.rSquared, 0.999993745883712],
    ] as const;
    for (const [value, expected] of certified) expect(Math.abs(value / expected - 1)).toBeLessThan(1e-12);
  });

  test('too few points, or all at one x, have none', () => {
    expect(trendOf([1, 2], [1, 2])).toBeNull();
    expect(trendOf([1, 1, 1], [1, 2, 3])).toBeNull();
  });

  test('points on a line have no doubt', () => {
    expect(trendOf([0, 1, 2, 3], [5, 7, 9, 11])).toMatchObject({ slope: 2, intercept: 5, slopeHalfWidth: 0, p: 0 });
    expect(trendOf([0, 1, 2], [4, 4, 4])).toMatchObject({ slope: 0, p: 1, rSquared: 1 });
  });

  test('the interval holds zero exactly when chance explains the slope in 5 of 100', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 40 }), (noise) => {
        const found = trendOf(
          noise.map((_, at) => at),
          noise.map((one, at) => one + at * 0.02),
        )!;
        fc.pre(found.slopeError > 1e-9 && Math.abs(found.p - 0.05) > 1e-9);
        expect(Math.abs(found.slope) <= found.slopeHalfWidth).toBe(found.p >= 0.05);
      }),
    );
  });
});
