/**
 * What a station's health keeps between two starts, in the settings of the store: who it is, its counts, its log.
 *
 * Above: health-desk.ts. A count that was told to a server is on disk before, so that none ever runs backwards.
 */
import type { Installation } from '#fleet/health/installation.ts';
import { LogShelf, type LogEntry } from '#fleet/health/log-shelf.ts';
import type { Store } from '#storage/store/store.ts';

const INSTALLATION = 'health-installation';
const LOG = 'health-log';
/** Written by the store itself at its first opening, and kept in both of its memories. */
const STORE_ID = 'install';

interface KeptLog {
  readonly entries: readonly LogEntry[];
  readonly dropped: number;
}

export interface Remembered {
  /** undefined: this browser's data never was a station. */
  readonly installation: Installation | undefined;
  readonly storeId: string;
  readonly shelf: LogShelf;
}

export async function remember(store: Pick<Store, 'get'>, newId: () => string): Promise<Remembered> {
  const [installation, storeId, log] = await Promise.all([
    store.get<Installation>(INSTALLATION),
    store.get<string>(STORE_ID),
    store.get<KeptLog>(LOG),
  ]);
  return { installation, storeId: storeId ?? newId(), shelf: new LogShelf(log?.entries, log?.dropped) };
}

export function keepInstallation(store: Pick<Store, 'set'>, installation: Installation): Promise<void> {
  return store.set(INSTALLATION, installation);
}

export function keepLog(store: Pick<Store, 'set'>, { entries, dropped }: LogShelf): Promise<void> {
  return store.set(LOG, { entries, dropped } satisfies KeptLog);
}
