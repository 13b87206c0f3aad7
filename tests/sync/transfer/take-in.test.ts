import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CarriedStore } from '#storage/store/carried-runs.ts';
import { drain } from '#sync/outbox/drain.ts';
import type { RunCarrier } from '#sync/outbox/ports.ts';
import { bothQueues } from '#sync/transfer/both-queues.ts';
import { exportRuns, forgetExport } from '#sync/transfer/export-runs.ts';
import { makeReceipt } from '#sync/transfer/receipt.ts';
import { makeRunBundle } from '#sync/transfer/run-bundle.ts';
import { takeIn, type TakeInOptions } from '#sync/transfer/take-in.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { writeReceipt } from '#sync/transfer/write-receipt.ts';
import { rowOf } from '../memory-outbox.ts';
import { noFiles } from '../no-files.ts';
import { bodyOf, bundled, freshCarried, MADE_AT, newSigner, OwnOutbox, runId } from './carrying.ts';

const [signerA, signerB] = [await newSigner(), await newSigner()];
const TODAY = '2026-11-20';

const options = (own: OwnOutbox, carried: CarriedStore, change: Partial<TakeInOptions> = {}): TakeInOptions => ({
  own,
  lost: own.outside,
  carried,
  station: 'bench-z',
  ownKey: '',
  nowMs: 1_000,
  today: TODAY,
  ...change,
});
const bundleOf = async (...seqs: number[]): Promise<Bytes> =>
  (
    await makeRunBundle(
      'bench-a',
      seqs.map((seq) => bundled(seq)),
      signerA,
      MADE_AT,
    )
  ).bytes;
const results = async (bytes: Bytes, at: TakeInOptions) => {
  const { runs, problems } = await takeIn(bytes, at);
  return { runs: runs.map(({ seq, result }) => `${seq} ${result}`), problems: problems.map(({ code }) => code) };
};

/** A server that keeps what is posted, once for each POST. */
class Sink implements RunCarrier {
  readonly files = noFiles;
  readonly posts: string[] = [];
  readonly held = new Map<string, string[]>();
  lookups = 0;

  async post(body: string) {
    const id = (JSON.parse(body) as { metadata: { client_run_id: string } }).metadata.client_run_id;
    this.posts.push(body);
    this.held.set(id, [...(this.held.get(id) ?? []), `r-${this.posts.length}`]);
    return { kind: 'created', remoteId: `r-${this.posts.length}` } as const;
  }
  async lookup({ id }: { id: string }) {
    this.lookups += 1;
    const remoteIds = this.held.get(id);
    return remoteIds ? ({ kind: 'found', remoteIds } as const) : ({ kind: 'absent' } as const);
  }
  async reach() {
    return { kind: 'online' } as const;
  }
  async meet() {
    return { kind: 'online' } as const;
  }
}

