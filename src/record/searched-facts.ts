/**
 * What a run is searched by beside the fields of its row: who, with what, and what failed.
 *
 * Taken from the record when it is sealed, and kept with the row: the row stays when everything else of a delivered run
 * is cleared away. Pure. Above it: storage, and the search (find/). Knows nothing of either.
 */
import type { PhaseRecord, RunRecord } from '#record/run-record.ts';

export interface RunFacts {
  readonly part?: string;
  readonly revision?: string;
  readonly batch?: string;
  /** Version of the procedure. */
  readonly version?: string;
  /** Hash of the release, as the header has it. */
  readonly release: string;
  readonly operator?: string;
  /** Identity answers of the plugs. */
  readonly fixture?: string;
  /** Names of phases whose last attempt failed or broke. */
  readonly phases?: readonly string[];
  /** Names of the measurements that failed in them. */
  readonly measurements?: readonly string[];
}

/** Of each; a unit that fails everywhere is found by any of them, and its row stays small. */
const MOST_NAMES = 12;

export function factsOf(record: RunRecord): RunFacts {
  const wrong = record.outcome === 'PASS' ? [] : lastAttempts(record.phases).filter(isWrong);
  const failing = wrong.flatMap(({ measurements }) => measurements.filter(({ outcome }) => outcome === 'FAIL'));
  return {
    ...said('part', record.part_number),
    ...said('revision', record.revision_number),
    ...said('batch', record.batch_number),
    ...said('version', record.procedure.version),
    release: record.procedure.release,
    ...said('operator', record.operator),
    ...said('fixture', record.fixture),
    ...names('phases', wrong),
    ...names('measurements', failing),
  };
}

function isWrong({ outcome }: PhaseRecord): boolean {
  return outcome === 'FAIL' || outcome === 'ERROR';
}

/** Earlier attempts decide nothing. */
function lastAttempts(phases: readonly PhaseRecord[]): PhaseRecord[] {
  return [...new Map(phases.map((phase) => [phase.key, phase])).values()];
}

function said<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value ? ({ [key]: value } as Record<K, string>) : {};
}

function names<K extends string>(key: K, named: readonly { readonly name: string }[]): Partial<Record<K, string[]>> {
  const all = [...new Set(named.map(({ name }) => name))].slice(0, MOST_NAMES);
  return all.length > 0 ? ({ [key]: all } as Record<K, string[]>) : {};
}
