/**
 * Is this run there already? By `client_run_id`, or, where a server cannot search for that, by what the run is.
 *
 * "Absent" is said only after every page was read and every candidate compared: it is what allows a second POST.
 * Knows nothing of rows or waiting.
 */
import type { LookupAnswer } from '#sync/outbox/ports.ts';
import { recordOf } from '#sync/tofupilot/answer.ts';
import type { Outcome, Requests } from '#sync/tofupilot/request.ts';
import type { RunSummary } from '#sync/tofupilot/wire.ts';

export interface Wanted {
  readonly id: string;
  readonly procedureId: string;
  readonly serial: string;
  /** As it was posted. */
  readonly body: string;
}

type Pages = { readonly kind: 'pages'; readonly runs: readonly RunSummary[] } | { readonly kind: 'no-filter' };
type Trouble = Exclude<LookupAnswer, { kind: 'found' } | { kind: 'absent' }>;

/** One unit under one procedure has a handful of runs; a server that goes on for longer ignores its filters. */
const PAGE_LIMIT = 20;
/** Servers keep times to the millisecond; the second around it forgives one that rounds. */
const START_WINDOW_MS = 1_000;

export async function lookUp(requests: Requests, wanted: Wanted, signal: AbortSignal): Promise<LookupAnswer> {
  const byId = new URLSearchParams(scope(wanted));
  byId.set('metadata', JSON.stringify({ client_run_id: { in: [wanted.id] } }));
  byId.set('limit', '10');
  const filtered = await allPages(requests, byId, signal);
  if (filtered.kind === 'pages') {
    const told = filtered.runs.every((run) => run.metadata !== undefined);
    if (told) return answerOf(filtered.runs.filter((run) => run.metadata?.['client_run_id'] === wanted.id));
  } else if (filtered.kind !== 'no-filter') return filtered;

  const { started_at: startedAt, ended_at: endedAt } = JSON.parse(wanted.body) as Required<RunSummary>;
  const startMs = Date.parse(startedAt);
  const byStart = new URLSearchParams(scope(wanted));
  byStart.set('started_after', new Date(startMs - START_WINDOW_MS).toISOString());
  byStart.set('started_before', new Date(startMs + START_WINDOW_MS).toISOString());
  byStart.set('limit', '100');
  const near = await allPages(requests, byStart, signal);
  if (near.kind === 'no-filter') return { kind: 'failed', message: 'The server cannot be asked for runs.' };
  if (near.kind !== 'pages') return near;
  return answerOf(
    near.runs.filter((run) =>
      run.metadata?.['client_run_id'] === undefined
        ? sameInstant(run.started_at, startedAt) && sameInstant(run.ended_at, endedAt) && sameSerial(run, wanted.serial)
        : run.metadata['client_run_id'] === wanted.id,
    ),
  );
}

function scope({ procedureId, serial }: Wanted): Record<string, string> {
  return { procedure_ids: procedureId, serial_numbers: serial, include_metadata: 'true' };
}

function answerOf(runs: readonly RunSummary[]): LookupAnswer {
  if (runs.length === 0) return { kind: 'absent' };
  const oldestFirst = [...runs].sort((a, b) => (a.created_at ?? '').localeCompare(b.created_at ?? ''));
  return { kind: 'found', remoteIds: oldestFirst.map((run) => run.id) };
}

async function allPages(requests: Requests, query: URLSearchParams, signal: AbortSignal): Promise<Pages | Trouble> {
  const runs: RunSummary[] = [];
  for (let page = 0; page < PAGE_LIMIT; page++) {
    const outcome = await requests.get(`/v2/runs?${query}`, signal);
    if (outcome.kind !== 'ok') return troubleOf(outcome);
    const { data, meta } = recordOf(outcome.json);
    if (!Array.isArray(data)) return { kind: 'failed', message: 'The server’s list of runs cannot be read.' };
    runs.push(...(data as unknown as RunSummary[]).filter((run) => typeof run?.id === 'string'));
    const { has_more: more, next_cursor: cursor } = recordOf(meta);
    if (more !== true) return { kind: 'pages', runs };
    if (typeof cursor !== 'number' && typeof cursor !== 'string') break;
    query.set('cursor', String(cursor));
  }
  return { kind: 'failed', message: 'The server’s list of runs has no end.' };
}

function troubleOf(outcome: Exclude<Outcome, { kind: 'ok' }>): Trouble | { readonly kind: 'no-filter' } {
  switch (outcome.kind) {
    case 'throttled':
    case 'unauthorised':
    case 'payment':
      return outcome;
    case 'rejected':
      // An older server refuses a parameter that it does not know.
      return outcome.status === 400 || outcome.status === 422
        ? { kind: 'no-filter' }
        : { kind: 'failed', message: outcome.message };
    case 'doubtful':
    case 'network':
      return { kind: 'failed', message: outcome.message };
  }
}

function sameInstant(a: string | undefined, b: string): boolean {
  return a !== undefined && Date.parse(a) === Date.parse(b);
}

function sameSerial({ unit }: RunSummary, serial: string): boolean {
  return unit?.serial_number === undefined || unit.serial_number.toUpperCase() === serial.toUpperCase();
}