async function deliver(own: OwnOutbox, carried: CarriedStore, carrier: RunCarrier): Promise<void> {
  const clock = { nowMs: () => 10_000, monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const settings = { ambiguousWaitMs: 2_000, concurrency: 4, ratePerS: 0 };
  const store = bothQueues(own, carried);
  const { signal } = new AbortController();
  await drain({ store, carrier, clock, random: () => 0, settings, signal, today: () => TODAY });
}

describe('taking a bundle in', () => {
  test('1, 6: another station’s runs wait under their own identity, are looked up, and are sent byte for byte', async () => {
    const [own, carried, sink] = [new OwnOutbox([1], 'bench-b'), await freshCarried(), new Sink()];
    expect(await results(await bundleOf(3, 4), options(own, carried))).toEqual({
      runs: ['3 new', '4 new'],
      problems: [],
    });
    expect(await carried.undelivered()).toMatchObject([
      { id: runId(3), seq: 3, state: 'AMBIGUOUS', carried_from: 'bench-a', attempts: 0 },
      { id: runId(4), seq: 4, state: 'AMBIGUOUS' },
    ]);
    expect(own.rows.size).toBe(1);
    await deliver(own, carried, sink);
    expect(sink.lookups).toBe(2);
    expect(sink.posts.toSorted()).toEqual([bodyOf(1, 'bench-b'), bodyOf(3), bodyOf(4)].toSorted());
    expect(await carried.counts(TODAY)).toEqual({ waiting: 0, parked: 0, uploadedToday: 2 });
    expect(own.rows.get(runId(1, 'bench-b'))?.state).toBe('DELIVERED');
  });

  test('6: what the first station has delivered meanwhile is found, and not posted again', async () => {
    const [own, carried, sink] = [new OwnOutbox([]), await freshCarried(), new Sink()];
    await sink.post(bodyOf(3));
    await takeIn(await bundleOf(3), options(own, carried));
    await deliver(own, carried, sink);
    expect(sink.posts).toHaveLength(1);
    expect(await carried.delivered('bench-a')).toMatchObject([{ remote_id: 'r-1' }]);
  });

  test('4: opened again, before and after delivery, nothing changes', async () => {
    const [own, carried, sink] = [new OwnOutbox([]), await freshCarried(), new Sink()];
    const bytes = await bundleOf(3, 4);
    await takeIn(bytes, options(own, carried));
    const again = { runs: ['3 known', '4 known'], problems: [] };
    expect(await results(bytes, options(own, carried))).toEqual(again);
    await deliver(own, carried, sink);
    expect(await results(bytes, options(own, carried))).toEqual(again);
    await deliver(own, carried, sink);
    expect(sink.posts).toHaveLength(2);
  });

  test('4: overlapping files in any order, opened any number of times, send each run once and in order', async () => {
    const files = await Promise.all([bundleOf(1, 2, 3), bundleOf(3, 4), bundleOf(2, 4, 5)]);
    const orders = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const [own, carried, sink] = [new OwnOutbox([]), await freshCarried(), new Sink()];
        for (const file of [...order, 0, 1, 2]) await takeIn(files[file]!, options(own, carried));
        await deliver(own, carried, sink);
        expect(sink.posts.toSorted()).toEqual([1, 2, 3, 4, 5].map((seq) => bodyOf(seq)).toSorted());
        carried.close();
      }),
      { numRuns: 15 },
    );
  });

  test('4: opened in two tabs at once, each run is here once', async () => {
    const [own, carried] = [new OwnOutbox([]), await freshCarried()];
    const [bytes, more] = [await bundleOf(3, 4), await bundleOf(4, 5)];
    await Promise.all([takeIn(bytes, options(own, carried)), takeIn(more, options(own, carried))]);
    expect((await carried.undelivered()).map(({ seq }) => seq).toSorted()).toEqual([3, 4, 5]);
  });

  test('4: an older file that comes later is merged, and says so', async () => {
    const [own, carried] = [new OwnOutbox([]), await freshCarried()];
    await takeIn(await bundleOf(7, 8), options(own, carried));
    const late = await results(await bundleOf(2, 3), options(own, carried));
    expect(late).toEqual({ runs: ['2 new', '3 new'], problems: ['late'] });
    const queue = await bothQueues(own, carried).undelivered();
    expect(queue.map(({ seq }) => seq)).toEqual([2, 3, 7, 8]);
  });

  test('1: a station’s own runs are known to it; lost ones come back as copies', async () => {
    const [own, carried] = [new OwnOutbox([3]), await freshCarried()];
    expect((await results(await bundleOf(3, 4), options(own, carried))).runs).toEqual(['3 known', '4 new']);
    expect(own.states()).toEqual({ 3: 'QUEUED' });
  });

  test('3: a run that is here with other contents is left aside', async () => {
    const [own, carried] = [new OwnOutbox([3]), await freshCarried()];
    own.bodies.set(runId(3), bodyOf(3).replace('PASS', 'FAIL'));
    expect(await results(await bundleOf(3, 4), options(own, carried))).toEqual({
      runs: ['3 damaged', '4 new'],
      problems: ['differs'],
    });
    await takeIn(await bundleOf(3, 4), options(own, carried));
    expect((await carried.undelivered()).map(({ seq }) => seq)).toEqual([4]);
  });

  test('2: of a file that was changed nothing is taken in', async () => {
    const [own, carried] = [new OwnOutbox([]), await freshCarried()];
    const forged = { publicKey: signerB.publicKey, sign: (bytes: Bytes) => signerA.sign(bytes) };
    const file = await makeRunBundle('bench-a', [bundled(3)], forged, MADE_AT);
    expect(await takeIn(file.bytes, options(own, carried))).toMatchObject({ refusal: { code: 'signature' }, runs: [] });
    expect(await carried.undelivered()).toEqual([]);
    expect(await carried.keyOf('bench-a')).toBeUndefined();
  });

  test('8: this station’s own key needs nobody’s word, and changes nothing of what is known of another', async () => {
    const carried = await freshCarried();
    const own = (signer: typeof signerA) => makeRunBundle('bench-a', [bundled(3)], signer, MADE_AT);
    const { fingerprint: ownKey } = await takeIn(
      (await own(signerB)).bytes,
      options(new OwnOutbox([]), await freshCarried()),
    );
    const here = options(new OwnOutbox([]), carried, { station: 'bench-a', ownKey });
    await takeIn(await bundleOf(1), here);
    const known = await carried.keyOf('bench-a');
    expect(known).not.toBe(ownKey);
    expect(await takeIn((await own(signerB)).bytes, here)).toMatchObject({ refusal: null });
    expect(await carried.keyOf('bench-a')).toBe(known);
    // Under the name of another station the same key is one like any other.
    expect(await takeIn((await own(signerB)).bytes, { ...here, station: 'bench-q' })).toMatchObject({
      refusal: { code: 'other-key' },
    });
  });

  test('8: another key needs a person’s word', async () => {
    const [own, carried] = [new OwnOutbox([]), await freshCarried()];
    const { fingerprint } = await takeIn(await bundleOf(3), options(own, carried));
    const other = await makeRunBundle('bench-a', [bundled(4)], signerB, MADE_AT);
    const refused = await takeIn(other.bytes, options(own, carried));
    expect(refused).toMatchObject({ refusal: { code: 'other-key' }, runs: [] });
    expect(refused.refusal?.message).toContain(fingerprint);
    const mistaken = await takeIn(other.bytes, options(own, carried, { acceptedKeys: new Set([fingerprint]) }));
    expect(mistaken).toMatchObject({ refusal: { code: 'other-key' } });
    expect(await carried.lastSeqOf('bench-a')).toBe(3);
    const acceptedKeys = new Set([refused.fingerprint]);
    expect((await results(other.bytes, options(own, carried, { acceptedKeys }))).runs).toEqual(['4 new']);
  });
});

