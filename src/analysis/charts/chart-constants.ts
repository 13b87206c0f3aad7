/**
 * What turns ranges and standard deviations of small groups into an estimate of sigma, and into control limits.
 *
 * d2 and d3 are the mean and the standard deviation of the range of n normal values with sigma 1; c4 is the mean of their
 * standard deviation. All other constants follow from these three and are rounded as the tables print them, because every
 * published example and every other program works with the printed ones.
 *
 * @see Harter 1960, Annals of Mathematical Statistics 31(4) (d2, d3); ISO 7870-2:2013, table 2; Montgomery, Introduction to
 *   Statistical Quality Control, appendix VI; NIST/SEMATECH e-Handbook, 6.3.2 (c4)
 */
import { lnGamma } from '#analysis/statistics/gamma.ts';

/** By group size, from 2. */
const D2: readonly number[] = [
  1.128379, 1.692569, 2.058751, 2.325929, 2.534413, 2.704357, 2.847201, 2.970026, 3.077505, 3.172873, 3.258455, 3.33598,
  3.406763, 3.471827, 3.531983, 3.587884, 3.640064, 3.688963, 3.73495, 3.778336, 3.819385, 3.858323, 3.895348, 3.930629,
];
const D3: readonly number[] = [
  0.852502, 0.888368, 0.879808, 0.864082, 0.84804, 0.833205, 0.819831, 0.807834, 0.797051, 0.787315, 0.778478, 0.770416,
  0.763023, 0.756211, 0.749908, 0.744052, 0.738591, 0.733481, 0.728686, 0.724173, 0.719915, 0.715887, 0.712068,
  0.708441,
];

export const SMALLEST_GROUP = 2;
export const LARGEST_GROUP = SMALLEST_GROUP + D2.length - 1;

export interface ChartConstants {
  readonly d2: number;
  readonly c4: number;
  /** Limits of means: grand mean ± A2 R̄, and ± A3 s̄. */
  readonly a2: number;
  readonly a3: number;
  /** Limits of ranges: D3 R̄ and D4 R̄. */
  readonly d3: number;
  readonly d4: number;
  /** Limits of standard deviations: B3 s̄ and B4 s̄. */
  readonly b3: number;
  readonly b4: number;
}

/** Mean range of n normal values with sigma 1, with all its digits. @returns NaN outside of the table */
export function meanRange(n: number): number {
  return D2[n - SMALLEST_GROUP] ?? NaN;
}

/** Standard deviation of that range. */
export function rangeDeviation(n: number): number {
  return D3[n - SMALLEST_GROUP] ?? NaN;
}

/** √(2/(n - 1)) Γ(n/2) / Γ((n - 1)/2). */
export function meanDeviation(n: number): number {
  return Math.sqrt(2 / (n - 1)) * Math.exp(lnGamma(n / 2) - lnGamma((n - 1) / 2));
}

/** @param n size of a group, 2 to 25 */
export function chartConstants(n: number): ChartConstants {
  const [d2, d3, c4] = [meanRange(n), rangeDeviation(n), meanDeviation(n)];
  const spread = Math.sqrt(1 - c4 * c4) / c4;
  return {
    d2: printed(d2, 3),
    c4: printed(c4, 4),
    a2: printed(3 / (d2 * Math.sqrt(n)), 3),
    a3: printed(3 / (c4 * Math.sqrt(n)), 3),
    d3: printed(Math.max(0, 1 - (3 * d3) / d2), 3),
    d4: printed(1 + (3 * d3) / d2, 3),
    b3: printed(Math.max(0, 1 - 3 * spread), 3),
    b4: printed(1 + 3 * spread, 3),
  };
}

function printed(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
