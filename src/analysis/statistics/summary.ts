/**
 * Count, mean, spread and extremes of numbers that come one after the other.
 *
 * Neumaier's compensated sum for the mean and Chan's corrected two-pass sum of squares for the spread: readings of
 * 10,000,000.2 V that differ in the last digit keep their standard deviation (NIST StRD, NumAcc4). Above: everything in
 * this room. Knows nothing of what is measured.
 *
 * @see Neumaier 1974, ZAMM 54; Chan, Golub, LeVeque 1983, The American Statistician 37(3), equation 1.7
 */
export interface Summary {
  readonly n: number;
  /** NaN for no values, as every figure below. */
  readonly mean: number;
  /** Of a sample (n - 1); NaN for fewer than two. */
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

/** @param values finite */
export function summaryOf(values: ArrayLike<number>): Summary {
  const n = values.length;
  if (n === 0) return { n, mean: NaN, deviation: NaN, low: NaN, high: NaN };
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < n; at += 1) {
    low = Math.min(low, values[at]!);
    high = Math.max(high, values[at]!);
  }
  // Away from the first value, so that what they share takes no digits.
  const origin = values[0]!;
  const offset = sumOf(n, (at) => values[at]! - origin) / n;
  return { n, mean: origin + offset, deviation: deviationOf(values, origin, offset), low, high };
}

function deviationOf(values: ArrayLike<number>, origin: number, offset: number): number {
  const n = values.length;
  if (n < 2) return NaN;
  const away = (at: number) => values[at]! - origin - offset;
  const squares = sumOf(n, (at) => away(at) ** 2);
  // What rounding has left of the mean.
  const rest = sumOf(n, away);
  return Math.sqrt(Math.max(0, squares - (rest * rest) / n) / (n - 1));
}

/** Neumaier's sum of `n` terms. */
export function sumOf(n: number, term: (at: number) => number): number {
  let total = 0;
  let lost = 0;
  for (let at = 0; at < n; at += 1) {
    const one = term(at);
    const next = total + one;
    lost += Math.abs(total) >= Math.abs(one) ? total - next + one : one - next + total;
    total = next;
  }
  return total + lost;
}
