/**
 * Is this the body of a run, and what does it say about itself?
 *
 * The bytes come from a file and may be anything. Only what a station needs to queue and look up the run is judged;
 * the rest is the server's business. Knows nothing of files.
 */
import type { RunOutcome } from '#record/run-record.ts';
import { IDENTIFIER, UUID } from '#sync/tofupilot/wire.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export interface RunFacts {
  /** `client_run_id`. */
  readonly id: string;
  readonly seq: number;
  readonly station: string;
  readonly serial: string;
  /** Serial numbers of what is built into it. */
  readonly parts: readonly string[];
  readonly procedureId: string;
  readonly outcome: RunOutcome;
  readonly reason: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly simulated: boolean;
  readonly interrupted: boolean;
}

const OUTCOMES: readonly unknown[] = ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] satisfies RunOutcome[];

/** @returns what is wrong, in words, when it is none */
export function readRun(bytes: Bytes): { readonly facts: RunFacts; readonly body: string } | string {
  let body: string;
  let json: unknown;
  try {
    // A mark of byte order would be dropped in reading, and then other bytes would be sent than were sealed.
    if (bytes[0] === 0xef) return 'is not the text of a run';
    body = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(body);
  } catch {
    return 'is not the text of a run';
  }
  const run = objectOf(json);
  const metadata = objectOf(run['metadata']);
  const [startMs, endMs] = [instant(run['started_at']), instant(run['ended_at'])];
  const { client_run_id: id, station_seq: seq, station_id: station } = metadata;
  const { serial_number: serial, procedure_id: procedureId, outcome } = run;
  if (typeof id !== 'string' || !UUID.test(id)) return 'has no client_run_id';
  if (typeof station !== 'string' || station === '') return 'names no station';
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return 'has no station_seq';
  if (typeof serial !== 'string' || !IDENTIFIER.test(serial)) return 'has no serial number';
  if (typeof procedureId !== 'string' || !UUID.test(procedureId)) return 'names no procedure';
  if (!OUTCOMES.includes(outcome)) return 'has no outcome';
  if (startMs === null || endMs === null || endMs < startMs) return 'does not say when it ran';
  if (!Array.isArray(run['phases'])) return 'has no phases';
  return {
    body,
    facts: {
      id,
      seq,
      station,
      serial,
      parts: Array.isArray(run['sub_units']) ? run['sub_units'].filter((part) => typeof part === 'string') : [],
      procedureId,
      outcome: outcome as RunOutcome,
      reason: typeof run['docstring'] === 'string' ? run['docstring'] : '',
      startedAt: run['started_at'] as string,
      durationMs: endMs - startMs,
      simulated: metadata['simulated'] === true,
      interrupted: metadata['interrupted'] === true,
    },
  };
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}

function instant(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}
