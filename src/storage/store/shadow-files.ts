/**
 * The second memory's files: those of runs that are not delivered, in a database beside the runs' own.
 *
 * Apart, so that code from before files still opens the rest; and opened when it is first needed, so that no start waits
 * for it. A file is there as a whole or not at all, and never more of it in memory than a few chunks. Above it: shadow.ts.
 */
import type { Attachment } from '#record/attachment.ts';
import { CHUNK_BYTES, type ReadChunk } from '#storage/store/attachments.ts';

const FILES = 'files';
const CHUNKS = 'chunks';
/** Of one transaction, and so of memory. */
const BATCH_CHUNKS = 16;

export class ShadowFiles {
  readonly #open: () => Promise<IDBDatabase>;
  #database: Promise<IDBDatabase> | null = null;
  /** What is here, by id: most runs have no file, and cost no write when they are delivered. */
  #known: Promise<Map<string, Attachment>> | null = null;

  constructor(open: () => Promise<IDBDatabase>) {
    this.#open = open;
  }

  /** @returns false when a chunk cannot be read; then the file is not here */
  async keep(file: Attachment, read: ReadChunk): Promise<boolean> {
    const count = Math.ceil(file.size / CHUNK_BYTES);
    let from = 0;
    do {
      const batch: [n: number, bytes: Uint8Array<ArrayBuffer>][] = [];
      for (let n = from; n < Math.min(count, from + BATCH_CHUNKS); n++) {
        const bytes = await read(n);
        if (!bytes) return false;
        batch.push([n, bytes]);
      }
      from += BATCH_CHUNKS;
      const isLast = from >= count;
      await this.#write('strict', (at) => {
        for (const [n, bytes] of batch) at(CHUNKS).put(bytes, [file.id, n]);
        if (isLast) at(FILES).put(file, file.id);
      });
    } while (from < count);
    (await this.#files()).set(file.id, file);
    return true;
  }

  async of(run: string): Promise<Attachment[]> {
    const found = [...(await this.#files()).values()].filter((file) => file.run === run);
    return found.sort((a, b) => a.n - b.n);
  }

  async runs(): Promise<string[]> {
    return [...new Set([...(await this.#files()).values()].map(({ run }) => run))];
  }

  chunk(id: string, n: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#ask(CHUNKS, (at) => at.get([id, n]));
  }

  async drop(runs: readonly string[]): Promise<void> {
    const known = await this.#files();
    const gone = [...known.values()].filter(({ run }) => runs.includes(run));
    if (gone.length === 0) return;
    await this.#write('relaxed', (at) => {
      for (const { id, size } of gone) {
        at(FILES).delete(id);
        for (let n = 0; n < Math.ceil(size / CHUNK_BYTES); n++) at(CHUNKS).delete([id, n]);
      }
    });
    for (const { id } of gone) known.delete(id);
  }

  close(): void {
    void this.#database?.then((database) => database.close()).catch(() => undefined);
  }

  async #ask<T>(table: string, work: (at: IDBObjectStore) => IDBRequest): Promise<T> {
    const transaction = (await this.#opened()).transaction(table);
    return settled<T>(work(transaction.objectStore(table)) as IDBRequest<T>);
  }

  async #write(durability: 'strict' | 'relaxed', work: (at: (table: string) => IDBObjectStore) => void): Promise<void> {
    const database = await this.#opened();
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction([FILES, CHUNKS], 'readwrite', { durability });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new DOMException('The write was aborted.', 'AbortError'));
      work((table) => transaction.objectStore(table));
    });
  }

  #files(): Promise<Map<string, Attachment>> {
    this.#known ??= this.#ask<Attachment[]>(FILES, (at) => at.getAll()).then(
      (files) => new Map(files.map((file) => [file.id, file])),
      (thrown: unknown) => {
        this.#known = null;
        throw thrown;
      },
    );
    return this.#known;
  }

  #opened(): Promise<IDBDatabase> {
    // A failure is not kept: the disk may have room again the next time.
    this.#database ??= this.#open().catch((thrown: unknown) => {
      this.#database = null;
      throw thrown;
    });
    return this.#database;
  }
}

export async function openFiles(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(FILES);
    request.result.createObjectStore(CHUNKS);
  };
  const database = await settled(request);
  database.onversionchange = () => database.close();
  return database;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('The request failed.', 'UnknownError'));
  });
}
