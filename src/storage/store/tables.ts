/**
 * The tables, their keys and their indexes.
 *
 * The only file that says `.stores(`. Above it: open.ts and the files of queries beside it. A new version of the
 * schema only adds: older code meets a newer database after every roll-back.
 */
import Dexie, { type Table } from 'dexie';
import type { Attachment } from '#record/attachment.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunRow } from '#record/run-row.ts';
import type { StoredRelease } from '#storage/store/store.ts';

export const DATABASE_NAME = 'fieldbench';
export const SCHEMA_VERSION = 2;
/** Dexie keeps ten native versions for each of its own. */
export const NATIVE_VERSION = SCHEMA_VERSION * 10;

/** One batch of events as one row: one put a commit, whatever the number of events. */
export interface JournalEntry {
  readonly run: string;
  /** 0, 1, 2 … within the run. */
  readonly n: number;
  readonly events: readonly RunEvent[];
}

export interface SealedBody {
  readonly id: string;
  /** The exact UTF-8 JSON text that is posted. */
  readonly body: string;
}

export interface AttachmentChunk {
  /** The attachment's. */
  readonly id: string;
  readonly n: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The two tables of any database that keeps files. */
export interface FileTables {
  readonly attachments: Table<Attachment, string>;
  readonly chunks: Table<AttachmentChunk, [string, number]>;
}

export interface MetaEntry {
  readonly key: string;
  readonly value: unknown;
}

/** Keys of `meta` that the store itself uses; the rest belongs to the doors. */
export const META = {
  install: 'install',
  birth: 'birth',
  opened: 'opened',
  lastSeq: 'last-seq',
  /** Numbers that were used and whose runs are known to be lost. */
  lost: 'lost',
  chain: 'chain',
  verified: 'verified',
  /** Ids of runs that were corrected: their links come later than their numbers say. */
  corrected: 'corrected',
  /** A break of the chain that no run has taken along yet, in words. */
  chainBreak: 'chain-break',
  incidents: 'incidents',
  ballast: 'ballast',
  hold: 'hold',
  notBefore: 'not-before',
} as const;

export interface Deps {
  readonly indexedDB: IDBFactory;
  readonly IDBKeyRange: typeof IDBKeyRange;
}

export class Tables extends Dexie {
  declare readonly runs: Table<RunRow, string>;
  /** Apart from the rows, so that no list ever loads a body. */
  declare readonly bodies: Table<SealedBody, string>;
  declare readonly attachments: Table<Attachment, string>;
  declare readonly chunks: Table<AttachmentChunk, [string, number]>;
  declare readonly journal: Table<JournalEntry, [string, number]>;
  declare readonly meta: Table<MetaEntry, string>;
  declare readonly releases: Table<StoredRelease, string>;

  constructor(name: string, deps?: Deps) {
    super(name, {
      // The default, relaxed, lost every write of the last 6 to 10 s in each simulated power cut; strict lost none.
      chromeTransactionDurability: 'strict',
      // A closed database stays closed: an automatic re-open may find an empty one in its place.
      autoOpen: false,
      // The cache shows writes that are not committed yet.
      cache: 'disabled',
      ...deps,
    });
    this.version(1).stores({
      runs: 'id, &seq, [serial_key+seq], [state+seq], [procedure_id+outcome+seq], delivered_day, started_at',
      bodies: 'id',
      journal: '[run+n]',
      meta: 'key',
      releases: 'release',
    });
    this.version(SCHEMA_VERSION).stores({ attachments: 'id, run', chunks: '[id+n]' });
  }
}
