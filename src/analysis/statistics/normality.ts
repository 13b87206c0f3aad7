/**
 * Whether values look as if they came from a normal distribution: the Anderson–Darling test.
 *
 * It says when they do not; it never proves that they do. With many values it finds deviations that matter to nobody, and
 * with a coarse resolution it finds the steps; both are for the words to say.
 *
 * @see Stephens 1974, JASA 69(347); D'Agostino and Stephens 1986, Goodness-of-Fit Techniques, tables 4.7 and 4.9
 */
import { lnNormalBelow } from './distributions.ts';
import { sumOf, summaryOf } from './summary.ts';

export interface Normality {
  /** A² of the values against the normal distribution with their own mean and deviation. */
  readonly statistic: number;
  /** A² (1 + 0.75/n + 2.25/n²): what the critical values are for. */
  readonly adjusted: number;
  /** Probability of a value as large or larger for normal values. */
  readonly p: number;
  readonly isRejected: boolean;
}

/** The approximations of table 4.9 are for this many and more. */
export const LEAST_FOR_NORMALITY = 8;
/** Upper 5 % point of the adjusted statistic with mean and deviation taken from the sample: table 4.7, case 3. */
export const CRITICAL_5_PERCENT = 0.752;

/** @returns null for too few values, or where all are the same */
export function normalityOf(values: ArrayLike<number>): Normality | null {
  const { n, mean, deviation } = summaryOf(values);
  if (n < LEAST_FOR_NORMALITY || !(deviation > 0)) return null;
  const sorted = Float64Array.from(values).sort();
  const z = (at: number) => (sorted[at]! - mean) / deviation;
  const sum = sumOf(n, (at) => (2 * at + 1) * (lnNormalBelow(z(at)) + lnNormalBelow(-z(n - 1 - at))));
  const statistic = -n - sum / n;
  const adjusted = statistic * (1 + 0.75 / n + 2.25 / n ** 2);
  return { statistic, adjusted, p: normalityProbability(adjusted), isRejected: adjusted > CRITICAL_5_PERCENT };
}

/** Of an adjusted statistic as large or larger: table 4.9. */
export function normalityProbability(a: number): number {
  // The parabola turns up again beyond its range.
  if (a >= 13) return 0;
  if (a >= 0.6) return Math.exp(1.2937 - 5.709 * a + 0.0186 * a * a);
  if (a >= 0.34) return Math.exp(0.9177 - 4.279 * a - 1.38 * a * a);
  if (a >= 0.2) return 1 - Math.exp(-8.318 + 42.796 * a - 59.938 * a * a);
  return 1 - Math.exp(-13.436 + 101.14 * a - 223.73 * a * a);
}
