/**
 * The moments of a run on the wall clock, as every format outside writes them.
 *
 * Inside a record times are milliseconds since the start; one reading of the wall clock and these make absolute times,
 * so that none runs backwards. Knows nothing of formats.
 */
import type { RunRecord } from '#record/run-record.ts';

export interface AbsoluteTimes {
  /** Whole milliseconds since 1970, for a moment inside the run. */
  atMs(ms: number): number;
  readonly startMs: number;
  readonly endMs: number;
}

export function absoluteTimes({ started_at, ended_ms, phases }: RunRecord): AbsoluteTimes {
  const startMs = finite(Date.parse(started_at));
  const atMs = (ms: number) => startMs + Math.max(0, Math.round(finite(ms)));
  const lastMs = ended_ms ?? Math.max(0, ...phases.map((phase) => finite(phase.ended_ms ?? phase.started_ms)));
  return { atMs, startMs, endMs: atMs(lastMs) };
}

function finite(ms: number): number {
  return Number.isFinite(ms) ? ms : 0;
}
