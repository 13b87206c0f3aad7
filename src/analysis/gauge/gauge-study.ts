/**
 * A gauge study that fills itself from runs: which parts, whom, how often, and what is still missing.
 *
 * A reading is a run of the part by the operator since the study began, in order; more than asked for are left aside. Pure.
 */
import type { RunFacts } from '#record/run-facts.ts';
import type { GaugeTable } from './gauge-table.ts';

export interface GaugePlan {
  /** Of the procedure. */
  readonly procedureId: string;
  /** Path of the series. */
  readonly path: string;
  /** Serial numbers. */
  readonly parts: readonly string[];
  /** As the runs name them; one empty name where nobody signs in. */
  readonly operators: readonly string[];
  readonly trials: number;
  /** Wall clock, ms. */
  readonly sinceMs: number;
}

export interface GaugeCell {
  readonly operator: string;
  readonly part: string;
  readonly readings: readonly { readonly run: string; readonly value: number }[];
  readonly missing: number;
  readonly extra: number;
}

export interface GaugeProgress {
  /** `cells[operator][part]` */
  readonly cells: readonly (readonly GaugeCell[])[];
  readonly done: number;
  readonly wanted: number;
  /** Runs of these parts since the study began that are nobody's of it. */
  readonly byOthers: number;
  /** Only when nothing is missing. */
  readonly table: GaugeTable | null;
}

/** @param runs oldest first @param series place of the plan's series; -1: no run has it yet */
export function fillStudy(plan: GaugePlan, runs: readonly RunFacts[], series: number): GaugeProgress {
  const found = new Map<string, { run: string; value: number }[]>();
  const parts = new Set(plan.parts.map((part) => part.toUpperCase()));
  let byOthers = 0;
  for (const { id, unit, startedMs, detail } of runs) {
    if (startedMs < plan.sinceMs || !detail || !parts.has(unit)) continue;
    const at = detail.series.indexOf(series);
    if (at < 0) continue;
    if (!plan.operators.includes(detail.operator)) byOthers += 1;
    const name = cellName(detail.operator, unit);
    const list = found.get(name) ?? [];
    found.set(name, [...list, { run: id, value: detail.values[at]! }]);
  }
  const cells = plan.operators.map((operator) =>
    plan.parts.map((part): GaugeCell => {
      const all = found.get(cellName(operator, part.toUpperCase())) ?? [];
      const readings = all.slice(0, plan.trials);
      return {
        operator,
        part,
        readings,
        missing: plan.trials - readings.length,
        extra: all.length - readings.length,
      };
    }),
  );
  const flat = cells.flat();
  const done = flat.reduce((sum, { readings }) => sum + readings.length, 0);
  const wanted = flat.length * plan.trials;
  const table = { readings: cells.map((row) => row.map(({ readings }) => readings.map(({ value }) => value))) };
  return { cells, done, wanted, byOthers, table: done === wanted && wanted > 0 ? table : null };
}

function cellName(operator: string, unit: string): string {
  return `${operator}\n${unit}`;
}
