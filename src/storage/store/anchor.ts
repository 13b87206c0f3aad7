/**
 * A second, tiny memory of how far this station had come, to notice that the browser replaced the store.
 *
 * A damaged store is silently re-created empty (offline-sync, 3.2). The anchor lives in a Storage Bucket of its own
 * where the browser has them, because a default store dies as a whole. It may lag behind the store, never lead it, so
 * it is written relaxed and after the store. A browser that cannot keep one loses only this warning.
 */
export interface Anchor {
  readonly installId: string;
  readonly lastSeq: number;
}

export interface AnchorPort {
  read(): Promise<Anchor | undefined>;
  write(anchor: Anchor): Promise<void>;
  close(): void;
}

/** Not in the DOM library yet. */
interface Buckets {
  open(name: string, options: { persisted: boolean }): Promise<{ readonly indexedDB: IDBFactory }>;
}

const TABLE = 'anchor';
const KEY = 'anchor';

/** @returns null where this browser cannot keep an anchor */
export async function openAnchor(factory: IDBFactory, name: string): Promise<AnchorPort | null> {
  const database = await openDatabase(await bucketOr(factory, name), name).catch(() => null);
  if (!database) return null;
  database.onversionchange = () => database.close();
  return {
    read: () => settled(database.transaction(TABLE).objectStore(TABLE).get(KEY) as IDBRequest<Anchor | undefined>),
    write: async (anchor) => {
      await settled(
        database.transaction(TABLE, 'readwrite', { durability: 'relaxed' }).objectStore(TABLE).put(anchor, KEY),
      );
    },
    close: () => database.close(),
  };
}

async function bucketOr(factory: IDBFactory, name: string): Promise<IDBFactory> {
  const buckets = (globalThis.navigator as { storageBuckets?: Buckets } | undefined)?.storageBuckets;
  if (!buckets) return factory;
  const bucket = await buckets.open(name, { persisted: true }).catch(() => null);
  return bucket?.indexedDB ?? factory;
}

function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('The request failed.', 'UnknownError'));
  });
}
