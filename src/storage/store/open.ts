/**
 * Opening the store: within a time limit, at the right version, and with a look whether it still is the same store.
 *
 * The page's worker opens, upgrades and mends; a service worker passes `existing` and then never creates, upgrades or
 * mends anything. Knows nothing of what is stored.
 */
import { type Clock, systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { storageFault } from '#storage/fault.ts';
import { Changes } from '#storage/store/changes.ts';
import { DexieStore } from '#storage/store/dexie-store.ts';
import { mend, type Place } from '#storage/store/recovery.ts';
import { openShadow } from '#storage/store/shadow.ts';
import { look } from '#storage/store/sighting.ts';
import { StateCounts } from '#storage/store/state-counts.ts';
import { DATABASE_NAME, type Deps, NATIVE_VERSION, Tables } from '#storage/store/tables.ts';

/** A world that mends nothing. */
const ASLEEP = { anchor: null, compareCopies: async () => [] };

export interface OpenOptions {
  readonly name?: string;
  /** Only open what is there, at exactly this version: for a service worker. */
  readonly existing?: boolean;
  readonly clock?: Clock;
  /** Another IndexedDB than this world's own. */
  readonly deps?: Deps;
  readonly newId?: () => string;
}

/** A connection that ignores `versionchange` keeps an upgrade waiting for ever; an operator waits no longer than this. */
const OPEN_LIMIT_MS = 5_000;

/** `Store`, what the outbox needs (sync/outbox/ports.ts), and news of a loss. */
export type LocalStore = DexieStore;

/** @throws {StorageFault} `blocked`, `absent` (only with `existing`), `full`, `failed` */
export async function openStore(options: OpenOptions = {}): Promise<LocalStore> {
  const { name = DATABASE_NAME, clock = systemClock, deps, existing = false, newId = randomId } = options;
  const factory = deps?.indexedDB ?? globalThis.indexedDB;
  if (!factory)
    throw new Fault(
      'failed',
      'This browser has no IndexedDB.',
      'Use a current Chrome or Edge, not in a private window.',
    );
  const site: Site = { factory, name, clock, deps };
  // A service worker creates nothing: it waits until it has seen a store.
  let opening = existing ? null : openShadow(factory, `${name}-shadow`);
  let place: OpenPlace | undefined;
  try {
    // Before Dexie, which hides that the browser has just put an empty database in the place of a damaged one.
    const first = await within(clock, look(factory, name));
    if (existing && first.version === 0) throw absent();
    const shadow = await (opening ??= openShadow(factory, `${name}-shadow`));
    // The anchor first: it follows the store, so a store that is read later can only be further.
    const known = await shadow?.anchor().catch(() => undefined);
    const generation = known?.generation ?? 1;
    const sighting = generation === 1 ? first : await within(clock, look(factory, nameOf(name, generation)));
    if (existing && sighting.version !== NATIVE_VERSION) throw absent();

    const opened = await openPlace(site, sighting.version === null ? generation + 1 : generation);
    place = opened;
    const renew = async () => {
      close(opened);
      const isGone = await within(clock, erase(factory, opened.tables.name)).then(
        () => true,
        () => false,
      );
      return (place = await openPlace(site, isGone ? opened.generation : opened.generation + 1));
    };
    const mended = existing ? ASLEEP : await mend({ place, known, shadow, sighting, clock, newId, renew });
    return new DexieStore({ ...place, clock, shadow, ...mended });
  } catch (thrown) {
    if (place) close(place);
    void opening?.then((shadow) => shadow?.close());
    throw storageFault(thrown);
  }
}

interface Site {
  readonly factory: IDBFactory;
  readonly name: string;
  readonly clock: Clock;
  readonly deps: Deps | undefined;
}

interface OpenPlace extends Place {
  readonly changes: Changes;
}

async function openPlace({ name, clock, deps }: Site, generation: number): Promise<OpenPlace> {
  const tables = new Tables(nameOf(name, generation), deps);
  const changes = new Changes(tables.name, clock);
  const place = { tables, generation, changes, states: new StateCounts(tables, changes) };
  try {
    await within(clock, tables.open());
    return place;
  } catch (thrown) {
    close(place);
    throw thrown;
  }
}

function close({ tables, changes }: OpenPlace): void {
  changes.close();
  tables.close();
}

export function nameOf(name: string, generation: number): string {
  return generation === 1 ? name : `${name}-${generation}`;
}

function absent(): Fault<'absent'> {
  return new Fault('absent', 'Nothing is stored here at this version.', 'Open the app: it prepares its storage.');
}

function randomId(): string {
  return crypto.randomUUID();
}

function erase(factory: IDBFactory, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new DOMException('It could not be deleted.', 'UnknownError'));
  });
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
