/**
 * A run as the search keeps it: what a list shows of it, and what it is found by.
 *
 * Pure. Texts that many runs share are one in memory: a hundred thousand rows that each bring their own copy of the
 * procedure's name take twice the room.
 */
import type { RunFacts } from '#record/searched-facts.ts';
import type { RunRow, UploadState } from '#record/run-row.ts';
import type { UploadValue } from '#record/find/keys.ts';

/** What a list shows. */
export type RunLine = Pick<
  RunRow,
  | 'id'
  | 'seq'
  | 'serial_number'
  | 'procedure_id'
  | 'procedure_name'
  | 'outcome'
  | 'reason'
  | 'started_at'
  | 'duration_ms'
  | 'state'
  | 'attempts'
>;

export interface FoundRun {
  readonly line: RunLine;
  readonly startedMs: number;
  /** null: they are in the journal, which has not been read for this run, or is gone. */
  readonly facts: RunFacts | null;
  /** Everything that a plain word may stand in, in lower case. */
  readonly text: string;
}

export type Share = (text: string) => string;

/** @returns a function that gives the same text object for the same text */
export function shared(): Share {
  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known === undefined) kept.set(text, text);
    return known ?? text;
  };
}

export function foundRun(row: RunRow, facts: RunFacts | null, share: Share): FoundRun {
  const line: RunLine = {
    id: row.id,
    seq: row.seq,
    serial_number: row.serial_number,
    procedure_id: share(row.procedure_id),
    procedure_name: share(row.procedure_name),
    outcome: row.outcome,
    reason: share(row.reason),
    started_at: row.started_at,
    duration_ms: row.duration_ms,
    state: row.state,
    attempts: row.attempts,
  };
  return {
    line,
    startedMs: Date.parse(row.started_at),
    facts: facts && sharedFacts(facts, share),
    text: textOf(row, facts),
  };
}

function sharedFacts(facts: RunFacts, share: Share): RunFacts {
  const { operator, fixture, part, batch } = facts;
  return {
    ...facts,
    release: share(facts.release),
    ...(operator === undefined ? {} : { operator: share(operator) }),
    ...(fixture === undefined ? {} : { fixture: share(fixture) }),
    ...(part === undefined ? {} : { part: share(part) }),
    ...(batch === undefined ? {} : { batch: share(batch) }),
  };
}

/**
 * One text, so that a word is one search in it. Without the release, whose digits would be found by half of all words,
 * and without `uploaded`, which stands on nearly every run and has `load` in it.
 */
function textOf(row: RunRow, facts: RunFacts | null): string {
  const upload = uploadValue(row.state);
  return [
    row.serial_number,
    ...(row.sub_keys ?? []),
    row.procedure_name,
    row.outcome ?? '',
    row.reason,
    upload === 'uploaded' ? '' : upload,
    facts?.part,
    facts?.revision,
    facts?.batch,
    facts?.version,
    facts?.operator,
    facts?.fixture,
    ...(facts?.phases ?? []),
    ...(facts?.measurements ?? []),
  ]
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
}

export function uploadValue(state: UploadState): UploadValue {
  if (state === 'DELIVERED') return 'uploaded';
  return state === 'PARKED' ? 'parked' : 'waiting';
}
