/**
 * The second memory of this station: every run that has not been delivered, and how far the station had come.
 *
 * A damaged store is silently re-created empty, and takes every database of its origin with it (offline-sync, 3.2). So
 * this one lives in a Storage Bucket of its own, which is another store on disk; a browser without buckets keeps it as
 * a second database. It follows the store and never leads it. Above it: dexie-store.ts writes, mend.ts compares.
 */
import type { RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import type { ChainPlace } from '#storage/store/chain.ts';
import { openFiles, ShadowFiles } from '#storage/store/shadow-files.ts';

/** What both memories know of the station; a difference says which of them was put back or emptied. */
export interface Anchor {
  readonly installId: string;
  /** Which database is the store: a damaged one that cannot even be deleted is left behind for the next. */
  readonly generation: number;
  /** Made anew whenever the browser creates the store. */
  readonly birthId: string;
  readonly lastSeq: number;
  readonly chain: ChainPlace | null;
  /** How often the store was opened; an older copy of it has a smaller number. */
  readonly opened: number;
  /** A row that waits could not be read: the next opening makes the store anew. */
  readonly unreadable?: true;
}

export interface ShadowRun {
  /** As it was when it was sealed. */
  readonly row: RunRow;
  /** The exact text that is posted. */
  readonly body: string;
  /** For the screens; the journal is not copied. */
  readonly record: RunRecord;
}

/** What the second memory says of a run that is about to be posted. */
export interface Witness {
  /** It still counts as undelivered. */
  readonly kept: boolean;
  /** Attempts that it knows were begun before this one. */
  readonly attempts: number;
}

export interface Quarantined {
  readonly at: string;
  readonly table: string;
  readonly key: string;
  readonly reason: string;
  /** Whatever could be read of it. */
  readonly value?: unknown;
}

/** Not in the DOM library yet. */
interface Buckets {
  open(name: string, options: { persisted: boolean }): Promise<Bucket>;
}

interface Bucket {
  readonly indexedDB: IDBFactory;
}

/** What a database was opened through. */
interface Home {
  readonly bucket: Bucket | null;
  readonly factory: IDBFactory;
}

/**
 * Chromium collects a bucket and its factory as garbage while a database of theirs is open, and cuts that database off
 * without a word: what is written then neither completes nor aborts, and whoever waits for it waits for ever. So both
 * are held here as long as the database is in use.
 */
const inUse = new Set<Home>();

const ANCHOR = 'anchor';
const RUNS = 'runs';
/** Attempts begun, by run. */
const SENT = 'sent';
const QUARANTINE = 'quarantine';
const TABLES = [ANCHOR, RUNS, SENT];
/** Rows that could not be read are for a person to look at; the oldest go first. */
const MOST_QUARANTINED = 500;

export class Shadow {
  readonly files: ShadowFiles;
  readonly #database: IDBDatabase;
  readonly #home: Home;

  constructor(database: IDBDatabase, files: ShadowFiles, home: Home) {
    this.files = files;
    this.#database = database;
    this.#home = home;
    inUse.add(home);
    database.onversionchange = () => this.close();
  }

  anchor(): Promise<Anchor | undefined> {
    return this.#ask([ANCHOR], (at) => at(ANCHOR).get(ANCHOR) as IDBRequest<Anchor | undefined>);
  }

  /** Relaxed: it may lag behind the store. */
  setAnchor(anchor: Anchor): Promise<void> {
    return this.#write('relaxed', [ANCHOR], (at) => void at(ANCHOR).put(anchor, ANCHOR));
  }

  keep(run: ShadowRun, anchor?: Anchor): Promise<void> {
    return this.#write('strict', TABLES, (at) => {
      at(RUNS).put(run, run.row.id);
      if (anchor) at(ANCHOR).put(anchor, ANCHOR);
    });
  }

  /** Notes that a run is about to be posted, and says what was known of it until now. */
  async beginSend(id: string, attempts: number): Promise<Witness | null> {
    let witness: Witness | null = null;
    await this.#write('relaxed', TABLES, (at) => {
      const asked = [at(ANCHOR).count(), at(RUNS).count(id), at(SENT).get(id)] as const;
      asked[2].onsuccess = () => {
        // Without an anchor it is new itself and can say nothing.
        if (asked[0].result > 0)
          witness = { kept: asked[1].result > 0, attempts: (asked[2].result as number | undefined) ?? 0 };
        at(SENT).put(attempts, id);
      };
    });
    return witness;
  }

  /** They are delivered. Relaxed: what comes back after a power cut is recognised as delivered and dropped again. */
  async drop(ids: readonly string[]): Promise<void> {
    // Begun at once, for the store may be closed next. Files that stay behind are found by the upkeep.
    const runs = this.#write('relaxed', TABLES, (at) => {
      for (const id of ids) for (const table of [RUNS, SENT]) at(table).delete(id);
    });
    await Promise.all([runs, this.files.drop(ids).catch(() => undefined)]);
  }

  ids(): Promise<string[]> {
    return this.#ask([RUNS], (at) => at(RUNS).getAllKeys() as IDBRequest<string[]>);
  }

  run(id: string): Promise<ShadowRun | undefined> {
    return this.#ask([RUNS], (at) => at(RUNS).get(id) as IDBRequest<ShadowRun | undefined>);
  }

  quarantine(entries: readonly Quarantined[]): Promise<void> {
    return this.#write('strict', [QUARANTINE], (at) => {
      for (const entry of entries) at(QUARANTINE).add(entry);
      const keys = at(QUARANTINE).getAllKeys();
      keys.onsuccess = () => {
        for (const key of keys.result.slice(0, -MOST_QUARANTINED)) at(QUARANTINE).delete(key);
      };
    });
  }

  quarantined(): Promise<Quarantined[]> {
    return this.#ask([QUARANTINE], (at) => at(QUARANTINE).getAll() as IDBRequest<Quarantined[]>);
  }

  close(): void {
    this.files.close();
    this.#database.close();
    inUse.delete(this.#home);
  }

  #ask<T>(tables: string[], work: (at: (table: string) => IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = this.#database.transaction(tables);
    return settled(work((table) => transaction.objectStore(table)));
  }

  #write(
    durability: 'strict' | 'relaxed',
    tables: string[],
    work: (at: (table: string) => IDBObjectStore) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(tables, 'readwrite', { durability });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new DOMException('The write was aborted.', 'AbortError'));
      work((table) => transaction.objectStore(table));
    });
  }
}

/** @returns null where this browser cannot keep a second memory: runs are then kept once */
export async function openShadow(factory: IDBFactory, name: string): Promise<Shadow | null> {
  try {
    const home = await homeOf(factory, name);
    const request = home.factory.open(name, 1);
    request.onupgradeneeded = () => {
      for (const table of TABLES) request.result.createObjectStore(table);
      request.result.createObjectStore(QUARANTINE, { autoIncrement: true });
    };
    const files = new ShadowFiles(() => openFiles(home.factory, `${name}-files`));
    return new Shadow(await settled(request), files, home);
  } catch {
    return null;
  }
}

async function homeOf(factory: IDBFactory, name: string): Promise<Home> {
  const buckets = (globalThis.navigator as { storageBuckets?: Buckets } | undefined)?.storageBuckets;
  const bucket = (await buckets?.open(name, { persisted: true }).catch(() => null)) ?? null;
  return { bucket, factory: bucket?.indexedDB ?? factory };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('The request failed.', 'UnknownError'));
  });
}
