/**
 * Runs of other stations that came in a file, in a database of their own: the shape of sync/transfer's `CarriedRuns`.
 *
 * Apart from the station's own runs, so that no count, list, sequence or upgrade of those ever meets them. They are
 * copies: the station that made them keeps each until its receipt comes back. Knows nothing of files and servers.
 */
import Dexie, { type Table } from 'dexie';
import { type Clock, systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { Attachment } from '#record/attachment.ts';
import type { RunRow, UploadState } from '#record/run-row.ts';
import { storageFault } from '#storage/fault.ts';
import * as files from '#storage/store/attachments.ts';
import { Changes } from '#storage/store/changes.ts';
import type { AttachmentChunk, Deps } from '#storage/store/tables.ts';

export interface CarriedRow extends RunRow {
  readonly carried_from: string;
  /** Of its exact bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Wall clock, ISO 8601, of the last receipt that names it; absent before the first. */
  readonly receipted_at?: string;
}

export interface CarriedRun {
  readonly row: CarriedRow;
  readonly body: string;
  readonly files: readonly { readonly file: Attachment; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export interface CarriedCounts {
  readonly waiting: number;
  readonly parked: number;
  readonly uploadedToday: number;
}

/** What is here of one station. */
export interface CarriedStation {
  readonly station: string;
  readonly waiting: number;
  readonly parked: number;
  readonly delivered: number;
  /** Of the delivered ones, those that a receipt names. */
  readonly receipted: number;
}

interface CarriedBody {
  readonly id: string;
  /** The exact UTF-8 JSON text that is posted. */
  readonly body: string;
}

interface StationKey {
  readonly station: string;
  readonly fingerprint: string;
}

const DATABASE_NAME = 'fieldbench-carried';
const WAITING: readonly UploadState[] = ['QUEUED', 'CREATING', 'AMBIGUOUS', 'ATTACHING'];

class CarriedTables extends Dexie {
  declare readonly runs: Table<CarriedRow, string>;
  declare readonly bodies: Table<CarriedBody, string>;
  declare readonly keys: Table<StationKey, string>;
  declare readonly attachments: Table<Attachment, string>;
  declare readonly chunks: Table<AttachmentChunk, [string, number]>;

  constructor(name: string, deps?: Deps) {
    // As the station's own tables (tables.ts), for the same reasons.
    super(name, { chromeTransactionDurability: 'strict', autoOpen: false, cache: 'disabled', ...deps });
    this.version(1).stores({
      runs: 'id, state, [carried_from+seq], delivered_day',
      bodies: 'id',
      keys: 'station',
    });
    this.version(2).stores({ attachments: 'id, run', chunks: '[id+n]' });
  }
}

export interface CarriedOptions {
  readonly name?: string;
  /** Only open what is there: for a service worker. */
  readonly existing?: boolean;
  readonly clock?: Clock;
  readonly deps?: Deps;
}

/** @throws {StorageFault} `absent` (only with `existing`), `full`, `failed` */
export async function openCarriedRuns(options: CarriedOptions = {}): Promise<CarriedStore> {
  const { name = DATABASE_NAME, clock = systemClock, deps, existing = false } = options;
  if (existing && !(await (deps?.indexedDB ?? indexedDB).databases()).some((database) => database.name === name))
    throw new Fault('absent', 'Nothing was ever carried here.', 'Open a file of another station first.');
  const tables = new CarriedTables(name, deps);
  try {
    await tables.open();
    return new CarriedStore(tables, new Changes(name, clock));
  } catch (thrown) {
    tables.close();
    throw storageFault(thrown);
  }
}

export class CarriedStore {
  readonly #tables: CarriedTables;
  readonly #changes: Changes;

  constructor(tables: CarriedTables, changes: Changes) {
    this.#tables = tables;
    this.#changes = changes;
  }

  rows(ids: readonly string[]): Promise<CarriedRow[]> {
    return guarded(async () => (await this.#tables.runs.bulkGet([...ids])).filter((row) => row !== undefined));
  }

  undelivered(): Promise<CarriedRow[]> {
    return guarded(() =>
      this.#tables.runs
        .where('state')
        .anyOf([...WAITING, 'PARKED'])
        .toArray(),
    );
  }

  sealed(id: string): Promise<{ body: string; procedureId: string; serial: string } | undefined> {
    return guarded(async () => {
      const [row, stored] = await Promise.all([this.#tables.runs.get(id), this.#tables.bodies.get(id)]);
      return row && stored && { body: stored.body, procedureId: row.procedure_id, serial: row.serial_number };
    });
  }

  attachments(runId: string): Promise<Attachment[]> {
    return guarded(() => files.attachmentsOf(this.#tables, runId));
  }

  attachmentBytes(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return guarded(() => files.attachmentBytes(this.#tables, id));
  }

  moveAttachment(from: Pick<Attachment, 'id' | 'state' | 'attempts'>, to: Partial<Attachment>): Promise<boolean> {
    return guarded(() => files.moveAttachment(this.#tables, from, to));
  }

  /** As outbox-rows.ts does it. A delivered run keeps its rows, for the receipt, and neither body nor bytes of files. */
  move(from: Pick<RunRow, 'id' | 'state' | 'attempts'>, to: Partial<RunRow>): Promise<boolean> {
    const { runs, bodies, attachments, chunks } = this.#tables;
    return guarded(() =>
      this.#tables.transaction('rw', [runs, bodies, attachments, chunks], async () => {
        const row = await runs.get(from.id);
        if (row?.state !== from.state || row.attempts !== from.attempts) return false;
        const remoteId = row.remote_id === '' ? (to.remote_id ?? '') : row.remote_id;
        await runs.put({
          ...row,
          ...to,
          id: row.id,
          seq: row.seq,
          carried_from: row.carried_from,
          remote_id: remoteId,
        });
        if (to.state === 'DELIVERED') {
          await bodies.delete(row.id);
          await files.dropChunks(this.#tables, await attachments.where('run').equals(row.id).primaryKeys());
        }
        return true;
      }),
    );
  }

  /** Rows, bodies and files in one strict transaction; those that are here already stay as they are. */
  async add(fresh: readonly CarriedRun[]): Promise<void> {
    const { runs, bodies, attachments, chunks } = this.#tables;
    await guarded(() =>
      this.#tables.transaction('rw', [runs, bodies, attachments, chunks], async () => {
        const here = await runs.bulkGet(fresh.map(({ row }) => row.id));
        const missing = fresh.filter((_, index) => here[index] === undefined);
        await runs.bulkAdd(missing.map(({ row }) => row));
        await bodies.bulkAdd(missing.map(({ row, body }) => ({ id: row.id, body })));
        for (const { file, bytes } of missing.flatMap((run) => run.files)) {
          await attachments.add(file);
          await chunks.bulkAdd(files.chunksOf(file.id, bytes));
        }
      }),
    );
  }

  lastSeqOf(station: string): Promise<number> {
    return guarded(async () => (await this.#of(station).last())?.seq ?? 0);
  }

  delivered(station: string): Promise<CarriedRow[]> {
    return guarded(() =>
      this.#of(station)
        .filter(({ state }) => state === 'DELIVERED')
        .toArray(),
    );
  }

  async markReceipted(ids: readonly string[], at: string): Promise<void> {
    await guarded(() =>
      this.#tables.runs
        .where('id')
        .anyOf([...ids])
        .modify({ receipted_at: at }),
    );
  }

  keyOf(station: string): Promise<string | undefined> {
    return guarded(async () => (await this.#tables.keys.get(station))?.fingerprint);
  }

  async acceptKey(station: string, fingerprint: string): Promise<void> {
    await guarded(() => this.#tables.keys.put({ station, fingerprint }));
  }

  counts(day: string): Promise<CarriedCounts> {
    const { runs } = this.#tables;
    return guarded(async () => {
      const [waiting, parked, uploadedToday] = await Promise.all([
        runs.where('state').anyOf(WAITING).count(),
        runs.where('state').equals('PARKED').count(),
        runs.where('delivered_day').equals(day).count(),
      ]);
      return { waiting, parked, uploadedToday };
    });
  }

  /** By name; a screen's worth of small rows is read for each. */
  stations(): Promise<CarriedStation[]> {
    return guarded(async () => {
      const sums = new Map<string, { waiting: number; parked: number; delivered: number; receipted: number }>();
      await this.#tables.runs.each(({ carried_from: station, state, receipted_at: receiptedAt }) => {
        const sum = sums.get(station) ?? { waiting: 0, parked: 0, delivered: 0, receipted: 0 };
        sums.set(station, sum);
        if (state === 'PARKED') sum.parked += 1;
        else if (state !== 'DELIVERED') sum.waiting += 1;
        else sum.delivered += 1;
        if (state === 'DELIVERED' && receiptedAt !== undefined) sum.receipted += 1;
      });
      return [...sums]
        .map(([station, sum]) => ({ station, ...sum }))
        .sort((a, b) => a.station.localeCompare(b.station));
    });
  }

  onChange(listener: () => void): () => void {
    return this.#changes.on(listener);
  }

  close(): void {
    this.#changes.close();
    this.#tables.close();
  }

  #of(station: string) {
    return this.#tables.runs.where('[carried_from+seq]').between([station, Dexie.minKey], [station, Dexie.maxKey]);
  }
}

async function guarded<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storageFault(thrown);
  }
}
