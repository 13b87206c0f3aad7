/** Against the tables of the NIST/SEMATECH e-Handbook, 1.3.6.7, and against plain integration. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fisherAbove,
  lnNormalBelow,
  normalBelow,
  studentQuantile,
  studentTails,
} from '#analysis/statistics/distributions.ts';
import { lnGamma } from '#analysis/statistics/gamma.ts';
import { integral } from './integral.ts';

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

describe('rule 5: the normal distribution', () => {
  test.each([-6, -3.5, -2.01, -2, -1.99, -1, -0.1, 0, 0.1, 1, 1.96, 2, 3, 6])('below %d, as integrated', (z) => {
    expect(Math.abs(normalBelow(z) - (0.5 + integral(density, 0, z)))).toBeLessThan(2e-15);
  });

  test('far out it is still exact: the probability beyond 38 sigma is no double, its logarithm is', () => {
    // Between the two bounds of Gordon 1941: z / (z² + 1) and 1 / z, times the density.
    const lnDensity = -(40 ** 2) / 2 - Math.log(Math.sqrt(2 * Math.PI));
    expect(lnNormalBelow(-40)).toBeGreaterThan(lnDensity + Math.log(40 / 1601));
    expect(lnNormalBelow(-40)).toBeLessThan(lnDensity - Math.log(40));
  });

  test('what is not below is above', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (z) => {
        expect(normalBelow(z) + normalBelow(-z)).toBeCloseTo(1, 14);
        expect(Math.exp(lnNormalBelow(z))).toBeCloseTo(normalBelow(z), 14);
      }),
    );
  });
});

describe('rule 10: Student’s t', () => {
  // e-Handbook 1.3.6.7.2, column 0.975.
  test.each([
    [1, 12.706],
    [2, 4.303],
    [5, 2.571],
    [10, 2.228],
    [34, 2.032],
    [100, 1.984],
  ])('97.5 %% point with %d degrees is %d', (degrees, printed) => {
    expect(studentQuantile(0.05, degrees).toFixed(3)).toBe(printed.toFixed(3));
    expect(studentTails(studentQuantile(0.05, degrees), degrees)).toBeCloseTo(0.05, 12);
  });
});

describe('rule 11: Fisher’s F', () => {
  // e-Handbook 1.3.6.7.3, 5 % and 1 % points: https://www.itl.nist.gov/div898/handbook/eda/section3/eda3673.htm
  test.each([
    [4.965, 1, 10, 0.05],
    [3.15, 2, 60, 0.05],
    [2.04, 9, 60, 0.05],
    [4.977, 2, 60, 0.01],
  ])('beyond %d with %d and %d degrees lies about %d', (f, upper, lower, share) => {
    expect(fisherAbove(f, upper, lower)).toBeCloseTo(share, 3);
  });

  test('with one degree above it is t squared', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 20, noNaN: true }), fc.integer({ min: 1, max: 200 }), (t, degrees) => {
        expect(fisherAbove(t * t, 1, degrees)).toBeCloseTo(studentTails(t, degrees), 10);
      }),
    );
  });
});

test('rule 5: the gamma function is the factorial', () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n += 1) {
    expect(lnGamma(n)).toBeCloseTo(Math.log(factorial), 12);
    factorial *= n;
  }
  expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
});
