import { expect, test, vi } from 'vitest';
import { DaySum } from '#storage/store/day-sum.ts';
import { rowAtStart } from '#storage/store/row.ts';
import { Tables } from '#storage/store/tables.ts';
import { freshDeps, freshName, freshStore, headerOf, sealRun } from '../fresh-store.ts';

const DAY = '2026-11-20T00:00:00.000Z';
const unit = (serial: string, outcome: 'PASS' | 'FAIL' = 'PASS') => ({ serial_number: serial, outcome });

test('6: the runs of the day are read once, and a first pass is judged within the day', async () => {
  const store = await freshStore();
  await sealRun(store, 'old', { ...unit('SN-1', 'FAIL'), started_at: '2026-11-19T23:00:00.000Z' });
  await sealRun(store, 'a', unit('SN-1'));
  await sealRun(store, 'b', unit('SN-2', 'FAIL'));
  expect(await store.today(DAY)).toEqual({ runs: 2, firstPassYield: 0.5 });
  const { IDBIndex } = await import('fake-indexeddb');
  const read = vi.spyOn(IDBIndex.prototype, 'getAll');
  await sealRun(store, 'c', unit('SN-2'));
  await sealRun(store, 'd', unit('SN-3'));
  read.mockClear();
  expect(await store.today(DAY)).toEqual({ runs: 4, firstPassYield: 2 / 3 });
  expect((read.mock.contexts as IDBIndex[]).map(({ name }) => name)).toEqual(['seq']);
  read.mockRestore();
  expect(await store.today('2026-11-21T00:00:00.000Z')).toEqual({ runs: 0, firstPassYield: 0 });
  expect(await store.today(DAY)).toEqual({ runs: 4, firstPassYield: 2 / 3 });
});

test('6: a run under way counts when it has ended, in its place, however many have ended beside it', async () => {
  const store = await freshStore();
  await sealRun(store, 'a', unit('SN-1'));
  const slow = await store.beginRun(headerOf('slow', { serial_number: 'SN-2' }));
  await sealRun(store, 'b', unit('SN-2'));
  const both = await Promise.all([store.today(DAY), store.today(DAY)]);
  expect(both).toEqual([
    { runs: 2, firstPassYield: 1 },
    { runs: 2, firstPassYield: 1 },
  ]);
  const { recordOf } = await import('#record/run-event.ts');
  const record = { ...recordOf(slow), outcome: 'FAIL' as const, ended_ms: 9 };
  await store.seal('slow', [], record, '{}');
  expect(await store.today(DAY)).toEqual({ runs: 3, firstPassYield: 0.5 });
});

test('6: a long day is read in pieces, so that whoever asks meanwhile is answered between them; many of one moment too', async () => {
  const tables = new Tables(freshName(), freshDeps());
  await tables.open();
  const { IDBIndex } = await import('fake-indexeddb');
  const read = vi.spyOn(IDBIndex.prototype, 'getAll');
  // Eight began in the same moment, which is more than a piece of three holds.
  const minutes = [0, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 7];
  const rows = minutes.map((minute, at) => ({
    ...rowAtStart({
      ...headerOf(`run-${at}`, { started_at: `2026-11-20T08:0${minute}:00.000Z`, serial_number: `SN-${at % 11}` }),
      seq: at + 1,
    }),
    outcome: at % 3 === 0 ? ('FAIL' as const) : ('PASS' as const),
  }));
  await tables.runs.bulkPut(rows);
  const whole = await new DaySum(tables, 1000).today(DAY);
  expect(whole.runs).toBe(16);
  read.mockClear();
  expect(await new DaySum(tables, 3).today(DAY)).toEqual(whole);
  expect(read.mock.calls.length).toBeGreaterThan(4);
  read.mockRestore();
  tables.close();
});
