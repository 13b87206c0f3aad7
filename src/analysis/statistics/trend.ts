/**
 * A straight line through points: slope, intercept, and how sure they are.
 *
 * Ordinary least squares about the mean of x, with compensated sums. The confidence interval takes readings as
 * independent of each other; where they are not, it is too narrow.
 *
 * @see NIST/SEMATECH e-Handbook, 4.1.4.1; certified by NIST StRD, Norris
 */
import { studentQuantile, studentTails } from './distributions.ts';
import { sumOf, summaryOf } from './summary.ts';

export interface Trend {
  readonly n: number;
  readonly slope: number;
  readonly intercept: number;
  readonly slopeError: number;
  readonly interceptError: number;
  /** Half the width of the slope's 95 % confidence interval. */
  readonly slopeHalfWidth: number;
  /** Probability of a slope as steep or steeper where there is none. */
  readonly p: number;
  /** What is left of the spread about the line, n - 2. */
  readonly residual: number;
  /** Part of the spread that the line explains. */
  readonly rSquared: number;
  readonly meanX: number;
}

const TAILS = 0.05;

/** @returns null for fewer than three points, or where all have the same x */
export function trendOf(x: ArrayLike<number>, y: ArrayLike<number>): Trend | null {
  const n = x.length;
  if (n < 3) return null;
  const [meanX, meanY] = [summaryOf(x).mean, summaryOf(y).mean];
  const sxx = sumOf(n, (at) => (x[at]! - meanX) ** 2);
  if (!(sxx > 0)) return null;
  const slope = sumOf(n, (at) => (x[at]! - meanX) * (y[at]! - meanY)) / sxx;
  const squares = sumOf(n, (at) => (y[at]! - meanY - slope * (x[at]! - meanX)) ** 2);
  const syy = sumOf(n, (at) => (y[at]! - meanY) ** 2);
  const residual = Math.sqrt(squares / (n - 2));
  const slopeError = residual / Math.sqrt(sxx);
  return {
    n,
    slope,
    intercept: meanY - slope * meanX,
    slopeError,
    interceptError: residual * Math.sqrt(1 / n + meanX ** 2 / sxx),
    slopeHalfWidth: studentQuantile(TAILS, n - 2) * slopeError,
    p: slopeError > 0 ? studentTails(slope / slopeError, n - 2) : slope === 0 ? 1 : 0,
    residual,
    rSquared: syy > 0 ? 1 - squares / syy : 1,
    meanX,
  };
}
