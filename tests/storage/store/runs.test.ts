import { describe, expect, test } from 'vitest';
import type { RunEvent } from '#record/run-event.ts';
import { recordOf } from '#record/run-event.ts';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, freshStore, headerOf, sealRun } from '../fresh-store.ts';

const measured: RunEvent[] = [
  { kind: 'phase-started', at_ms: 1, key: 'rails', name: 'Rails', section: 'main', attempt: 0 },
  {
    kind: 'measurement',
    at_ms: 2,
    phase: 'rails',
    measurement: { key: 'v', name: 'v', outcome: 'PASS', measured_value: 3.3, validators: [] },
  },
];

describe('beginning and sealing', () => {
  test('2: numbers run 1, 2, 3 across re-opening and beside one another', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const first = await openStore(place);
    const headers = await Promise.all(['a', 'b', 'c'].map((id) => first.beginRun(headerOf(id))));
    expect(headers.map((header) => header.seq).sort()).toEqual([1, 2, 3]);
    first.close();
    const second = await openStore(place);
    expect((await second.beginRun(headerOf('d'))).seq).toBe(4);
  });

  test('2: a begin that fails takes no number and leaves no run', async () => {
    const store = await freshStore();
    await sealRun(store, 'a');
    await expect(store.beginRun(headerOf('a'))).rejects.toMatchObject({ code: 'failed' });
    expect(await store.unfinished()).toEqual([]);
    expect((await store.beginRun(headerOf('b'))).seq).toBe(2);
  });

  test('4: a sealed run is queued with exactly its bytes, and cannot be sealed again', async () => {
    const store = await freshStore();
    const record = await sealRun(store, 'a', { outcome: 'FAIL' });
    expect(await store.sealed('a')).toEqual({
      body: '{"id":"a"}',
      procedureId: record.procedure.id,
      serial: 'SN-000123',
    });
    expect((await store.undelivered())[0]).toMatchObject({ state: 'QUEUED', outcome: 'FAIL', duration_ms: 4200 });
    await expect(store.seal('a', [], record, 'other')).rejects.toMatchObject({ code: 'failed' });
    expect((await store.sealed('a'))?.body).toBe('{"id":"a"}');
  });

  test('4: what is built into a unit stands in its row, so that it can be sent before it', async () => {
    const store = await freshStore();
    await store.beginRun({ ...headerOf('a'), sub_units: { display: 'd-1' } });
    expect((await store.unfinished())[0]).toMatchObject({ sub_units: { display: 'd-1' } });
    const record = { ...recordOf(await store.beginRun(headerOf('b'))), sub_units: { display: 'd-1', mb: 'MB-7' } };
    await store.seal('b', [], record, '{}');
    expect(await store.undelivered()).toMatchObject([{ id: 'b', sub_keys: ['D-1', 'MB-7'] }]);
  });

  test('5: a run that was cut off is found again with what it had measured', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const store = await openStore(place);
    await sealRun(store, 'whole');
    const header = await store.beginRun(headerOf('cut'));
    await store.append('cut', measured.slice(0, 1));
    await store.append('cut', measured.slice(1));
    store.close();

    const again = await openStore(place);
    const [record, ...others] = await again.unfinished();
    expect(others).toEqual([]);
    expect(record).toMatchObject({ ...header, outcome: null });
    expect(record?.phases[0]?.measurements[0]?.measured_value).toBe(3.3);

    await again.append('cut', [{ kind: 'phase-ended', at_ms: 3, phase: 'rails', outcome: 'ERROR' }]);
    expect((await again.record('cut'))?.record.phases[0]?.outcome).toBe('ERROR');
  });

  test('4: the server’s id is written once, identity never', async () => {
    const store = await freshStore();
    await sealRun(store, 'a');
    const [row] = await store.undelivered();
    expect(await store.move(row!, { state: 'DELIVERED', remote_id: 'r1', delivered_day: '2026-11-20' })).toBe(true);
    await store.move({ ...row!, state: 'DELIVERED' }, { remote_id: 'r2', seq: 99, id: 'z' });
    expect((await store.record('a'))?.row).toMatchObject({ id: 'a', seq: 1, remote_id: 'r1' });
  });

  test('7: a row moves only from what the mover saw', async () => {
    const store = await freshStore();
    await sealRun(store, 'a');
    const [row] = await store.undelivered();
    const moves = await Promise.all([1, 2].map((attempts) => store.move(row!, { state: 'CREATING', attempts })));
    expect(moves.filter(Boolean)).toHaveLength(1);
    expect(await store.move(row!, { state: 'PARKED' })).toBe(false);
    expect(await store.move({ ...row!, state: 'CREATING', attempts: 7 }, { state: 'PARKED' })).toBe(false);
  });
});
