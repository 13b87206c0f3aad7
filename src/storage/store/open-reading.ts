/**
 * The runs on this disk for one who only reads: neither creates, nor upgrades, nor mends, nor ever writes.
 *
 * In short transactions, so that a run that is being kept meanwhile never waits for long. The store itself is opened by
 * open.ts, in another world; changes that are made there are heard here. Knows nothing of what is done with the rows.
 */
import Dexie from 'dexie';
import { type Clock, systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunRow, UploadState } from '#record/run-row.ts';
import { storageFault } from '#storage/fault.ts';
import { Changes } from '#storage/store/changes.ts';
import { nameOf } from '#storage/store/open.ts';
import { UNDELIVERED } from '#storage/store/outbox-rows.ts';
import { openShadow } from '#storage/store/shadow.ts';
import { look } from '#storage/store/sighting.ts';
import { DATABASE_NAME, type Deps, NATIVE_VERSION, Tables } from '#storage/store/tables.ts';

export interface ReadingOptions {
  readonly name?: string;
  readonly clock?: Clock;
  readonly deps?: Deps;
}

/** @throws {StorageFault} `absent` when nothing is stored here at this version; `failed` */
export async function openReading({
  name = DATABASE_NAME,
  clock = systemClock,
  deps,
}: ReadingOptions = {}): Promise<Reading> {
  const factory = deps?.indexedDB ?? globalThis.indexedDB;
  try {
    // The second memory is made by whoever makes the store.
    if ((await look(factory, name)).version === 0) throw absent();
    const shadow = await openShadow(factory, `${name}-shadow`);
    const generation = (await shadow?.anchor().catch(() => undefined))?.generation ?? 1;
    shadow?.close();
    const tables = new Tables(nameOf(name, generation), deps);
    if ((await look(factory, tables.name)).version !== NATIVE_VERSION) throw absent();
    await tables.open();
    return new Reading(tables, new Changes(tables.name, clock));
  } catch (thrown) {
    throw storageFault(thrown);
  }
}

function absent(): Fault<'absent'> {
  return new Fault(
    'absent',
    'Nothing is stored here at this version.',
    'Reload the page: the app prepares its storage.',
  );
}

export class Reading {
  readonly #tables: Tables;
  readonly #changes: Changes;

  constructor(tables: Tables, changes: Changes) {
    this.#tables = tables;
    this.#changes = changes;
  }

  /** The highest number that a run has; 0 when there is none. */
  lastSeq(): Promise<number> {
    return guarded(async () => Number((await this.#tables.runs.orderBy('seq').lastKey()) ?? 0));
  }

  /** Both numbers included. */
  rows(fromSeq: number, toSeq: number): Promise<RunRow[]> {
    return guarded(() => this.#tables.runs.where('seq').between(fromSeq, toSeq, true, true).toArray());
  }

  rowsOf(ids: readonly string[]): Promise<RunRow[]> {
    return guarded(async () => (await this.#tables.runs.bulkGet([...ids])).filter((row) => row !== undefined));
  }

  /** State of each run that is not delivered, by its id; those under way among them. */
  states(): Promise<Map<string, UploadState>> {
    return guarded(async () => {
      const states = new Map<string, UploadState>();
      for (const state of ['RUNNING', ...UNDELIVERED] as const) {
        const range = [
          [state, Dexie.minKey],
          [state, Dexie.maxKey],
        ] as const;
        for (const id of await this.#tables.runs
          .where('[state+seq]')
          .between(...range)
          .primaryKeys())
          states.set(id, state);
      }
      return states;
    });
  }

  /** How a run began; undefined where its journal is cleared away. */
  beginning(id: string): Promise<readonly RunEvent[] | undefined> {
    return guarded(async () => (await this.#tables.journal.get([id, 0]))?.events);
  }

  /** All that happened in it. */
  events(id: string): Promise<RunEvent[]> {
    const entries = this.#tables.journal.where('[run+n]').between([id, Dexie.minKey], [id, Dexie.maxKey]);
    return guarded(async () => (await entries.toArray()).flatMap(({ events }) => events));
  }

  /** Called after every commit that changes rows, in whichever world. */
  onChange(listener: () => void): () => void {
    return this.#changes.on(listener);
  }

  close(): void {
    this.#changes.close();
    this.#tables.close();
  }
}

async function guarded<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storageFault(thrown);
  }
}