describe('exporting', () => {
  test('5: every undelivered run goes along, stays undelivered, and is looked up before its own station posts it', async () => {
    const [own, carried, sink] = [new OwnOutbox([1, 2, 3]), await freshCarried(), new Sink()];
    own.rows.set(runId(1), { ...own.rows.get(runId(1))!, state: 'DELIVERED', remote_id: 'r-0' });
    own.rows.set(runId(2), { ...own.rows.get(runId(2))!, state: 'PARKED', attempts: 1 });
    const file = await exportRuns(own, 'bench-a', signerA, MADE_AT);
    expect(file).toMatchObject({ name: 'bench-a-2-3.fieldbench', runs: 2, firstTime: [runId(2), runId(3)] });
    expect((await own.undelivered()).map(({ state, exported_at }) => [state, exported_at])).toEqual([
      ['PARKED', MADE_AT],
      ['AMBIGUOUS', MADE_AT],
    ]);
    // Another station was faster.
    await sink.post(bodyOf(3));
    await deliver(own, carried, sink);
    expect(sink.posts).toHaveLength(1);
    expect(own.rows.get(runId(3))).toMatchObject({ state: 'DELIVERED', remote_id: 'r-1' });
  });

  test('5: exported again, the same runs; a file that was not kept is forgotten, an older one is not', async () => {
    const own = new OwnOutbox([1]);
    const first = await exportRuns(own, 'bench-a', signerA, MADE_AT);
    expect((await exportRuns(own, 'bench-a', signerA, '2026-11-20T10:00:00.000Z')).firstTime).toEqual([]);
    await forgetExport(own, first.firstTime);
    expect(own.rows.get(runId(1))).toMatchObject({ state: 'AMBIGUOUS', exported_at: undefined });
  });

  test('5: when no file can be made, no run stays marked as exported', async () => {
    const own = new OwnOutbox([1, 2]);
    const broken = { publicKey: signerA.publicKey, sign: () => Promise.reject(new Error('no key')) };
    await expect(exportRuns(own, 'bench-a', broken, MADE_AT)).rejects.toThrow('no key');
    expect((await own.undelivered()).map((row) => row.exported_at)).toEqual([undefined, undefined]);
  });

  test('5: with nothing to export there is no file', async () => {
    await expect(exportRuns(new OwnOutbox([]), 'bench-a', signerA, MADE_AT)).rejects.toMatchObject({ code: 'nothing' });
  });
});

