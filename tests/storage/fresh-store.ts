/** A store in a memory of its own, and headers and records to put into it. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunOutcome, RunRecord } from '#record/run-record.ts';
import { openStore, type LocalStore, type OpenOptions } from '#storage/store/open.ts';

export type Deps = NonNullable<OpenOptions['deps']>;

export function freshDeps(): Deps {
  return { indexedDB: new IDBFactory(), IDBKeyRange };
}

let databases = 0;

/** Each its own name: Dexie tells changes by name, across every instance of the process. */
export function freshName(): string {
  return `test-${++databases}`;
}

export function headerOf(id: string, change: Partial<RunHeader> = {}): Omit<RunHeader, 'seq'> {
  return {
    id,
    station_id: 'taipei-line1-042',
    slot: '1',
    serial_number: 'SN-000123',
    started_at: '2026-11-20T08:00:00.000Z',
    procedure: {
      id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      name: 'Power board',
      version: '3.2.0',
      release: 'sha256:00',
      development: false,
    },
    parameters: {},
    app_version: '0.1.0',
    browser: 'Chrome 156',
    fixture: 'fixture=ACME,FX-1',
    operator: '',
    clock_offset_ms: 0,
    simulated: true,
    plan: [],
    ...change,
  };
}

export interface RunPlan extends Partial<RunHeader> {
  readonly outcome?: RunOutcome;
  readonly durationMs?: number;
}

/** Begins, ends and seals one run. */
export async function sealRun(store: LocalStore, id: string, plan: RunPlan = {}): Promise<RunRecord> {
  const { outcome = 'PASS', durationMs = 4200, ...change } = plan;
  const header = await store.beginRun(headerOf(id, change));
  const record = recordOf(header);
  const end: RunEvent = { kind: 'run-ended', at_ms: durationMs, outcome, interrupted: false };
  applyEvent(record, end);
  await store.seal(id, [end], record, JSON.stringify({ id }));
  return record;
}

export async function freshStore(options: OpenOptions = {}): Promise<LocalStore> {
  return openStore({ name: freshName(), deps: freshDeps(), ...options });
}

/** What the browser does to a damaged store: the next open finds nothing. */
export function wipe({ name, deps }: { readonly name: string; readonly deps: Deps }): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = deps.indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** One transaction on the raw database, behind the back of every store. */
export async function meddle(
  { name, deps }: { readonly name: string; readonly deps: Deps },
  tables: string[],
  work: (at: (table: string) => IDBObjectStore) => void,
): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = deps.indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction(tables, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    work((table) => transaction.objectStore(table));
  });
  database.close();
}
