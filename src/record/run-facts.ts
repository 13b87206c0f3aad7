/**
 * What a kept run says for an analysis: who, when, where, how it ended, how long each phase took, and its numbers.
 *
 * A tenth of a record or less: twenty thousand runs with fifty numbers each fit into a page. Names are told once a piece
 * and runs refer to them by their place. Above: analysis/runs makes pieces and gathers them. Knows nothing of storage.
 */
import type { RunOutcome } from '#record/run-record.ts';

/** A measurement, or one aggregation of a curve, as the runs of a procedure have it. */
export interface Series {
  /** Key of its phase. */
  readonly phase: string;
  readonly phaseName: string;
  /** `rail_3v3`; of an aggregation `output.output.min`: measurement, axis, kind. */
  readonly key: string;
  readonly name: string;
  /** Empty: none. */
  readonly unit: string;
  /** null where there is no such limit. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface PhaseName {
  readonly key: string;
  readonly name: string;
}

export interface RunFacts {
  readonly id: string;
  readonly seq: number;
  /** Serial number in upper case. */
  readonly unit: string;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly outcome: RunOutcome;
  readonly simulated: boolean;
  /** null: delivered long ago, and cleared away but for its line. */
  readonly detail: RunDetail | null;
}

export interface RunDetail {
  readonly release: string;
  /** Empty: none. */
  readonly version: string;
  /** Model and serial number of what was on the bench; empty: nothing told any. */
  readonly fixture: string;
  readonly operator: string;
  readonly slot: string;
  /** Serial number, due day and certificate of each instrument: another text is another calibration. */
  readonly calibration: string;
  /** What decided, unless it passed: places of the phase and of the measurement, -1 for none. */
  readonly failedPhase: number;
  readonly failedSeries: number;
  /** Places of its phases; each with all attempts together in ms, and how the first of them ended. */
  readonly phases: Int32Array<ArrayBuffer>;
  readonly phaseMs: Float64Array<ArrayBuffer>;
  readonly firstTry: Uint8Array<ArrayBuffer>;
  /** Places of what was measured as a number, in the last attempt; each with its value. */
  readonly series: Int32Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/** How the first attempt of a phase ended. */
export const FIRST_TRY = { missed: 0, passed: 1, skipped: 2 } as const;

export interface FactsPiece {
  /** Newest first. */
  readonly runs: readonly RunFacts[];
  readonly series: readonly Series[];
  readonly phases: readonly PhaseName[];
}

/** A series is the same in every run by its phase and key, whatever it was called and limited by. */
export function seriesPath({ phase, key }: Pick<Series, 'phase' | 'key'>): string {
  return `${phase}/${key}`;
}
