import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { RunEvent } from '#record/run-event.ts';
import { META } from '#storage/store/tables.ts';
import { openReading } from '#storage/store/open-reading.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { FindDesk } from '../../src/history-worker/find-desk.ts';
import { FACTS, rowOf } from '../record/find/sample-rows.ts';
import { freshDeps, freshName, freshStore, headerOf, meddle, sealRun } from '../storage/fresh-store.ts';

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

interface Stage {
  readonly store: LocalStore;
  readonly desk: FindDesk;
  readonly place: { readonly name: string; readonly deps: ReturnType<typeof freshDeps> };
  /** Serial numbers that a search finds. */
  readonly serials: (text: string) => Promise<string[]>;
}

async function stage(prepare: (store: LocalStore, place: Stage['place']) => Promise<void>): Promise<Stage> {
  const place = { name: freshName(), deps: freshDeps() };
  const store = await freshStore(place);
  await prepare(store, place);
  const life = new AbortController();
  const desk = new FindDesk({ open: () => openReading(place), clock: systemClock, onChange: () => {} });
  void desk.run(life.signal);
  ends.push(() => {
    life.abort();
    store.close();
  });
  const serials = async (text: string) => (await desk.find(text)).lines.map((line) => line.serial_number);
  return { store, desk, place, serials };
}

const whole = (desk: FindDesk) =>
  vi.waitFor(async () => {
    const { reads } = await desk.find('');
    expect([reads.isWhole, reads.detailsLeft]).toEqual([true, 0]);
  }, 10_000);

