import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { applyEvent, type RunEvent } from '#record/run-event.ts';
import { MOST_RUNS, exportAs } from '../../src/bench-worker/export-as.ts';
import { freshStore, headerOf, sealRun } from '../storage/fresh-store.ts';

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
    const csv = await exportAs(store, 'csv', { search: 'a' });
    expect([csv.name, csv.runs]).toEqual(['runs.csv', 2]);
    expect(text(csv.bytes).trim().split('\r\n')).toHaveLength(3);
    const zip = await exportAs(store, 'openhtf', { search: '' });
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
      history: async ({ limit, beforeSeq = Infinity }: { limit: number; beforeSeq?: number }) =>
        Array.from({ length: limit }, (_, index) => ({ id: 'a', seq: Math.min(beforeSeq, 1e6) - index - 1 })) as never,
      record: async () => ({ row: {} as never, record: { ...record, phases: [], logs: [] } }),
      attachments: async () => [],
      attachmentBytes: async () => undefined,
    };
    const { runs, hasMore } = await exportAs(store, 'csv', { search: '' });
    expect([runs, hasMore]).toEqual([MOST_RUNS, true]);
  });

  test('what has been cleared away is counted', async () => {
    const store = await storeWith('A1', 'A2');
    const record = async (id: string) => (id.endsWith('0') ? null : store.record(id));
    const runs = {
      history: store.history.bind(store),
      record,
      attachments: async () => [],
      attachmentBytes: async () => undefined,
    };
    expect(await exportAs(runs, 'csv', { search: '' })).toMatchObject({ runs: 1, cleared: 1 });
  });

  test('nothing is said as such', async () => {
    const store = await storeWith('A1');
    await expect(exportAs(store, 'csv', { search: 'zz' })).rejects.toMatchObject({ code: 'nothing' });
    await expect(exportAs(store, 'csv', { id: 'gone' })).rejects.toMatchObject({ code: 'nothing' });
  });
});