describe('a receipt', () => {
  /** bench-a has exported 1, 2 and 3; bench-b has delivered them. */
  async function afterDelivery() {
    const a = new OwnOutbox([1, 2, 3, 4]);
    const [ofA, ofB, sink] = [await freshCarried(), await freshCarried(), new Sink()];
    a.rows.delete(runId(4));
    const file = await exportRuns(a, 'bench-a', signerA, MADE_AT);
    a.rows.set(runId(4), rowOf(4, { id: runId(4) }));
    const b = new OwnOutbox([], 'bench-b');
    await takeIn(file.bytes, options(b, ofB));
    await deliver(b, ofB, sink);
    return { a, b, ofA, ofB, sink };
  }

  test('7: delivers exactly the runs that it names, and the station then posts none of them', async () => {
    const { a, ofA, ofB, sink } = await afterDelivery();
    expect((await ofB.stations())[0]).toMatchObject({ station: 'bench-a', delivered: 3, receipted: 0, waiting: 0 });
    const receipt = await writeReceipt(ofB, 'bench-a', 'bench-b', signerB, MADE_AT);
    expect((await ofB.stations())[0]).toMatchObject({ delivered: 3, receipted: 3 });
    expect(await results(receipt.bytes, options(a, ofA))).toEqual({
      runs: ['1 delivered', '2 delivered', '3 delivered'],
      problems: [],
    });
    expect(a.states()).toEqual({ 1: 'DELIVERED', 2: 'DELIVERED', 3: 'DELIVERED', 4: 'QUEUED' });
    expect(a.rows.get(runId(2))?.remote_id).toBe((await ofB.rows([runId(2)]))[0]?.remote_id);
    expect((await results(receipt.bytes, options(a, ofA))).runs).toEqual(['1 known', '2 known', '3 known']);
    await deliver(a, ofA, sink);
    expect(sink.posts).toHaveLength(4);
  });

  test('7: a run with other bytes, or of another station, is not delivered by it', async () => {
    const { a, ofA, ofB } = await afterDelivery();
    a.bodies.set(runId(2), bodyOf(2).replace('PASS', 'FAIL'));
    a.rows.delete(runId(3));
    const receipt = await writeReceipt(ofB, 'bench-a', 'bench-b', signerB, MADE_AT);
    expect(await results(receipt.bytes, options(a, ofA))).toEqual({
      runs: ['1 delivered', '2 damaged', '3 foreign'],
      problems: ['differs', 'foreign'],
    });
    expect(a.states()).toEqual({ 1: 'DELIVERED', 2: 'AMBIGUOUS', 4: 'QUEUED' });
  });

  test('7, 8: a receipt signed with another key than that station’s last one delivers nothing', async () => {
    const { a, ofA, ofB } = await afterDelivery();
    await takeIn(
      (await writeReceipt(ofB, 'bench-a', 'bench-b', signerB, MADE_AT)).bytes,
      options(new OwnOutbox([]), ofA),
    );
    const sha256 = (await ofB.rows([runId(1)]))[0]!.sha256;
    const entry = { client_run_id: runId(1), station_seq: 1, sha256, run_id: 'r-x' };
    const forged = await makeReceipt('bench-b', { origin: 'bench-a', runs: [entry] }, await newSigner(), MADE_AT);
    expect(await takeIn(forged.bytes, options(a, ofA))).toMatchObject({ refusal: { code: 'other-key' } });
    expect(a.states()[1]).toBe('AMBIGUOUS');
  });

  test('7: there is none before anything was delivered', async () => {
    const carried = await freshCarried();
    await takeIn(await bundleOf(3), options(new OwnOutbox([]), carried));
    await expect(writeReceipt(carried, 'bench-a', 'bench-b', signerB, MADE_AT)).rejects.toMatchObject({
      code: 'nothing',
    });
  });
});
