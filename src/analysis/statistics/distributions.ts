/**
 * The normal distribution, Student's t and Fisher's F, as far as this room needs them.
 *
 * @see NIST Digital Library of Mathematical Functions, 7.6.1 (series of erf), 7.9.1 (continued fraction of erfc), 8.17;
 *   NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7 (tables)
 */
import { incompleteBeta } from './gamma.ts';

const LN_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
/** Up to here the series is exact to a double; beyond it the fraction is, and cannot cancel. */
const SERIES_TO = 2;
const FRACTION_STEPS = 200;

/** Natural logarithm of the probability that a standard normal value is at most z; exact far out in the tail. */
export function lnNormalBelow(z: number): number {
  if (z > 0) return Math.log1p(-Math.exp(lnNormalBelow(-z)));
  return z > -SERIES_TO ? Math.log(0.5 + seriesBelow(z)) : lnTail(-z);
}

export function normalBelow(z: number): number {
  return z > 0 ? 1 - normalBelow(-z) : Math.exp(lnNormalBelow(z));
}

/** φ(z) (z + z³/3 + z⁵/15 + …): what lies between 0 and z. */
function seriesBelow(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
    if (term === 0) break;
  }
  return sum * Math.exp(-0.5 * z * z - LN_SQRT_2PI);
}

/** ln of φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))), from the inside out. */
function lnTail(z: number): number {
  let inner = z;
  for (let step = FRACTION_STEPS; step >= 1; step -= 1) inner = z + step / inner;
  return -0.5 * z * z - LN_SQRT_2PI - Math.log(inner);
}

/** Probability that |t| is at least this much, both tails together. */
export function studentTails(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The t that is exceeded, in either direction, with this probability. @param tails both together, e.g. 0.05 */
export function studentQuantile(tails: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentTails(high, degrees) > tails) high *= 2;
  for (let step = 0; step < 200 && high - low > high * Number.EPSILON; step += 1) {
    const middle = (low + high) / 2;
    if (studentTails(middle, degrees) > tails) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability that F is at least this much. */
export function fisherAbove(f: number, upperDegrees: number, lowerDegrees: number): number {
  if (!(f > 0)) return 1;
  return incompleteBeta(lowerDegrees / (lowerDegrees + upperDegrees * f), lowerDegrees / 2, upperDegrees / 2);
}
