import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '#base/clock.ts';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, headerOf, meddle, sealRun, wipe } from '../fresh-store.ts';

const freshPlace = () => ({ name: freshName(), deps: freshDeps() });
const shadowOf = (place: ReturnType<typeof freshPlace>) => ({ ...place, name: `${place.name}-shadow` });

async function codes(store: Awaited<ReturnType<typeof openStore>>): Promise<string[]> {
  return (await store.upkeep.unread()).map(({ code }) => code);
}

describe('a store that was lost, and the second copy', () => {
  test('12: every undelivered run comes back from an emptied store, to be looked up before it is sent', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    for (const id of ['a', 'b', 'c']) await sealRun(store, id);
    const [a] = await store.undelivered();
    await store.move(a!, { state: 'DELIVERED', remote_id: 'r', delivered_day: '2026-11-20' });
    store.close();
    await wipe(place);

    const beforeMs = Date.now();
    const again = await openStore(place);
    expect(await codes(again)).toEqual(['replaced']);
    expect((await again.upkeep.unread())[0]?.message).toContain('2 undelivered runs came back');
    expect((await again.upkeep.unread())[0]?.message).toContain('1 other run is no longer');
    const rows = await again.undelivered();
    expect(rows.map(({ id, seq, state, attempts }) => ({ id, seq, state, attempts }))).toEqual([
      { id: 'b', seq: 2, state: 'AMBIGUOUS', attempts: 1 },
      { id: 'c', seq: 3, state: 'AMBIGUOUS', attempts: 1 },
    ]);
    expect(rows[0]?.sent_at_ms).toBeGreaterThanOrEqual(beforeMs);
    expect((await again.sealed('b'))?.body).toBe('{"id":"b"}');
    expect((await again.record('b'))?.record).toMatchObject({ outcome: 'PASS', seq: 2 });
    expect((await again.beginRun(headerOf('d'))).seq).toBe(4);
  });

  test('12: it is told until a person has read it, and not twice', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealRun(store, 'a');
    store.close();
    await wipe(place);
    (await openStore(place)).close();
    const again = await openStore(place);
    expect(await codes(again)).toEqual(['replaced']);
    await again.upkeep.markRead('replaced');
    again.close();
    expect(await codes(await openStore(place))).toEqual([]);
  });

  test('12: part of the rows lost: they come back, whole, and the rest stays', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    for (const id of ['a', 'b', 'c']) await sealRun(store, id);
    store.close();
    await meddle(place, ['runs', 'bodies', 'journal'], (at) => {
      at('runs').delete('b');
      at('bodies').delete('b');
      at('journal').delete(['b', 0]);
    });
    const again = await openStore(place);
    expect(await codes(again)).toEqual(['repaired']);
    expect((await again.undelivered()).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a QUEUED',
      'b AMBIGUOUS',
      'c QUEUED',
    ]);
    expect((await again.sealed('b'))?.body).toBe('{"id":"b"}');
  });

  test('12: a delivered row that is lost is missed by its number', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    for (const id of ['a', 'b']) await sealRun(store, id);
    const [a] = await store.undelivered();
    await store.move(a!, { state: 'DELIVERED', remote_id: 'r', delivered_day: '2026-11-20' });
    store.close();
    await meddle(place, ['runs'], (at) => at('runs').delete('a'));
    const again = await openStore(place);
    expect((await again.upkeep.unread())[0]).toMatchObject({ code: 'repaired' });
    expect((await again.upkeep.unread())[0]?.message).toContain('1 other run is no longer');
    again.close();
    const third = await openStore(place);
    expect(await third.upkeep.unread()).toHaveLength(1);
  });

  test('13: a store that was put back to an older state never posts without a look', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    for (const id of ['a', 'b', 'c']) await sealRun(store, id);
    const [a, b] = await store.undelivered();
    await store.move(a!, { state: 'CREATING', attempts: 1 });
    await store.move({ ...a!, state: 'CREATING', attempts: 1 }, { state: 'DELIVERED', remote_id: 'r' });
    await store.move(b!, { state: 'CREATING', attempts: 1 });
    await systemClock.sleep(20);
    // The browser has lost its last writes.
    await meddle(place, ['runs'], (at) => {
      at('runs').put(a);
      at('runs').put(b);
    });
    for (const row of await store.undelivered()) {
      const moved = await store.move(row, { state: 'CREATING', attempts: row.attempts + 1 });
      expect([row.id, moved]).toEqual([row.id, row.id === 'c']);
    }
    expect((await store.undelivered()).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a AMBIGUOUS',
      'b AMBIGUOUS',
      'c CREATING',
    ]);
  });

  test('12: damaged bytes come back from the second copy when they are needed', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealRun(store, 'a');
    await sealRun(store, 'b');
    await meddle(place, ['bodies'], (at) => {
      at('bodies').put({ id: 'a', body: '{"id":"x"}' });
      at('bodies').delete('b');
    });
    const told: string[] = [];
    store.upkeep.onIncident(({ code }) => told.push(code));
    expect((await store.sealed('a'))?.body).toBe('{"id":"a"}');
    expect((await store.sealed('b'))?.body).toBe('{"id":"b"}');
    await vi.waitFor(() => expect(told).toEqual(['quarantined', 'quarantined']));
    // Kept apart, for whoever wants to know.
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = place.deps.indexedDB.open(`${place.name}-shadow`);
      request.onsuccess = () => resolve(request.result);
    });
    const all = database.transaction('quarantine').objectStore('quarantine').getAll();
    await new Promise((resolve) => (all.onsuccess = resolve));
    expect(all.result).toMatchObject([{ table: 'bodies', key: 'a', value: { body: '{"id":"x"}' } }, { key: 'b' }]);
  });

  test('12: a lost second copy is made again, and nothing is doubted for it', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealRun(store, 'a');
    store.close();
    await wipe(shadowOf(place));
    const again = await openStore(place);
    expect((await again.undelivered())[0]?.state).toBe('QUEUED');
    // A new second copy is filled beside the work.
    await systemClock.sleep(50);
    again.close();
    await wipe(place);
    const third = await openStore(place);
    expect((await third.undelivered()).map(({ id }) => id)).toEqual(['a']);
  });

  test('14: a run whose journal cannot be read stands apart and in nobody’s way', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await store.beginRun(headerOf('bad'));
    await store.beginRun(headerOf('good'));
    await meddle(place, ['journal'], (at) => at('journal').put({ run: 'bad', n: 0, events: 'rubbish' }));
    expect((await store.unfinished()).map(({ id }) => id)).toEqual(['good']);
    expect(await codes(store)).toEqual(['quarantined']);
    expect((await store.queue(9)).map(({ id, state }) => `${id} ${state}`)).toEqual(['bad PARKED']);
  });

  test('14: a damaged second copy of a lost run is kept apart, and told once', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealRun(store, 'a');
    await sealRun(store, 'b');
    store.close();
    await wipe(place);
    await meddle(shadowOf(place), ['runs'], (at) => {
      const asked = at('runs').get('a');
      asked.onsuccess = () => at('runs').put({ ...asked.result, body: 'rubbish' }, 'a');
    });
    const again = await openStore(place);
    expect(await codes(again)).toEqual(['replaced', 'quarantined']);
    expect((await again.undelivered()).map(({ id }) => id)).toEqual(['b']);
  });

  test('12: a database that opens and cannot be read is made anew, with whatever can be read', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await store.set('station', 'taipei');
    for (const id of ['a', 'b']) await sealRun(store, id);
    store.close();
    const { IDBIndex } = await import('fake-indexeddb');
    let broken = 1;
    const getAll = IDBIndex.prototype.getAll;
    const seek = vi.spyOn(IDBIndex.prototype, 'getAll').mockImplementation(function (
      this: IDBIndex,
      ...args: unknown[]
    ) {
      if (this.name === '[state+seq]' && broken-- > 0) throw new DOMException('Seek failure', 'UnknownError');
      return getAll.apply(this as never, args as never);
    } as never);
    const again = await openStore(place);
    seek.mockRestore();
    expect(await again.get('station')).toBe('taipei');
    expect((await again.undelivered()).map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await again.upkeep.unread())[0]).toMatchObject({ code: 'repaired' });
    expect((await again.upkeep.unread())[0]?.message).toContain('Seek failure');
    expect((await again.beginRun(headerOf('c'))).seq).toBe(3);
  });

  test('12: a database that can be neither opened nor deleted is left behind, for good', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    for (const id of ['a', 'b']) await sealRun(store, id);
    store.close();
    const real = place.deps.indexedDB;
    // The name alone is unusable, as after a damaged header with the SQLite back end.
    const indexedDB = new Proxy(real, {
      get: (factory, key) =>
        key === 'open' || key === 'deleteDatabase'
          ? (name: string, version?: number) => (name === place.name ? failing() : factory[key](name, version))
          : Reflect.get(factory, key),
    });
    const broken = { ...place, deps: { ...place.deps, indexedDB } };
    const again = await openStore(broken);
    expect(await codes(again)).toEqual(['replaced']);
    expect((await again.undelivered()).map(({ id }) => id)).toEqual(['a', 'b']);
    await sealRun(again, 'c');
    again.close();
    const third = await openStore(broken);
    expect((await third.undelivered()).map(({ id, seq }) => `${id} ${seq}`)).toEqual(['a 1', 'b 2', 'c 3']);
    const background = await openStore({ ...broken, existing: true });
    expect(await background.undelivered()).toHaveLength(3);
  });
});

function failing() {
  const request = { error: new DOMException('Internal error opening database.', 'UnknownError') } as unknown as {
    onerror?: (event: { preventDefault(): void }) => void;
  };
  queueMicrotask(() => request.onerror?.({ preventDefault: () => {} }));
  return request;
}
