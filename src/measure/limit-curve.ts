/**
 * Limits that change with x: corner points, and straight lines between them.
 *
 * Pure. Outside its corners a limit curve says nothing, so it gives no limit there instead of a guessed one.
 * Knows nothing of what is judged by it.
 */
export interface LimitPoint {
  readonly x: number;
  /** Smallest conforming value at x, inclusive; absent in every point or in none. */
  readonly low?: number;
  readonly high?: number;
}

/** Why these corners are no limit; null when they are. */
export function curveTrouble(points: readonly LimitPoint[] | undefined): string | null {
  const [first] = points ?? [];
  if (!points || !first) return 'the limit curve has no points';
  if (first.low === undefined && first.high === undefined) return 'the limit curve has neither lower nor upper limits';
  for (const [index, { x, low, high }] of points.entries()) {
    const where = `point ${index + 1} of the limit curve`;
    if ((low === undefined) !== (first.low === undefined) || (high === undefined) !== (first.high === undefined))
      return `${where} has other limits than the first; each needs the same`;
    if (![x, low ?? 0, high ?? 0].every(Number.isFinite)) return `${where} is not finite`;
    if (index > 0 && x <= points[index - 1]!.x) return `${where} does not lie after the one before it (x = ${x})`;
    if (low !== undefined && high !== undefined && low > high)
      return `nothing lies between ${low} and ${high} in ${where}`;
  }
  return null;
}

/** @returns both limits at x, infinite where there is none; null outside the curve */
export function limitsAt(points: readonly LimitPoint[], x: number): { low: number; high: number } | null {
  const last = points.length - 1;
  if (!(x >= points[0]!.x && x <= points[last]!.x)) return null;
  // The last corner at or before x.
  let from = 0;
  for (let to = last; from < to;) {
    const middle = (from + to + 1) >> 1;
    if (points[middle]!.x <= x) from = middle;
    else to = middle - 1;
  }
  const a = points[from]!;
  const b = points[Math.min(from + 1, last)]!;
  return { low: between(x, a, b, a.low, b.low, -Infinity), high: between(x, a, b, a.high, b.high, Infinity) };
}

function between(
  x: number,
  a: LimitPoint,
  b: LimitPoint,
  from: number | undefined,
  to: number | undefined,
  none: number,
): number {
  if (from === undefined || to === undefined) return none;
  // Exact at the corners, and on a level line: a limit that was written is not moved by rounding.
  if (x === a.x || from === to) return from;
  return from + ((x - a.x) / (b.x - a.x)) * (to - from);
}
