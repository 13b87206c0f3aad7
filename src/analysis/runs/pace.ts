/**
 * How fast: runs in an hour of work, how long a run takes, and which phase the time goes to.
 *
 * An hour of work is an hour of the clock in which at least one run began, so that nights and breaks do not count. Only
 * runs that passed tell how long a phase takes: others end early. Pure.
 */
import { quantileOf } from '#analysis/statistics/quantile.ts';
import type { RunFacts } from '#record/run-facts.ts';

export interface Pace {
  readonly hours: number;
  /** NaN of no run. */
  readonly runsPerHour: number;
  /** Of runs that passed, ms; NaN of none. */
  readonly medianMs: number;
}

export interface PhasePace {
  readonly phase: number;
  readonly runs: number;
  /** All attempts together. */
  readonly medianMs: number;
  /** 95 of 100 take no longer. */
  readonly slowMs: number;
  /** Of the sum of all medians. */
  readonly share: number;
}

const HOUR_MS = 3_600_000;

export function paceOf(runs: readonly RunFacts[]): Pace {
  const hours = new Set(runs.map(({ startedMs }) => Math.floor(startedMs / HOUR_MS))).size;
  const passed = runs.filter(({ outcome }) => outcome === 'PASS').map(({ durationMs }) => durationMs);
  return { hours, runsPerHour: runs.length / hours, medianMs: quantileOf(Float64Array.from(passed).sort(), 0.5) };
}

/** The longest first. */
export function phasePaces(runs: readonly RunFacts[]): PhasePace[] {
  const times = new Map<number, number[]>();
  for (const { outcome, detail } of runs) {
    if (outcome !== 'PASS' || !detail) continue;
    for (const [at, phase] of detail.phases.entries()) {
      const list = times.get(phase);
      if (list) list.push(detail.phaseMs[at]!);
      else times.set(phase, [detail.phaseMs[at]!]);
    }
  }
  const paces = [...times].map(([phase, list]) => {
    const sorted = Float64Array.from(list).sort();
    return { phase, runs: list.length, medianMs: quantileOf(sorted, 0.5), slowMs: quantileOf(sorted, 0.95) };
  });
  const total = paces.reduce((sum, { medianMs }) => sum + medianMs, 0);
  return paces
    .map((pace) => ({ ...pace, share: total > 0 ? pace.medianMs / total : 0 }))
    .sort((a, b) => b.medianMs - a.medianMs);
}
