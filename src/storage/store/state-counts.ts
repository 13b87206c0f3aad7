/**
 * How many runs are in each state: counted once, and again when a row has changed since.
 *
 * Counting goes through all rows of an index, 7 ms for a thousand on a slow machine, and an opening needs it twice. Above
 * it: open.ts, which makes one for each database. Knows nothing of what the states mean.
 */
import Dexie from 'dexie';
import type { UploadState } from '#record/run-row.ts';
import type { Changes } from '#storage/store/changes.ts';
import type { Tables } from '#storage/store/tables.ts';

export type ByState = Readonly<Record<UploadState, number>>;

const STATES: readonly UploadState[] = [
  'RUNNING',
  'QUEUED',
  'CREATING',
  'AMBIGUOUS',
  'ATTACHING',
  'PARKED',
  'DELIVERED',
];

export class StateCounts {
  readonly #tables: Tables;
  #last: Promise<ByState> | null = null;

  constructor(tables: Tables, changes: Changes) {
    this.#tables = tables;
    changes.onRuns(() => (this.#last = null));
  }

  get(): Promise<ByState> {
    if (this.#last) return this.#last;
    const counting = count(this.#tables);
    this.#last = counting;
    counting.catch(() => {
      if (this.#last === counting) this.#last = null;
    });
    return counting;
  }
}

/** In one transaction: a run that moves meanwhile is in one of them. */
function count(tables: Tables): Promise<ByState> {
  const { runs } = tables;
  return tables.transaction('r', runs, async () => {
    const counts = STATES.map((state) =>
      runs.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]).count(),
    );
    const found = await Promise.all(counts);
    return Object.fromEntries(STATES.map((state, at) => [state, found[at]])) as Record<UploadState, number>;
  });
}
