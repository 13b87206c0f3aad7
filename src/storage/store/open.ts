/**
 * Opening the store: within a time limit, at the right version, and with a look whether it still is the same store.
 *
 * The page's worker opens and upgrades; a service worker passes `existing` and then never creates or upgrades
 * anything. Knows nothing of what is stored.
 */
import { type Clock, systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { storageFault } from '#storage/fault.ts';
import { openAnchor } from '#storage/store/anchor.ts';
import { Changes } from '#storage/store/changes.ts';
import { DexieStore } from '#storage/store/dexie-store.ts';
import { settleLedger } from '#storage/store/ledger.ts';
import { DATABASE_NAME, type Deps, NATIVE_VERSION, Tables } from '#storage/store/tables.ts';

export interface OpenOptions {
  readonly name?: string;
  /** Only open what is there, at exactly this version: for a service worker. */
  readonly existing?: boolean;
  readonly clock?: Clock;
  /** Another IndexedDB than this world's own. */
  readonly deps?: Deps;
  readonly newInstallId?: () => string;
}

/** A connection that ignores `versionchange` keeps an upgrade waiting for ever; an operator waits no longer than this. */
const OPEN_LIMIT_MS = 5_000;

/** `Store`, what the outbox needs (sync/outbox/ports.ts), and news of a loss. */
export type LocalStore = DexieStore;

/** @throws {StorageFault} `blocked`, `absent` (only with `existing`), `full`, `failed` */
export async function openStore(options: OpenOptions = {}): Promise<LocalStore> {
  const { name = DATABASE_NAME, clock = systemClock, deps, existing = false } = options;
  const factory = deps?.indexedDB ?? globalThis.indexedDB;
  if (!factory)
    throw new Fault(
      'failed',
      'This browser has no IndexedDB.',
      'Use a current Chrome or Edge, not in a private window.',
    );
  if (existing) await expectDatabase(factory, name);

  const tables = new Tables(name, deps);
  const anchor = existing ? Promise.resolve(null) : openAnchor(factory, `${name}-anchor`);
  try {
    await within(clock, tables.open());
    const installId = existing ? '' : await settleLedger(tables, await anchor, options.newInstallId ?? randomId);
    return new DexieStore({ tables, changes: new Changes(name, clock), anchor: await anchor, installId });
  } catch (thrown) {
    tables.close();
    void anchor.then((port) => port?.close());
    throw storageFault(thrown);
  }
}

function randomId(): string {
  return crypto.randomUUID();
}

async function expectDatabase(factory: IDBFactory, name: string): Promise<void> {
  const found = (await factory.databases()).find((database) => database.name === name);
  if (found?.version !== NATIVE_VERSION)
    throw new Fault('absent', 'Nothing is stored here at this version.', 'Open the app: it prepares its storage.');
}

async function within<T>(clock: Clock, opening: PromiseLike<T>): Promise<T> {
  const opened = new AbortController();
  const limit = clock.sleep(OPEN_LIMIT_MS, opened.signal).then(() => {
    throw new Fault(
      'blocked',
      'Another tab keeps an older version of the database open.',
      'Close every other tab of this app.',
    );
  });
  try {
    return await Promise.race([opening, limit]);
  } finally {
    opened.abort();
    limit.catch(() => undefined);
  }
}
