/**
 * One number that stands for many: smallest, mean, spread, percentile.
 *
 * Pure; reads typed arrays in place and never changes them. What has no answer (the spread of one value) says so
 * instead of giving a number that would pass. Knows nothing of limits.
 */
export const AGGREGATIONS = ['min', 'max', 'avg', 'sum', 'count', 'std', 'median', 'rms', 'peak_to_peak'] as const;
const PERCENTILE = /^percentile_(\d{1,3}(?:\.\d+)?)$/;

export type Aggregated = { readonly value: number } | { readonly reason: string };

/** Whether the engine can work it out by itself. */
export function isAggregation(type: string): boolean {
  return (AGGREGATIONS as readonly string[]).includes(type) || percentOf(type) !== null;
}

export function aggregate(type: string, values: Float64Array): Aggregated {
  const percent = percentOf(type);
  if (percent === null && !isAggregation(type)) return { reason: `nothing is known of the aggregation “${type}”` };
  if (type === 'count') return { value: values.length };
  if (values.length === 0) return { reason: 'there are no values' };
  if (!values.every(Number.isFinite)) return { reason: 'not all values are finite numbers' };
  if (type === 'std' && values.length < 2) return { reason: 'the spread of one value cannot be told' };
  const value = percent === null ? plain(type, values) : percentile(values, percent);
  // Sums and squares can leave the range of a double although no value does.
  return Number.isFinite(value) ? { value } : { reason: 'the result is too large for a number' };
}

function percentOf(type: string): number | null {
  const digits = PERCENTILE.exec(type)?.[1];
  return digits === undefined || Number(digits) > 100 ? null : Number(digits);
}

function plain(type: string, values: Float64Array): number {
  switch (type) {
    case 'min':
      return values.reduce((a, b) => Math.min(a, b), Infinity);
    case 'max':
      return values.reduce((a, b) => Math.max(a, b), -Infinity);
    case 'sum':
      return sum(values);
    case 'avg':
      return sum(values) / values.length;
    case 'median':
      return percentile(values, 50);
    case 'rms':
      return Math.sqrt(sum(values.map((one) => one * one)) / values.length);
    case 'peak_to_peak':
      return plain('max', values) - plain('min', values);
    default:
      return deviation(values);
  }
}

/** Neumaier's sum: a hundred thousand readings are added without losing the digits of the small ones. */
function sum(values: Float64Array): number {
  let total = 0;
  let lost = 0;
  for (const one of values) {
    const next = total + one;
    lost += Math.abs(total) >= Math.abs(one) ? total - next + one : one - next + total;
    total = next;
  }
  return total + lost;
}

/** Of a sample (n - 1), as in ISO/IEC Guide 98-3 (GUM), 4.2.2. */
function deviation(values: Float64Array): number {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((one) => (one - mean) ** 2)) / (values.length - 1));
}

/** Straight line between the two nearest ranks: type 7 of Hyndman and Fan, the usual one of NumPy and spreadsheets. */
function percentile(values: Float64Array, percent: number): number {
  const sorted = values.toSorted();
  const rank = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  return below === above ? below : below + (rank - Math.floor(rank)) * (above - below);
}
