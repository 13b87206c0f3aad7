import { describe, expect, test } from 'vitest';
import type { RunRow } from '#record/run-row.ts';
import { freshStore, headerOf, sealRun } from '../fresh-store.ts';

const ids = (rows: readonly RunRow[]) => rows.map((row) => row.id);

describe('lists', () => {
  test('6: history is newest first, pages by number, and leaves out the run under way', async () => {
    const store = await freshStore();
    for (const id of ['a', 'b', 'c', 'd']) await sealRun(store, id);
    await store.beginRun(headerOf('running'));
    expect(ids(await store.recent(2))).toEqual(['d', 'c']);
    expect(ids(await store.history({ beforeSeq: 3, limit: 10 }))).toEqual(['b', 'a']);
  });

  test('6: search matches serial numbers from their start, without case, few matches or many', async () => {
    const store = await freshStore();
    await sealRun(store, 'a', { serial_number: 'sn-1' });
    await sealRun(store, 'b', { serial_number: 'XY-1' });
    await sealRun(store, 'c', { serial_number: 'SN-12' });
    expect(ids(await store.history({ limit: 10, search: ' Sn-1' }))).toEqual(['c', 'a']);
    expect(ids(await store.history({ limit: 1, search: 'sn' }))).toEqual(['c']);
    expect(ids(await store.history({ limit: 5, search: 'n-1' }))).toEqual([]);
    for (let n = 0; n < 1005; n++) await sealRun(store, `m${n}`, { serial_number: `SN-${n}` });
    expect(ids(await store.history({ limit: 2, search: 'SN-', beforeSeq: 5 }))).toEqual(['m0', 'c']);
  }, 30_000);

  test('6: the queue goes by number, parked runs first; counts agree', async () => {
    const store = await freshStore();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await sealRun(store, id);
    const [a, b, c, , e] = await store.undelivered();
    await store.move(a!, { state: 'PARKED' });
    await store.move(b!, { state: 'AMBIGUOUS' });
    await store.move(c!, { state: 'DELIVERED', delivered_day: '2026-11-20' });
    await store.move(e!, { state: 'CREATING' });
    expect(ids(await store.queue(10))).toEqual(['a', 'b', 'd', 'e']);
    expect(ids(await store.queue(2))).toEqual(['a', 'b']);
    expect(ids(await store.undelivered())).toEqual(['a', 'b', 'd', 'e']);
    expect(await store.counts('2026-11-20')).toEqual({ waiting: 3, parked: 1, uploadedToday: 1 });
    expect(await store.counts('2026-11-21')).toEqual({ waiting: 3, parked: 1, uploadedToday: 0 });
  });

  test('6: today counts first passes by unit; the usual time is a median of passing runs', async () => {
    const store = await freshStore();
    await sealRun(store, 'old', { started_at: '2026-11-19T15:00:00.000Z', durationMs: 1000 });
    await sealRun(store, 'a', { serial_number: 'SN-1', outcome: 'FAIL', durationMs: 99 });
    await sealRun(store, 'b', { serial_number: 'sn-1', durationMs: 3000 });
    await sealRun(store, 'c', { serial_number: 'SN-2', durationMs: 4000 });
    expect(await store.today('2026-11-19T16:00:00.000Z')).toEqual({ runs: 3, firstPassYield: 0.5 });
    expect(await store.usualMs('7c9e6679-7425-40de-944b-e07fc1f90ae7')).toBe(3000);
    expect(await store.usualMs('none')).toBe(0);
  });

  test('settings, releases and the hold are kept by name', async () => {
    const store = await freshStore();
    await store.set('station', { name: 'x' });
    expect(await store.get('station')).toEqual({ name: 'x' });
    await store.set('station', undefined);
    expect(await store.get('station')).toBeUndefined();
    const release = { release: 'sha256:1', folder: 'demo', saved_at: '', procedure: { name: 'p' }, bench: null };
    await store.saveRelease(release);
    expect(await store.release('sha256:1')).toEqual(release);
    await store.setHold({ code: 'payment', message: 'm', since_ms: 1 });
    expect((await store.hold())?.code).toBe('payment');
    await store.setHold(undefined);
    expect(await store.hold()).toBeUndefined();
  });
});
