/** What an opening leaves for later, and that it may. */
import { describe, expect, test, vi } from 'vitest';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, meddle, sealRun, wipe } from '../fresh-store.ts';

const freshPlace = () => ({ name: freshName(), deps: freshDeps() });
const shadowOf = (place: ReturnType<typeof freshPlace>) => ({ ...place, name: `${place.name}-shadow` });

async function sealed(ids: readonly string[]) {
  const place = freshPlace();
  const store = await openStore(place);
  for (const id of ids) await sealRun(store, id);
  store.close();
  return place;
}

const states = async (store: Awaited<ReturnType<typeof openStore>>) =>
  (await store.undelivered()).map(({ id, state }) => `${id} ${state}`);

describe('a store in which no number is missing', () => {
  test('12: it opens without a list of what either copy holds', async () => {
    const place = await sealed(['a', 'b']);
    const { IDBIndex, IDBObjectStore } = await import('fake-indexeddb');
    const lists = [vi.spyOn(IDBObjectStore.prototype, 'getAllKeys'), vi.spyOn(IDBIndex.prototype, 'getAllKeys')];
    const store = await openStore(place);
    // Of runs under way only.
    expect(lists.map(({ mock }) => mock.calls.length)).toEqual([0, 1]);
    lists.forEach((spy) => spy.mockRestore());
    await store.upkeep.compareCopies();
    expect(await states(store)).toEqual(['a QUEUED', 'b QUEUED']);
    expect(await store.upkeep.unread()).toEqual([]);
  });

  test('13: a run that the second copy does not know is looked up, and copied', async () => {
    const place = await sealed(['a', 'b']);
    await meddle(shadowOf(place), ['runs'], (at) => at('runs').delete('a'));
    const store = await openStore(place);
    await store.upkeep.compareCopies();
    expect(await states(store)).toEqual(['a AMBIGUOUS', 'b QUEUED']);
    store.close();
    await wipe(place);
    expect(await states(await openStore(place))).toEqual(['a AMBIGUOUS', 'b AMBIGUOUS']);
  });

  test('13: a run that is sent before the copies were compared is looked up too', async () => {
    const place = await sealed(['a']);
    await meddle(shadowOf(place), ['runs'], (at) => at('runs').delete('a'));
    const store = await openStore(place);
    const [a] = await store.undelivered();
    expect(await store.move(a!, { state: 'CREATING', attempts: 1 })).toBe(false);
    expect(await states(store)).toEqual(['a AMBIGUOUS']);
  });

  test('13: a run that is sealed meanwhile is nobody’s doubt', async () => {
    const place = await sealed(['a']);
    const store = await openStore(place);
    // As between the two writes of a sealing: in the store, and not in the second copy yet.
    await sealRun(store, 'b');
    await meddle(shadowOf(place), ['runs'], (at) => at('runs').delete('b'));
    await store.upkeep.compareCopies();
    expect(await states(store)).toEqual(['a QUEUED', 'b QUEUED']);
  });

  test('14: a run that waits and cannot be read is told, and mended at the next opening', async () => {
    const place = await sealed(['a', 'b']);
    const store = await openStore(place);
    const { IDBIndex } = await import('fake-indexeddb');
    const broken = vi.spyOn(IDBIndex.prototype, 'getAll').mockImplementation(() => {
      throw new DOMException('Seek failure', 'UnknownError');
    });
    await store.upkeep.readWaiting();
    broken.mockRestore();
    expect((await store.upkeep.unread()).map(({ code }) => code)).toEqual(['unreadable']);
    store.close();
    const again = await openStore(place);
    expect((await again.upkeep.unread()).map(({ code }) => code)).toEqual(['unreadable', 'repaired']);
    expect(await states(again)).toEqual(['a QUEUED', 'b QUEUED']);
    again.close();
    expect((await (await openStore(place)).upkeep.unread()).length).toBe(2);
  });

  test('12: a copy that cannot be made is told', async () => {
    const place = await sealed(['a']);
    await meddle(shadowOf(place), ['runs'], (at) => at('runs').delete('a'));
    const store = await openStore(place);
    const { IDBObjectStore } = await import('fake-indexeddb');
    const put = IDBObjectStore.prototype.put;
    const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...args: unknown[]
    ) {
      if (this.transaction.db.name.endsWith('-shadow')) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this as never, args as never);
    } as never);
    await store.upkeep.compareCopies();
    spy.mockRestore();
    expect((await store.upkeep.unread()).map(({ code }) => code)).toEqual(['single-copy']);
    expect(await states(store)).toEqual(['a AMBIGUOUS']);
  });
});
