/**
 * Control charts: centre line, limits at three sigma, and the points.
 *
 * Sigma comes from neighbours (moving ranges) or from within groups, never from all values together: a process that
 * wanders would otherwise hide itself behind its own wandering. Limits of control say what the process does, and nothing
 * of what it should do. Above: nelson-rules.ts, capability.ts. Knows nothing of specification limits.
 *
 * @see Shewhart 1931; NIST/SEMATECH e-Handbook, 6.3.2.1 and 6.3.2.2
 */
import { sumOf, summaryOf } from '#analysis/statistics/summary.ts';
import { chartConstants, LARGEST_GROUP, SMALLEST_GROUP } from './chart-constants.ts';

export interface ControlChart {
  readonly points: Float64Array;
  readonly centre: number;
  readonly lower: number;
  readonly upper: number;
  /** Of one plotted point: the limits are three of these away, but where they cannot be below 0. */
  readonly sigma: number;
}

export interface ChartPair {
  /** Individual values, or means of groups. */
  readonly location: ControlChart;
  /** Moving ranges (one fewer than values), or ranges or deviations of groups. */
  readonly spread: ControlChart;
  /** Of one value, as the neighbours or the groups tell it. */
  readonly sigma: number;
}

const SIGMAS = 3;

/** Individuals and moving ranges of two. @returns null for fewer than two values */
export function individualsChart(values: ArrayLike<number>): ChartPair | null {
  const points = Float64Array.from(values);
  if (points.length < 2) return null;
  const ranges = Float64Array.from({ length: points.length - 1 }, (_, at) => Math.abs(points[at + 1]! - points[at]!));
  const { d2, d3, d4 } = chartConstants(2);
  const [mean, meanRange] = [summaryOf(points).mean, summaryOf(ranges).mean];
  const sigma = meanRange / d2;
  return {
    location: { points, ...about(mean, sigma) },
    spread: { points: ranges, ...ratio(meanRange, d3, d4) },
    sigma,
  };
}

/** Neighbours as groups of the same size; what is left over at the end is no group. */
export function groupsOf(values: ArrayLike<number>, size: number): Float64Array[] {
  const all = Float64Array.from(values);
  return Array.from({ length: Math.floor(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

export type GroupSpread = 'range' | 'deviation';

/**
 * Means of groups, with their ranges (X̄–R) or standard deviations (X̄–S).
 *
 * @param groups all of one size from 2 to 25
 * @returns null for fewer than two groups, or where the sizes differ
 */
export function groupChart(groups: readonly ArrayLike<number>[], spread: GroupSpread): ChartPair | null {
  const [first] = groups;
  const size = first?.length ?? 0;
  if (groups.length < 2 || size < SMALLEST_GROUP || size > LARGEST_GROUP) return null;
  if (groups.some(({ length }) => length !== size)) return null;
  const summaries = groups.map(summaryOf);
  const means = Float64Array.from(summaries, ({ mean }) => mean);
  const spreads = Float64Array.from(summaries, (one) => (spread === 'range' ? one.high - one.low : one.deviation));
  const limits = groupLimits(summaryOf(means).mean, sumOf(spreads.length, (at) => spreads[at]!) / spreads.length, {
    size,
    spread,
  });
  return {
    location: { points: means, ...limits.location },
    spread: { points: spreads, ...limits.spread },
    sigma: limits.sigma,
  };
}

type Limits = Omit<ControlChart, 'points'>;

/** The limits alone, from the grand mean and the mean range or deviation of groups. */
export function groupLimits(
  mean: number,
  meanSpread: number,
  { size, spread }: { readonly size: number; readonly spread: GroupSpread },
): { readonly location: Limits; readonly spread: Limits; readonly sigma: number } {
  const { d2, c4, a2, a3, d3, d4, b3, b4 } = chartConstants(size);
  const isRange = spread === 'range';
  return {
    location: about(mean, ((isRange ? a2 : a3) * meanSpread) / SIGMAS),
    spread: isRange ? ratio(meanSpread, d3, d4) : ratio(meanSpread, b3, b4),
    sigma: meanSpread / (isRange ? d2 : c4),
  };
}

function about(centre: number, sigma: number): Limits {
  return { centre, lower: centre - SIGMAS * sigma, upper: centre + SIGMAS * sigma, sigma };
}

function ratio(centre: number, lower: number, upper: number): Limits {
  return { centre, lower: lower * centre, upper: upper * centre, sigma: ((upper - 1) * centre) / SIGMAS };
}
