/**
 * The logarithm of the gamma function, and the incomplete beta function that Student's t and Fisher's F are made of.
 *
 * @see NIST Digital Library of Mathematical Functions, 5.11.1 (Stirling's series), 5.5.1 (recurrence), 8.17.22 (continued
 *   fraction of the incomplete beta function)
 */

/** B(2k) / (2k (2k - 1)) for k from 1: DLMF 5.11.1. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
/** From here on the series above has all digits of a double. */
const STIRLING_FROM = 12;

/** @param x above 0 */
export function lnGamma(x: number): number {
  let product = 1;
  let at = x;
  for (; at < STIRLING_FROM; at += 1) product *= at;
  const square = at * at;
  let term = 1 / at;
  let series = 0;
  for (const part of STIRLING) {
    series += part * term;
    term /= square;
  }
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

/** Enough for a double where a and b are not in the millions; a part that still moves then is below what is shown. */
const MOST_STEPS = 500;
const TINY = 1e-300;

/** Regularised incomplete beta function I_x(a, b). @param x from 0 to 1 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only on this side.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const lnFront = lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(lnFront) / a) * betaFraction(x, a, b);
}

/** Lentz's way through the continued fraction. */
function betaFraction(x: number, a: number, b: number): number {
  const kept = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) break;
  }
  return fraction;
}
