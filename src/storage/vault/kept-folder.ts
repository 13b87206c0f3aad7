/**
 * The folder that a person picked for copies of runs: its handle, and what is wished of it.
 *
 * A handle can be kept in IndexedDB and nowhere else. It lies in a Storage Bucket of its own where there are buckets, so
 * that it outlives the loss of this station's store: that is when the folder is needed. Knows nothing of folders.
 */
import { storageFault } from '#storage/fault.ts';

export interface KeptFolder {
  /** A FileSystemDirectoryHandle; nobody here looks inside. */
  readonly handle: object;
  /** Runs delivered up to this number are not copied any more: TofuPilot had them before the folder was picked. */
  readonly since_seq: number;
  /** Delivered runs stay in the folder for ever, whatever retention says. */
  readonly keeps_delivered: boolean;
}

/** Not in the DOM library yet. */
interface Buckets {
  open(name: string, options: { persisted: boolean }): Promise<Bucket>;
}

interface Bucket {
  readonly indexedDB: IDBFactory;
}

const NAME = 'fieldbench-folder';
const TABLE = 'folder';
const KEY = 'picked';

export class FolderKeeper {
  readonly #name: string;
  /** The bucket is held as long as this object: Chromium would collect it as garbage under an open database. */
  #home: Promise<{ readonly bucket: Bucket | null; readonly factory: IDBFactory }> | undefined;

  constructor(name = NAME) {
    this.#name = name;
  }

  /** @throws {StorageFault} `failed` */
  get(): Promise<KeptFolder | undefined> {
    return this.#with('readonly', (table) => table.get(KEY) as IDBRequest<KeptFolder | undefined>);
  }

  /** @throws {StorageFault} `full`, `failed` */
  async set(folder: KeptFolder | undefined): Promise<void> {
    await this.#with<unknown>(
      'readwrite',
      (table) => (folder ? table.put(folder, KEY) : table.delete(KEY)) as IDBRequest<unknown>,
    );
  }

  async #with<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    let database: IDBDatabase | undefined;
    try {
      this.#home ??= homeOf(this.#name);
      const { factory } = await this.#home;
      const opening = factory.open(this.#name, 1);
      opening.onupgradeneeded = () => void opening.result.createObjectStore(TABLE);
      database = await settled(opening);
      const transaction = database.transaction(TABLE, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(TABLE));
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new DOMException('It was aborted.', 'AbortError'));
      });
      return request.result;
    } catch (thrown) {
      throw storageFault(thrown);
    } finally {
      database?.close();
    }
  }
}

async function homeOf(name: string) {
  const buckets = (globalThis.navigator as { storageBuckets?: Buckets } | undefined)?.storageBuckets;
  const bucket = (await buckets?.open(name, { persisted: true }).catch(() => null)) ?? null;
  return { bucket, factory: bucket?.indexedDB ?? indexedDB };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('The request failed.', 'UnknownError'));
  });
}
