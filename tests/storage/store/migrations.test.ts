/** A stored copy of every released schema, opened by today's code. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openStore } from '#storage/store/open.ts';
import { NATIVE_VERSION, SCHEMA_VERSION } from '#storage/store/tables.ts';
import { type Deps, freshDeps, freshName, headerOf } from '../fresh-store.ts';

interface Copy {
  /** IndexedDB's own. */
  readonly version: number;
  readonly schema: Readonly<
    Record<
      string,
      {
        readonly keyPath: string | string[];
        readonly indexes: readonly {
          readonly name: string;
          readonly keyPath: string | string[];
          readonly unique: boolean;
        }[];
      }
    >
  >;
  readonly tables: Readonly<Record<string, readonly unknown[]>>;
}

const FOLDER = new URL('../fixtures/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => /^version-\d+\.json$/.test(file));
const read = (file: string) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Copy;

async function build({ version, schema, tables }: Copy): Promise<{ name: string; deps: Deps }> {
  const place = { name: freshName(), deps: freshDeps() };
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = place.deps.indexedDB.open(place.name, version);
    request.onupgradeneeded = () => {
      for (const [name, { keyPath, indexes }] of Object.entries(schema)) {
        const store = request.result.createObjectStore(name, { keyPath });
        for (const { name: index, keyPath: path, unique } of indexes) store.createIndex(index, path, { unique });
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction(Object.keys(tables), 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    for (const [name, rows] of Object.entries(tables)) for (const row of rows) transaction.objectStore(name).add(row);
  });
  database.close();
  return place;
}

describe('databases of earlier versions', () => {
  test('every version before today’s has its copy', () => {
    const versions = files.map((file) => read(file).version).sort((a, b) => a - b);
    for (let version = 1; version < SCHEMA_VERSION; version++) expect(versions).toContain(version * 10);
  });

  test.each(files)('18: %s opens with every run, its bytes, its measurements and its settings', async (file) => {
    const copy = read(file);
    const place = await build(copy);
    const store = await openStore(place);
    const runs = copy.tables['runs'] as { id: string; seq: number; state: string }[];
    const bodies = copy.tables['bodies'] as { id: string; body: string }[];
    for (const { id, state, seq } of runs) {
      const found = await store.record(id);
      expect(found?.row).toMatchObject({ id, seq, state });
      expect(found?.record.seq).toBe(seq);
    }
    for (const { id, body } of bodies) expect((await store.sealed(id))?.body).toBe(body);
    const waiting = runs.filter(({ state }) => state !== 'DELIVERED' && state !== 'RUNNING');
    expect((await store.undelivered()).map(({ id }) => id)).toEqual(waiting.map(({ id }) => id));
    expect((await store.unfinished()).map(({ seq }) => seq)).toEqual(
      runs.filter(({ state }) => state === 'RUNNING').map(({ seq }) => seq),
    );
    expect(await store.get('station')).toBe('taipei-line1-042');
    expect(await store.release('sha256:00')).toBeDefined();
    expect(await store.upkeep.unread()).toEqual([]);
    expect((await store.beginRun(headerOf('next'))).seq).toBe(runs.length + 1);
    store.close();
    const database = (await place.deps.indexedDB.databases()).find(({ name }) => name === place.name);
    expect(database?.version).toBe(NATIVE_VERSION);
  });
});
