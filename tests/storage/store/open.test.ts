import { describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '#base/clock.ts';
import { openStore } from '#storage/store/open.ts';
import { NATIVE_VERSION, Tables } from '#storage/store/tables.ts';
import { freshDeps, freshName, freshStore, headerOf, sealRun } from '../fresh-store.ts';

/** Limits pass at once. */
const hasty: Clock = { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(20, signal) };

function newer(place: { name: string; deps: ReturnType<typeof freshDeps> }): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = place.deps.indexedDB.open(place.name, NATIVE_VERSION + 10);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

describe('opening and losing', () => {
  test('1: every transaction is strict', async () => {
    const tables = new Tables(freshName(), freshDeps());
    expect((tables as unknown as { _options: object })._options).toMatchObject({
      chromeTransactionDurability: 'strict',
      autoOpen: false,
      cache: 'disabled',
    });
  });

  test('9: an open that another tab blocks ends in words', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const old = place.deps.indexedDB.open(place.name, 1);
    await new Promise((resolve) => (old.onsuccess = resolve));
    await expect(openStore({ ...place, clock: hasty })).rejects.toMatchObject({ code: 'blocked' });
    old.result.close();
  });

  test('9: a newer version takes the database; the store says so and stays closed', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const store = await openStore(place);
    const lost = vi.fn();
    store.onLost(lost);
    await newer(place);
    expect(lost).toHaveBeenCalledWith(expect.objectContaining({ code: 'closed' }));
    await expect(store.recent(1)).rejects.toMatchObject({ code: 'closed' });
    await expect(store.append('a', [])).rejects.toMatchObject({ code: 'closed' });
  });

  test('9: a full disk is said as such, for rows and for the journal', async () => {
    const store = await freshStore({ clock: hasty });
    await store.beginRun(headerOf('a'));
    const quota = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const add = vi.spyOn((await import('fake-indexeddb')).IDBObjectStore.prototype, 'add').mockImplementation(quota);
    const put = vi.spyOn((await import('fake-indexeddb')).IDBObjectStore.prototype, 'put').mockImplementation(quota);
    await expect(store.append('a', [])).rejects.toMatchObject({ code: 'full' });
    await expect(store.beginRun(headerOf('b'))).rejects.toMatchObject({ code: 'full' });
    add.mockRestore();
    put.mockRestore();
    expect((await store.beginRun(headerOf('c'))).seq).toBe(2);
    expect((await store.unfinished()).map((record) => record.id)).toEqual(['a', 'c']);
  });

  test('10: `existing` opens what is there and creates nothing', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    await expect(openStore({ ...place, existing: true })).rejects.toMatchObject({ code: 'absent' });
    expect(await place.deps.indexedDB.databases()).toEqual([]);
    await sealRun(await openStore(place), 'a');
    const second = await openStore({ ...place, existing: true });
    expect(await second.undelivered()).toHaveLength(1);
    second.close();
    (await newer(place)).close();
    await expect(openStore({ ...place, existing: true })).rejects.toMatchObject({ code: 'absent' });
  });
});
