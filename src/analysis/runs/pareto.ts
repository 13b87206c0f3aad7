/**
 * What fails most: failed runs by what decided them, the most frequent first, with the share so far.
 *
 * Only FAIL is the unit's: ERROR, TIMEOUT and ABORTED are counted apart, by where they happened, because their remedy is
 * another. Pure.
 *
 * @see Juran, Quality Control Handbook (the vital few)
 */
import type { RunOutcome } from '#record/run-record.ts';
import type { RunFacts } from '#record/run-facts.ts';

export interface ParetoRow {
  /** Places; -1: no phase, or nothing that was measured. */
  readonly phase: number;
  readonly series: number;
  readonly runs: number;
  readonly units: number;
  /** Of all that are counted here. */
  readonly share: number;
  readonly cumulative: number;
}

export interface Pareto {
  readonly rows: readonly ParetoRow[];
  readonly runs: number;
  /** Failed, and cleared away but for their line: what decided them is not kept. */
  readonly unknown: number;
}

export interface Broken {
  readonly outcome: Exclude<RunOutcome, 'PASS' | 'FAIL'>;
  readonly phase: number;
  readonly runs: number;
}

export type ParetoBy = 'measurement' | 'phase';

export function paretoOf(runs: readonly RunFacts[], by: ParetoBy): Pareto {
  const failed = runs.filter(({ outcome }) => outcome === 'FAIL');
  const rows = new Map<string, { phase: number; series: number; runs: number; units: Set<string> }>();
  let unknown = 0;
  for (const { detail, unit } of failed) {
    if (!detail) {
      unknown += 1;
      continue;
    }
    const [phase, series] = [detail.failedPhase, by === 'phase' ? -1 : detail.failedSeries];
    const name = `${phase} ${series}`;
    let row = rows.get(name);
    if (!row) rows.set(name, (row = { phase, series, runs: 0, units: new Set() }));
    row.runs += 1;
    row.units.add(unit);
  }
  const known = failed.length - unknown;
  let sum = 0;
  return {
    runs: known,
    unknown,
    rows: [...rows.values()]
      .sort((a, b) => b.runs - a.runs || a.phase - b.phase || a.series - b.series)
      .map((row) => {
        sum += row.runs;
        return { ...row, units: row.units.size, share: row.runs / known, cumulative: sum / known };
      }),
  };
}

/** The most frequent first. */
export function brokenRuns(runs: readonly RunFacts[]): Broken[] {
  const counts = new Map<string, { outcome: Broken['outcome']; phase: number; runs: number }>();
  for (const { outcome, detail } of runs) {
    if (outcome === 'PASS' || outcome === 'FAIL') continue;
    const phase = detail?.failedPhase ?? -1;
    const name = `${outcome} ${phase}`;
    let count = counts.get(name);
    if (!count) counts.set(name, (count = { outcome, phase, runs: 0 }));
    count.runs += 1;
  }
  return [...counts.values()].sort((a, b) => b.runs - a.runs || a.phase - b.phase);
}
