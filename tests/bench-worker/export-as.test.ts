import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readRuns } from '#exchange/read-runs.ts';
import { applyEvent, type RunEvent } from '#record/run-event.ts';
import { MOST_RUNS, exportAs } from '../../src/bench-worker/export-as.ts';
import { freshStore, headerOf, sealRun } from '../storage/fresh-store.ts';

const ID = (at: number) => `0191e4a2-6d1c-7c3e-9f41-00000000000${at}`;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function storeWith(...serials: string[]) {
  const store = await freshStore();
  for (const [index, serial_number] of serials.entries())
    await sealRun(store, `0191e4a2-6d1c-7c3e-9f41-00000000000${index}`, { serial_number });
  return store;
}

describe('export as a format', () => {
  test('one run is one file, called after its unit', async () => {
    const store = await storeWith('SN/1', 'SN-2');
    const { name, bytes, runs, hasMore } = await exportAs(store, 'openhtf', {
      id: '0191e4a2-6d1c-7c3e-9f41-000000000000',
    });
    expect([name, runs, hasMore]).toEqual(['SN-1-0191e4a2-6d1c-7c3e-9f41-000000000000.openhtf.json', 1, false]);
    expect(JSON.parse(text(bytes))).toMatchObject({ dut_id: 'SN/1', outcome: 'PASS' });
  });

  test('those that the search finds: together, or in one ZIP', async () => {
    const store = await storeWith('A1', 'A2', 'B1');
    const csv = await exportAs(store, 'csv', { ids: [ID(1), ID(0)], hasMore: false });
    expect([csv.name, csv.runs]).toEqual(['runs.csv', 2]);
    expect(text(csv.bytes).trim().split('\r\n')).toHaveLength(3);
    const zip = await exportAs(store, 'openhtf', { ids: [ID(2), ID(1), ID(0)], hasMore: false });
    expect([zip.name, zip.runs]).toEqual(['runs.openhtf.zip', 3]);
    const records = Object.values(unzipSync(zip.bytes)).map((file) => JSON.parse(text(file)).dut_id);
    expect(records.sort()).toEqual(['A1', 'A2', 'B1']);
  });

  test('files come along where the format holds them', async () => {
    const store = await freshStore();
    await store.beginRun(headerOf('a'));
    await store.addAttachment('a', { name: 'x.txt', contentType: 'text/plain', bytes: new Uint8Array([104, 105]) });
    const record = (await store.unfinished())[0]!;
    const events: RunEvent[] = [
      { kind: 'phase-started', at_ms: 0, key: 'p', name: 'P', section: 'main', attempt: 0 },
      { kind: 'phase-ended', at_ms: 1, phase: 'p', outcome: 'PASS' },
      { kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false },
    ];
    for (const event of events) applyEvent(record, event);
    await store.seal('a', events, record, '{}');
    const { phases } = JSON.parse(text((await exportAs(store, 'openhtf', { id: 'a' })).bytes));
    expect(phases[0].attachments['x.txt']).toMatchObject({ mimetype: 'text/plain', data: 'aGk=' });
  });

  test('no more than a tab can hold, and it says so', async () => {
    const record = {
      ...headerOf('a'),
      seq: 1,
      outcome: 'PASS',
      ended_ms: 1,
      interrupted: false,
      phases: [],
      logs: [],
    } as const;
    const store = {
      record: async () => ({ row: {} as never, record: { ...record, phases: [], logs: [] } }),
      attachments: async () => [],
      attachmentBytes: async () => undefined,
    };
    const ids = Array.from({ length: MOST_RUNS + 1 }, () => 'a');
    expect(await exportAs(store, 'csv', { ids, hasMore: false })).toMatchObject({ runs: MOST_RUNS, hasMore: true });
    expect(await exportAs(store, 'csv', { ids: ['a'], hasMore: true })).toMatchObject({ runs: 1, hasMore: true });
  });

  test('what has been cleared away is counted', async () => {
    const store = await storeWith('A1', 'A2');
    const record = async (id: string) => (id.endsWith('0') ? null : store.record(id));
    const runs = {
      record,
      attachments: async () => [],
      attachmentBytes: async () => undefined,
    };
    expect(await exportAs(runs, 'csv', { ids: [ID(1), ID(0)], hasMore: false })).toMatchObject({ runs: 1, cleared: 1 });
  });

  test('nothing is said as such', async () => {
    const store = await storeWith('A1');
    await expect(exportAs(store, 'csv', { ids: [], hasMore: false })).rejects.toMatchObject({ code: 'nothing' });
    await expect(exportAs(store, 'csv', { id: 'gone' })).rejects.toMatchObject({ code: 'nothing' });
  });

  test('JSON is one run a line, as it is posted, and can be read again', async () => {
    const store = await storeWith('A1', 'A2');
    const { name, bytes } = await exportAs(store, 'json', { ids: [ID(1), ID(0)], hasMore: false });
    expect(name).toBe('runs.json');
    const runs = await readRuns(text(bytes), 0);
    expect(runs.map(({ record }) => record.serial_number)).toEqual(['A2', 'A1']);
    expect((await exportAs(store, 'json', { id: ID(0) })).name).toBe(`A1-${ID(0)}.json`);
  });

  test('reports are one a unit, whatever its letters', async () => {
    const store = await storeWith('A1', 'B/1', 'a1');
    const { name, bytes, runs } = await exportAs(store, 'report', { ids: [ID(2), ID(1), ID(0)], hasMore: false });
    expect([name, runs]).toEqual(['runs.report.zip', 3]);
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toEqual([`a1-${ID(2)}.report.html`, `B-1-${ID(1)}.report.html`]);
    expect(text(files[`a1-${ID(2)}.report.html`]!)).toContain('2 runs of this unit');
    expect((await exportAs(store, 'report', { id: ID(1) })).name).toBe(`B-1-${ID(1)}.report.html`);
  });
});
