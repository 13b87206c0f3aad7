/**
 * Ranks of sorted numbers: median, quartiles, any other part.
 *
 * A straight line between the two nearest ranks: type 7 of Hyndman and Fan (The American Statistician 50(4), 1996), as
 * measure/aggregate.ts has it. Knows nothing of what is ranked.
 */

/** @param part from 0 to 1 @returns NaN for no values */
export function quantileOf(sorted: ArrayLike<number>, part: number): number {
  const { length } = sorted;
  if (length === 0) return NaN;
  const rank = part * (length - 1);
  const [below, above] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
  return below === above ? below : below + (rank - Math.floor(rank)) * (above - below);
}

export function medianOf(values: ArrayLike<number>): number {
  return quantileOf(Float64Array.from(values).sort(), 0.5);
}
