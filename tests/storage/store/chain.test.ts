import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEvent, recordOf } from '#record/run-event.ts';
import { eventsOf } from '#storage/store/events-of.ts';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, headerOf, meddle, sealRun } from '../fresh-store.ts';

const sha = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

async function threeRuns() {
  const place = { name: freshName(), deps: freshDeps() };
  const store = await openStore({ ...place, newId: () => 'install-1' });
  for (const id of ['a', 'b', 'c']) await sealRun(store, id);
  await deliver(store);
  return { place, store };
}

/** Delivered runs have no second copy that could mend them. */
async function deliver(store: Awaited<ReturnType<typeof openStore>>): Promise<void> {
  for (const row of await store.undelivered()) await store.move(row, { state: 'DELIVERED', remote_id: row.id });
}

async function breaks(store: Awaited<ReturnType<typeof openStore>>): Promise<string[]> {
  await store.upkeep.verify();
  return (await store.upkeep.unread()).map(({ code, message }) => `${code} ${/run (\d+)/.exec(message)?.[1]}`);
}

describe('the chain of sealed runs', () => {
  test('15: each head follows from the one before, the number and the bytes; the next run carries it', async () => {
    const { store } = await threeRuns();
    let head = sha('install-1');
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      const found = await store.record(id);
      expect(found?.record.chain_prev).toBe(head);
      const body = sha(`{"id":"${id}"}`);
      head = sha(`${head}\n${index + 1}\n${body}`);
      expect(found?.row.chain).toEqual({ n: index + 1, head, body });
    }
    expect(await breaks(store)).toEqual([]);
  });

  test('15: a changed body, a changed link, a removed and an inserted run each show, once', async () => {
    const tamper: [string, (at: (table: string) => IDBObjectStore) => void, string][] = [
      ['body', (at) => at('bodies').put({ id: 'b', body: '{"id":"B"}' }), 'chain-broken 2'],
      ['link', (at) => change(at('runs'), 'b', { seq: 99 }), 'chain-broken 99'],
      ['removed', (at) => at('runs').delete('b'), 'chain-broken 3'],
      ['cut', (at) => at('runs').delete('c'), 'chain-broken 2'],
    ];
    for (const [name, work, expected] of tamper) {
      const { place, store } = await threeRuns();
      await meddle(place, ['runs', 'bodies'], work);
      expect([name, await breaks(store)]).toEqual([name, [expected]]);
      expect([name, await breaks(store)]).toEqual([name, [expected]]);
    }
  });

  test('15: the look is incremental, and goes on with runs that were open meanwhile', async () => {
    const { place, store } = await threeRuns();
    const header = await store.beginRun(headerOf('open'));
    await sealRun(store, 'e');
    expect(await breaks(store)).toEqual([]);
    await meddle(place, ['bodies'], (at) => at('bodies').delete('a'));
    const record = recordOf(header);
    await store.seal('open', [], { ...record, outcome: 'ERROR', ended_ms: 1 }, '{"id":"open"}');
    expect(await breaks(store)).toEqual([]);
    await deliver(store);
    await sealRun(store, 'f');
    await deliver(store);
    await meddle(place, ['bodies'], (at) => at('bodies').put({ id: 'f', body: 'other' }));
    expect(await breaks(store)).toEqual(['chain-broken 6']);
  });

  test('15: runs sealed at the same time follow one another', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const [one, other] = [await openStore(place), await openStore(place)];
    await Promise.all([sealRun(one, 'a'), sealRun(other, 'b'), sealRun(one, 'c'), sealRun(other, 'd')]);
    const places = (await one.undelivered()).map((row) => row.chain?.n).sort();
    expect(places).toEqual([1, 2, 3, 4]);
    expect(await breaks(one)).toEqual([]);
  });

  test('12: the events of a record give that record again', () => {
    const text = fc.string({ maxLength: 8 });
    const ms = fc.nat(99_999);
    const phase = fc.record({
      key: text,
      name: text,
      section: fc.constantFrom('setup', 'main', 'teardown'),
      retry_count: fc.nat(3),
      started_ms: ms,
      ended_ms: ms,
      outcome: fc.constantFrom('PASS', 'FAIL', 'SKIP', 'ERROR'),
      measurements: fc.array(
        fc.record({
          key: text,
          name: text,
          outcome: fc.constant('PASS'),
          measured_value: fc.double(),
          validators: fc.constant([]),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 5 }), fc.option(text, { nil: undefined }), (phases, reason) => {
        const record = {
          ...recordOf({ ...headerOf('a'), seq: 1 }),
          outcome: 'FAIL',
          ended_ms: 5,
          interrupted: true,
          phases,
          logs: [{ level: 'INFO', at_ms: 1, message: 'm', source_file: 'p', line_number: 1 }],
          ...(reason === undefined ? {} : { reason }),
        } as unknown as Parameters<typeof eventsOf>[0];
        const events = eventsOf(record);
        const [first] = events;
        const again = recordOf((first as { header: Parameters<typeof recordOf>[0] }).header);
        for (const event of events) applyEvent(again, event);
        expect(again).toEqual(record);
      }),
    );
  });
});

function change(table: IDBObjectStore, key: string, values: object): void {
  const asked = table.get(key);
  asked.onsuccess = () => table.put({ ...asked.result, ...values });
}
