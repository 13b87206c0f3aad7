/** Corrections on the real store, and the shipped drain that sends what comes of them. */
import { describe, expect, test } from 'vitest';
import { drain } from '#sync/outbox/drain.ts';
import { correctParked } from '#sync/outbox/correct.ts';
import type { PostAnswer, RunCarrier } from '#sync/outbox/ports.ts';
import { correctRun } from '../../../src/bench-worker/repair.ts';
import { runBody } from '../../server/support.ts';
import { freshDeps, freshName, headerOf, meddle } from '../../storage/fresh-store.ts';
import { openStore } from '#storage/store/open.ts';
import { noFiles } from '../no-files.ts';
import { VirtualClock } from '../virtual-clock.ts';

const AT = '2026-11-20T09:00:00.000Z';
const PROCEDURE = '11111111-2222-4333-8444-555555555555';

type Sent = { serial_number: string; procedure_id: string; metadata: Record<string, string> };

/** One parked run `a` with a serial number that the server refuses. */
async function parked(answer: (body: Sent) => PostAnswer = refuseBad) {
  const place = { name: freshName(), deps: freshDeps() };
  const store = await openStore(place);
  await store.beginRun(headerOf('a', { serial_number: 'BAD' }));
  const record = (await store.unfinished())[0]!;
  const end = { kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false } as const;
  const sealed = JSON.stringify(runBody({ serial_number: 'BAD', metadata: { client_run_id: 'a' } }));
  await store.seal('a', [end], { ...record, outcome: 'PASS', ended_ms: 1 }, sealed);
  const clock = new VirtualClock();
  const sent: Sent[] = [];
  const carrier: RunCarrier = {
    files: noFiles,
    post: async (body) => {
      sent.push(JSON.parse(body) as Sent);
      return answer(sent.at(-1)!);
    },
    lookup: async () => ({ kind: 'absent' }),
    reach: async () => ({ kind: 'online' }),
    meet: async () => ({ kind: 'online' }),
  };
  const settings = { ambiguousWaitMs: 90_000, concurrency: 1, ratePerS: 0 };
  const run = async () => {
    const { signal } = new AbortController();
    await drain({ store, carrier, clock, random: () => 0, settings, signal, today: () => '2026-11-20' });
    return (await store.record('a'))!.row;
  };
  expect((await run()).state).toBe('PARKED');
  return { store, place, sent, run, sealed };
}

function refuseBad({ serial_number: serial }: Sent): PostAnswer {
  return serial === 'BAD' ? { kind: 'rejected', message: 'no such serial' } : { kind: 'created', remoteId: 'r' };
}

describe('a correction', () => {
  test('6: goes under its own id, with what it was, who and when; the sealed bytes stay', async () => {
    const { store, place, sent, run, sealed } = await parked();
    const wish = { serialNumber: ' SN-7 ', procedureId: PROCEDURE, by: 'Mei Chen' };
    await correctRun(store, 'a', wish, AT);
    expect(await run()).toMatchObject({ state: 'DELIVERED', serial_number: 'SN-7', serial_key: 'SN-7', attempts: 2 });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ serial_number: 'SN-7', procedure_id: PROCEDURE });
    expect(sent[1]!.metadata).toMatchObject({
      client_run_id: 'a',
      serial_number_original: 'BAD',
      procedure_id_original: sent[0]!.procedure_id,
      corrected_by: 'Mei Chen',
      corrected_at: AT,
    });
    let kept = '';
    await meddle(place, ['bodies'], (at) => {
      const asked = at('bodies').get('a') as IDBRequest<{ body: string }>;
      asked.onsuccess = () => (kept = asked.result.body);
    });
    expect(kept).toBe(sealed);
  });

  test('6: corrected twice, the first serial number stays said', async () => {
    const { store, sent, run } = await parked((body) =>
      body.serial_number === 'SN-8' ? { kind: 'created', remoteId: 'r' } : { kind: 'rejected', message: 'no' },
    );
    const correct = (serial_number: string) => correctParked(store, 'a', { serial_number, by: 'Mei', at: AT });
    await correct('SN-7');
    expect((await run()).state).toBe('PARKED');
    await correct('SN-8');
    expect((await run()).state).toBe('DELIVERED');
    expect(sent.at(-1)!.metadata['serial_number_original']).toBe('BAD');
  });

  test('6: not of a run that may be anywhere else', async () => {
    const { store, run } = await parked();
    const correct = () => correctParked(store, 'a', { serial_number: 'SN-7', by: 'Mei', at: AT });
    const row = (await store.record('a'))!.row;
    await store.move(row, { exported_at: AT });
    await expect(correct()).rejects.toMatchObject({ code: 'not-correctable' });
    await store.move(row, { exported_at: undefined } as never);
    await store.move(row, { sent_at_ms: 5 });
    await expect(correct()).rejects.toMatchObject({ code: 'not-correctable' });
    expect((await run()).serial_number).toBe('BAD');
  });

  test('what TofuPilot could never take is refused, and so is a correction by nobody', async () => {
    const { store } = await parked();
    const wish = { serialNumber: 'SN-7', procedureId: PROCEDURE, by: 'Mei' };
    for (const bad of [{ serialNumber: 'ü' }, { procedureId: 'x' }, { by: ' ' }])
      await expect(correctRun(store, 'a', { ...wish, ...bad }, AT)).rejects.toMatchObject({
        code: 'correction-refused',
      });
    expect((await store.record('a'))!.row).toMatchObject({ state: 'PARKED', serial_number: 'BAD' });
  });

  test('storage 15: it is a link of the chain, also after a look; a changed one shows, and the next run says so', async () => {
    const { store, place } = await parked();
    await store.upkeep.verify();
    await correctParked(store, 'a', { serial_number: 'SN-7', by: 'Mei', at: AT });
    const { row } = (await store.record('a'))!;
    expect(row.corrections).toMatchObject([{ n: 2 }]);
    const next = await store.beginRun(headerOf('b'));
    expect(next.chain_prev).toBe(row.corrections![0]!.head);
    expect(next.chain_break).toBeUndefined();
    const text = row.corrections![0]!.text.replace('Mei', 'Tom');
    const changed = { ...row, corrections: [{ ...row.corrections![0]!, text }] };
    await meddle(place, ['runs'], (at) => at('runs').put(changed));
    await store.upkeep.verify();
    expect((await store.upkeep.unread()).map(({ code }) => code)).toEqual(['chain-broken']);
    const told = await store.beginRun(headerOf('c'));
    expect(told.chain_break).toMatch(/^run 1: it does not follow from the run before it \(found /);
    expect((await store.beginRun(headerOf('d'))).chain_break).toBeUndefined();
  });
});
