/**
 * The values of one series, in the order of time, with the runs that they came from; and how they drift.
 *
 * By itself only the first value of each unit counts: a unit that was tested five times is no five units. Pure.
 */
import { type Trend, trendOf } from '#analysis/statistics/trend.ts';
import type { RunFacts } from '#record/run-facts.ts';

export interface Readings {
  readonly values: Float64Array<ArrayBuffer>;
  /** As many as there are values. */
  readonly runs: readonly RunFacts[];
}

/** @param runs oldest first @param series its place */
export function readingsOf(runs: readonly RunFacts[], series: number, withRetests = false): Readings {
  const seen = new Set<string>();
  const values: number[] = [];
  const found: RunFacts[] = [];
  for (const run of runs) {
    const at = run.detail?.series.indexOf(series) ?? -1;
    if (at < 0 || (!withRetests && seen.has(run.unit))) continue;
    seen.add(run.unit);
    values.push(run.detail!.values[at]!);
    found.push(run);
  }
  return { values: Float64Array.from(values), runs: found };
}

/** A stretch of readings under one and the same calibration of every instrument. */
export interface CalibrationStretch {
  /** As the runs say it; empty: no instrument had a date. */
  readonly calibration: string;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

export function calibrationStretches({ runs }: Readings): CalibrationStretch[] {
  const stretches: { calibration: string; from: number; to: number }[] = [];
  for (const [at, { detail }] of runs.entries()) {
    const calibration = detail?.calibration ?? '';
    const last = stretches.at(-1);
    if (last && last.calibration === calibration) last.to = at + 1;
    else stretches.push({ calibration, from: at, to: at + 1 });
  }
  return stretches;
}

const DAY_MS = 86_400_000;

/** Slope a day, from the first of these readings. @returns null for fewer than three, or all at one moment */
export function driftOf(
  { values, runs }: Readings,
  { from, to }: { readonly from: number; readonly to: number },
): Trend | null {
  const startMs = runs[from]?.startedMs ?? 0;
  const days = Float64Array.from(runs.slice(from, to), ({ startedMs }) => (startedMs - startMs) / DAY_MS);
  return trendOf(days, values.slice(from, to));
}

/** Days from the last reading until the line meets a limit; null where it does not lead there. */
export function daysToLimit(
  { slope, intercept }: Pick<Trend, 'slope' | 'intercept'>,
  lastDay: number,
  { low, high }: { readonly low: number | null; readonly high: number | null },
): number | null {
  const limit = slope > 0 ? high : slope < 0 ? low : null;
  if (limit === null) return null;
  const days = (limit - intercept) / slope - lastDay;
  return days > 0 ? days : null;
}
