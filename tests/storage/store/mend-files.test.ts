/** Rule 12 for files: what an undelivered run brought along lies in two stores, and comes back from either. */
import { describe, expect, test } from 'vitest';
import { openStore, type LocalStore } from '#storage/store/open.ts';
import { freshDeps, freshName, headerOf, meddle, wipe } from '../fresh-store.ts';

const freshPlace = () => ({ name: freshName(), deps: freshDeps() });
type Place = ReturnType<typeof freshPlace>;
const copyOf = (place: Place) => ({ ...place, name: `${place.name}-shadow-files` });

/** More than one transaction of chunks, and a last chunk that is not full. */
const large = Uint8Array.from({ length: 17 * 256 * 1024 + 5 }, (_, at) => (at * 7 + (at >> 8)) % 251);
const small = new TextEncoder().encode('1,2,3');

async function sealWithFiles(store: LocalStore, id: string): Promise<void> {
  await store.beginRun(headerOf(id));
  await store.addAttachment(id, { name: 'small.csv', contentType: 'text/csv', bytes: small });
  await store.addAttachment(id, { name: 'large.bin', contentType: 'application/octet-stream', bytes: large });
  const record = (await store.unfinished()).find((run) => run.id === id)!;
  const end = { kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false } as const;
  await store.seal(id, [end], record, JSON.stringify({ id }));
}

const rowIn = async (store: LocalStore, id: string) => (await store.undelivered()).find((row) => row.id === id)!;
const deliver = async (store: LocalStore, id: string) =>
  store.move(await rowIn(store, id), { state: 'DELIVERED', remote_id: 'r', delivered_day: '2026-11-20' });

/** How many entries a table of the second copy has. */
async function countIn(place: Place, table: string): Promise<number> {
  let count = 0;
  await meddle(copyOf(place), [table], (at) => {
    const asked = at(table).count();
    asked.onsuccess = () => (count = asked.result);
  });
  return count;
}

describe('12: files of undelivered runs', () => {
  test('come back with their run from an emptied store, byte for byte, to begin their way anew', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealWithFiles(store, 'a');
    const [first] = await store.attachments('a');
    await store.moveAttachment(first!, { state: 'LINKING', remote_id: 'f1' });
    store.close();
    await wipe(place);

    const again = await openStore(place);
    expect(await again.undelivered()).toMatchObject([{ id: 'a', state: 'AMBIGUOUS', attachments: 2, came_back: true }]);
    expect(await again.attachments('a')).toMatchObject([
      { name: 'small.csv', state: 'STAGED', remote_id: '', size: 5 },
      { name: 'large.bin', state: 'STAGED', size: large.length },
    ]);
    expect(await again.attachmentBytes('a/0')).toEqual(small);
    expect((await again.attachmentBytes('a/1'))?.every((byte, at) => byte === large[at])).toBe(true);
  });

  test('are given up when the run is delivered, and those of others stay', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealWithFiles(store, 'a');
    await sealWithFiles(store, 'b');
    await deliver(store, 'a');
    await expect.poll(() => countIn(place, 'files')).toBe(2);
    expect(await countIn(place, 'chunks')).toBe(1 + 18);
    await deliver(store, 'b');
    await expect.poll(() => countIn(place, 'chunks')).toBe(0);
  });

  test('that stayed behind when the station stopped in the middle are given up by the upkeep', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealWithFiles(store, 'a');
    await sealWithFiles(store, 'b');
    await deliver(store, 'a');
    store.close();
    const again = await openStore(place);
    await again.upkeep.reduce({ keepRuns: 10, keepDays: 10_000 });
    expect(await countIn(place, 'files')).toBe(2);
    expect(await again.attachmentBytes('b/0')).toEqual(small);
  });

  test('lost from the store while their run stayed, or damaged in it: put back when they are asked for', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealWithFiles(store, 'a');
    await meddle(place, ['attachments', 'chunks'], (at) => {
      at('attachments').delete('a/0');
      at('chunks').delete(['a/0', 0]);
      at('chunks').put({ id: 'a/1', n: 3, bytes: new Uint8Array(256 * 1024) });
    });
    expect(await store.attachments('a')).toHaveLength(2);
    expect(await store.attachmentBytes('a/0')).toEqual(small);
    expect((await store.attachmentBytes('a/1'))?.every((byte, at) => byte === large[at])).toBe(true);
    expect((await store.upkeep.unread()).map(({ code, message }) => [code, message])).toEqual([
      ['quarantined', 'large.bin was damaged on this disk and came back from the second copy.'],
    ]);
  });

  test('damaged in both are never given out', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealWithFiles(store, 'a');
    await meddle(place, ['chunks'], (at) => at('chunks').put({ id: 'a/0', n: 0, bytes: new Uint8Array(5) }));
    await meddle(copyOf(place), ['chunks'], (at) => at('chunks').put(new Uint8Array(5), ['a/0', 0]));
    expect(await store.attachmentBytes('a/0')).toBeUndefined();
  });

  test('are copied again into a second copy that was lost', async () => {
    const place = freshPlace();
    const store = await openStore(place);
    await sealWithFiles(store, 'a');
    store.close();
    await wipe({ ...place, name: `${place.name}-shadow` });
    await wipe(copyOf(place));
    const again = await openStore(place);
    const names = async () => (await place.deps.indexedDB.databases()).map(({ name }) => name);
    await expect.poll(names).toContain(copyOf(place).name);
    await expect.poll(() => countIn(place, 'files')).toBe(2);
    expect(await countIn(place, 'chunks')).toBe(19);
    again.close();
  });
});
