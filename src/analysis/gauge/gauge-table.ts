/**
 * The readings of a gauge study: every operator measures every part the same number of times.
 *
 * Plain arrays by operator, part and trial. Above: average-range.ts, gauge-anova.ts. Knows nothing of runs.
 */
export interface GaugeTable {
  /** `readings[operator][part][trial]` */
  readonly readings: readonly (readonly (readonly number[])[])[];
}

export interface GaugeSize {
  readonly operators: number;
  readonly parts: number;
  readonly trials: number;
}

/** AIAG MSA, 4th edition, chapter III B: at least two of each; one operator alone shows repeatability only. */
export const LEAST = { operators: 1, parts: 2, trials: 2 } as const;

/** @returns null where it is not the same for all, too small, or holds what is no number */
export function sizeOf({ readings }: GaugeTable): GaugeSize | null {
  const parts = readings[0]?.length ?? 0;
  const trials = readings[0]?.[0]?.length ?? 0;
  if (readings.length < LEAST.operators || parts < LEAST.parts || trials < LEAST.trials) return null;
  const isWhole = readings.every(
    (row) => row.length === parts && row.every((cell) => cell.length === trials && cell.every(Number.isFinite)),
  );
  return isWhole ? { operators: readings.length, parts, trials } : null;
}
