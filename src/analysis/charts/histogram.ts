/**
 * How values are spread, in bins of one width.
 *
 * Freedman and Diaconis: width 2 IQR / ∛n, which one far-off value cannot ruin; Sturges' number of bins where the middle
 * half of the values is one and the same. The width is rounded to a number that a person can read, and bins begin at
 * multiples of it, so that the same measurement has the same bins tomorrow. Knows nothing of limits.
 *
 * @see Freedman and Diaconis 1981, Zeitschrift für Wahrscheinlichkeitstheorie 57; Sturges 1926, JASA 21(153)
 */
import { quantileOf } from '#analysis/statistics/quantile.ts';

export interface Histogram {
  readonly width: number;
  /** Lower edge of the first bin. */
  readonly from: number;
  /** A value on an edge is counted above it; the largest of all in the last bin. */
  readonly counts: readonly number[];
  /** Values left out at the ends, where one far-off value would have pressed all others into one bin. */
  readonly below: number;
  readonly above: number;
}

/** Narrower ones cannot be told apart on a screen. */
const MOST_BINS = 60;
/** Where values reach further than this many quartile distances, what is outside is counted and not drawn. */
const FENCE = 10;

/** @param values finite @returns null for no values */
export function histogramOf(values: ArrayLike<number>): Histogram | null {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 0) return null;
  const [q1, q3] = [quantileOf(sorted, 0.25), quantileOf(sorted, 0.75)];
  const reach = FENCE * (q3 - q1);
  const [first, last] = [sorted[0]!, sorted[n - 1]!];
  const low = reach > 0 ? Math.max(first, q1 - reach) : first;
  const high = reach > 0 ? Math.min(last, q3 + reach) : last;
  const span = high - low;
  const oneBin = { width: 0, from: first, counts: [n], below: 0, above: 0 };
  if (!(span > 0)) return oneBin;
  const rule = q3 > q1 ? (2 * (q3 - q1)) / Math.cbrt(n) : span / (Math.ceil(Math.log2(n)) + 1);
  const width = readable(Math.max(rule, span / MOST_BINS));
  const start = Math.floor(low / width);
  const from = start * width;
  // So near together or so far apart that the width, a power of ten, is none that a double can hold.
  if (!(width > 0) || !Number.isFinite(from)) return oneBin;
  const bins = Math.max(1, Math.ceil(high / width - start));
  const counts = Array.from({ length: bins }, () => 0);
  let [below, above] = [0, 0];
  for (const value of sorted) {
    if (value < low) below += 1;
    else if (value > high) above += 1;
    else counts[Math.min(bins - 1, Math.max(0, Math.floor(value / width) - start))]! += 1;
  }
  return { width, from, counts, below, above };
}

/** The next of 1, 2, 5 times a power of ten, not below. */
function readable(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const step = [1, 2, 5].find((one) => one * power >= width * (1 - 1e-9)) ?? 10;
  return step * power;
}