describe('the search over the runs on a disk', () => {
  test('2, 4: everything that is there, newest first, without the run under way', async () => {
    const { desk, serials } = await stage(async (store, place) => {
      await meddle(place, ['runs', 'meta'], (at) => {
        for (let seq = 1; seq <= 400; seq += 1)
          at('runs').put(
            rowOf(seq, { serial_number: `SN-${seq}`, facts: { ...FACTS, operator: seq % 2 ? 'ana' : 'bo' } }),
          );
        at('meta').put({ key: META.lastSeq, value: 400 });
      });
      await store.beginRun(headerOf('running', { serial_number: 'SN-800' }));
    });
    const first = await desk.find('');
    expect(first.lines[0]?.serial_number).toBe('SN-400');
    await whole(desk);
    const all = await desk.find('');
    expect([all.total, all.lines.length]).toEqual([400, 100]);
    expect(await serials('operator:ana sn-40')).toEqual([]);
    expect(await serials('operator:bo sn-40')).toEqual(['SN-400', 'SN-40']);
    expect(await serials('sn-800')).toEqual([]);
    const found = await desk.find('');
    expect(desk.lines(found.number, 350)?.map((line) => line.seq)).toEqual(
      Array.from({ length: 50 }, (_, at) => 50 - at),
    );
    expect((await desk.find('', 10)).anchorAt).toBe(390);
  });

  test('4: a run that ends, and one that is uploaded or parked, are found as they are now', async () => {
    const { store, desk, serials } = await stage(async (fresh) => {
      await sealRun(fresh, 'a', { serial_number: 'SN-1' });
      await sealRun(fresh, 'b', { serial_number: 'SN-2' });
    });
    await whole(desk);
    expect(await serials('upload:waiting')).toEqual(['SN-2', 'SN-1']);
    await sealRun(store, 'c', { serial_number: 'SN-3' });
    await vi.waitFor(async () => expect(await serials('')).toEqual(['SN-3', 'SN-2', 'SN-1']), 3_000);
    const [a, b] = await store.undelivered();
    await store.move(a!, { state: 'DELIVERED', delivered_day: '2026-11-20' });
    await store.move(b!, { state: 'PARKED' });
    await vi.waitFor(async () => expect(await serials('upload:parked')).toEqual(['SN-2']), 3_000);
    expect(await serials('upload:uploaded')).toEqual(['SN-1']);
    await store.correct(
      (await store.undelivered()).find(({ id }) => id === 'b')!,
      '{}',
      { state: 'QUEUED', serial_number: 'SN-22' },
    );
    await vi.waitFor(async () => expect(await serials('sn-22')).toEqual(['SN-22']), 3_000);
  });

  test('2: details of rows that do not have them come from the journal, and what is not kept is said', async () => {
    const { desk, serials } = await stage(async (store, place) => {
      const header = await store.beginRun(
        headerOf('a', { serial_number: 'SN-1', operator: 'ana', batch_number: 'W47' }),
      );
      const events: RunEvent[] = [
        { kind: 'phase-started', at_ms: 0, key: 'rails', name: 'Power rails', section: 'main', attempt: 0 },
        {
          kind: 'measurement',
          at_ms: 1,
          phase: 'rails',
          measurement: { key: 'v', name: 'Rail 3V3', outcome: 'FAIL', measured_value: 1, validators: [] },
        },
        { kind: 'phase-ended', at_ms: 2, phase: 'rails', outcome: 'FAIL' },
        { kind: 'run-ended', at_ms: 3, outcome: 'FAIL', interrupted: false },
      ];
      const record = (await store.unfinished()).find(({ id }) => id === header.id)!;
      record.outcome = 'FAIL';
      await store.seal('a', events, record, '{}');
      await sealRun(store, 'b', { serial_number: 'SN-2', operator: 'bo' });
      await sealRun(store, 'c', { serial_number: 'SN-3', operator: 'cy' });
      // As a version before this one has left them, and one of them reduced to its row.
      await meddle(place, ['runs', 'journal'], (at) => {
        for (const id of ['a', 'b', 'c'])
          at('runs').get(id).onsuccess = ({ target }) => {
            const { facts: _, ...row } = (target as IDBRequest<Record<string, unknown>>).result;
            at('runs').put(row);
          };
        at('journal').delete(rangeOf('c', place));
      });
    });
    await whole(desk);
    expect(await serials('phase:rails measurement:3v3 operator:ana batch:w47')).toEqual(['SN-1']);
    expect(await serials('operator:bo')).toEqual(['SN-2']);
    expect(await serials('operator:cy')).toEqual([]);
    expect(await serials('sn-3')).toEqual(['SN-3']);
    expect((await desk.find('')).reads.bare).toBe(1);
  });

  test('6: lines of an earlier search are not given out as those of a later one', async () => {
    const { desk } = await stage(async (store) => void (await sealRun(store, 'a')));
    const first = await desk.find('sn');
    await desk.find('zz');
    expect(desk.lines(first.number, 0)).toBeNull();
    expect(desk.ids(first.number, 10)).toBeNull();
    const now = await desk.find('sn');
    expect(desk.ids(now.number, 10)).toEqual(['a']);
  });

  test('1: a store that is not there is said and asked for again; it is never made', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    await expect(openReading(place)).rejects.toMatchObject({ code: 'absent' });
    expect(await place.deps.indexedDB.databases()).toEqual([]);
    let tries = 0;
    const life = new AbortController();
    const open = async () => {
      tries += 1;
      if (tries === 1) throw new Fault('closed' as const, 'The database was closed.', 'Reload the page.');
      return openReading(place);
    };
    const desk = new FindDesk({ open, clock: systemClock, onChange: () => {} });
    void desk.run(life.signal);
    ends.push(() => life.abort());
    expect((await desk.find('')).reads.problem).toMatchObject({ code: 'closed' });
    const store = await freshStore(place);
    ends.push(() => store.close());
    await sealRun(store, 'a');
    await vi.waitFor(async () => expect((await desk.find('')).total).toBe(1), 6_000);
    expect((await desk.find('')).reads.problem).toBeNull();
  });

  test('a unit’s runs, whatever its letters, and earlier ones of a procedure', async () => {
    const { desk } = await stage(async (store) => {
      await sealRun(store, 'a', { serial_number: 'sn-1' });
      await sealRun(store, 'b', { serial_number: 'SN-12' });
      await sealRun(store, 'c', { serial_number: 'SN-1' });
    });
    expect((await desk.ofUnit('SN-1')).map(({ id }) => id)).toEqual(['c', 'a']);
    const { procedure_id } = (await desk.find('')).lines[0]!;
    expect((await desk.earlier({ seq: 3, procedure_id }, 10)).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(await desk.earlier({ seq: 3, procedure_id: 'another' }, 10)).toEqual([]);
  });

  test('2: what is asked of all runs is answered when all are read', async () => {
    const { desk } = await stage(async (store, place) => {
      await meddle(place, ['runs', 'meta'], (at) => {
        for (let seq = 1; seq <= 400; seq += 1) at('runs').put(rowOf(seq, { serial_number: seq < 3 ? 'OLD' : 'NEW' }));
        at('meta').put({ key: META.lastSeq, value: 400 });
      });
      await store.get('x');
    });
    const [unit, { reads }] = [await desk.ofUnit('old'), await desk.find('')];
    expect([unit.map(({ seq }) => seq), reads.isWhole]).toEqual([[2, 1], true]);
  });
});

function rangeOf(run: string, { deps }: Stage['place']): IDBKeyRange {
  return deps.IDBKeyRange.bound([run, -Infinity], [run, Infinity]);
}
