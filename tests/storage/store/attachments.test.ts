import Dexie from 'dexie';
import { describe, expect, test } from 'vitest';
import type { NewAttachment } from '#record/attachment.ts';
import { openStore } from '#storage/store/open.ts';
import { reduce } from '#storage/store/retention.ts';
import { Tables } from '#storage/store/tables.ts';
import { freshDeps, freshName, freshStore, headerOf, meddle, sealRun } from '../fresh-store.ts';
import { rowOf } from '../../sync/memory-outbox.ts';

const CHUNK_BYTES = 256 * 1024;

function fileOf(size: number, name = 'trace.csv'): NewAttachment {
  const bytes = Uint8Array.from({ length: size }, (_, at) => at * 31 + (at >> 8));
  return { name, contentType: 'text/csv', bytes };
}

describe('attachments', () => {
  test.each([0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
    '18: %i bytes come back as they were',
    async (size) => {
      const store = await freshStore();
      await store.beginRun(headerOf('a'));
      const file = fileOf(size);
      const { id } = await store.addAttachment('a', file);
      expect(await store.attachmentBytes(id)).toEqual(file.bytes);
      expect(await store.attachments('a')).toMatchObject([{ id, name: 'trace.csv', size, state: 'STAGED', n: 0 }]);
    },
  );

  test('18: the row knows how many files go with the run, through sealing; chunks are small', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const store = await openStore(place);
    await store.beginRun(headerOf('a'));
    await store.addAttachment('a', fileOf(2 * CHUNK_BYTES + 9, 'one.bin'));
    // A view into something larger: only what it shows is stored.
    const whole = fileOf(1000);
    await store.addAttachment('a', { ...whole, name: 'two.bin', bytes: whole.bytes.subarray(10, 30) });
    const record = (await store.unfinished())[0]!;
    await store.seal('a', [{ kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false }], record, '{}');
    expect(await store.undelivered()).toMatchObject([{ id: 'a', state: 'QUEUED', attachments: 2 }]);
    const tables = new Tables(place.name, place.deps);
    await tables.open();
    const sizes = (await tables.chunks.toArray()).map(({ bytes }) => bytes.buffer.byteLength);
    expect(sizes).toEqual([CHUNK_BYTES, CHUNK_BYTES, 9, 20]);
    tables.close();
  });

  test('18: a sealed run takes no file more, and a run without files has none', async () => {
    const store = await freshStore();
    await sealRun(store, 'a');
    await expect(store.addAttachment('a', fileOf(1))).rejects.toMatchObject({ code: 'failed' });
    await expect(store.addAttachment('nobody', fileOf(1))).rejects.toMatchObject({ code: 'failed' });
    expect(await store.attachments('a')).toEqual([]);
    expect((await store.undelivered())[0]).not.toHaveProperty('attachments');
  });

  test('1: a name that the server would refuse is refused here', async () => {
    const store = await freshStore();
    await store.beginRun(headerOf('a'));
    await expect(store.addAttachment('a', fileOf(1, ''))).rejects.toMatchObject({ code: 'failed' });
    await expect(store.addAttachment('a', fileOf(1, 'x'.repeat(256)))).rejects.toMatchObject({ code: 'failed' });
  });

  test('18: changed, cut and missing bytes are never given out', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const store = await openStore(place);
    await store.beginRun(headerOf('a'));
    for (let n = 0; n < 3; n++) await store.addAttachment('a', fileOf(CHUNK_BYTES + 5));
    await meddle(place, ['chunks'], (at) => {
      at('chunks').put({ id: 'a/0', n: 1, bytes: new Uint8Array(5) });
      at('chunks').put({ id: 'a/1', n: 1, bytes: new Uint8Array(4) });
      at('chunks').delete(['a/2', 0]);
    });
    // Nor do they come from the second copy, where it has none.
    await meddle({ ...place, name: `${place.name}-shadow-files` }, ['chunks'], (at) => at('chunks').clear());
    for (let n = 0; n < 3; n++) expect(await store.attachmentBytes(`a/${n}`)).toBeUndefined();
  });

  test('7: a file moves only from the state and attempt that the mover saw', async () => {
    const store = await freshStore();
    await store.beginRun(headerOf('a'));
    const file = await store.addAttachment('a', fileOf(1));
    expect(await store.moveAttachment(file, { state: 'STORED', remote_id: 'r' })).toBe(true);
    expect(await store.moveAttachment(file, { state: 'PARKED' })).toBe(false);
    expect(await store.attachments('a')).toMatchObject([{ state: 'STORED', remote_id: 'r', size: 1 }]);
  });

  test('17: bytes leave the disk with a delivered run, and with no other', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const store = await openStore(place);
    for (const id of ['a', 'b']) {
      await store.beginRun(headerOf(id));
      await store.addAttachment(id, fileOf(10));
      const [record] = (await store.unfinished()).filter((run) => run.id === id);
      await store.seal(id, [{ kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false }], record!, '{}');
    }
    const [a, b] = await store.undelivered();
    await store.move(a!, { state: 'DELIVERED' });
    await store.move(b!, { state: 'ATTACHING', remote_id: 'r' });
    const tables = new Tables(place.name, place.deps);
    await tables.open();
    expect(await reduce(tables, { keepRuns: 0, keepDays: 0 }, Date.now() + 1e9)).toEqual(['a']);
    expect(await store.attachmentBytes('a/0')).toBeUndefined();
    expect(await store.attachmentBytes('b/0')).toHaveLength(10);
    expect(await store.counts('2026-11-20')).toMatchObject({ waiting: 1 });
    expect(await store.queue(5)).toMatchObject([{ id: 'b', state: 'ATTACHING' }]);
    tables.close();
  });

  test('5: a store of the first version keeps its runs and takes files', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const first = new Dexie(place.name, place.deps);
    first.version(1).stores({
      runs: 'id, &seq, [serial_key+seq], [state+seq], [procedure_id+outcome+seq], delivered_day, started_at',
      bodies: 'id',
      journal: '[run+n]',
      meta: 'key',
      releases: 'release',
    });
    await first.open();
    await first.table('runs').add(rowOf(1));
    await first.table('bodies').add({ id: 'run-1', body: '{}' });
    await first.table('meta').add({ key: 'last-seq', value: 1 });
    first.close();
    const store = await openStore(place);
    expect(await store.undelivered()).toMatchObject([{ id: 'run-1', seq: 1 }]);
    expect((await store.beginRun(headerOf('new'))).seq).toBe(2);
    await store.addAttachment('new', fileOf(3));
    expect(await store.attachments('new')).toHaveLength(1);
  });
});
