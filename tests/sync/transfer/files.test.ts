/** Files across the air gap: out of one real store, in a bag, into another, to a server, and back as a receipt. */
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#base/hash.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { drain } from '#sync/outbox/drain.ts';
import type { FileCarrier, RunCarrier } from '#sync/outbox/ports.ts';
import { bothQueues } from '#sync/transfer/both-queues.ts';
import { exportRuns } from '#sync/transfer/export-runs.ts';
import { framesOf } from '#sync/transfer/frames.ts';
import { inspect } from '#sync/transfer/inspect.ts';
import { takeIn } from '#sync/transfer/take-in.ts';
import { writeReceipt } from '#sync/transfer/write-receipt.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { freshStore, headerOf } from '../../storage/fresh-store.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { bodyOf, freshCarried, MADE_AT, newSigner, OwnOutbox, runId } from './carrying.ts';

const [signerA, signerB] = [await newSigner(), await newSigner()];
const TODAY = '2026-11-20';
const trace = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);
const note = new TextEncoder().encode('warm');
const END = { kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false } as const;

/** A station's own store with runs, the even ones with two files. */
async function stationA(seqs: readonly number[]): Promise<LocalStore> {
  const store = await freshStore();
  for (const seq of seqs) {
    const id = runId(seq);
    await store.beginRun(headerOf(id, { serial_number: `SN-${seq}` }));
    if (seq % 2 === 0) {
      await store.addAttachment(id, { name: 'trace.bin', contentType: 'application/x-trace', bytes: trace });
      await store.addAttachment(id, { name: 'note.txt', contentType: 'text/plain', bytes: note });
    }
    const record = (await store.unfinished()).find((run) => run.id === id)!;
    await store.seal(id, [END], record, bodyOf(seq));
  }
  return store;
}

/** Keeps what comes, once for each time that it comes. */
class Server implements RunCarrier {
  readonly runs = new Map<string, string>();
  readonly linked = new Map<string, string[]>();
  readonly slots: { readonly name: string; bytes?: Uint8Array<ArrayBuffer> }[] = [];
  readonly files: FileCarrier = {
    slot: async (name) => ({
      kind: 'slot',
      remoteId: `${this.slots.push({ name }) - 1}`,
      address: `${this.slots.length - 1}`,
    }),
    store: async (address, bytes) => ((this.slots[Number(address)]!.bytes = bytes), { kind: 'stored' }),
    finalize: async () => ({ kind: 'finalized' }),
    link: async (run, ids) => (this.linked.set(run, [...(this.linked.get(run) ?? []), ...ids]), { kind: 'linked' }),
    linked: async (run) => ({
      kind: 'files',
      files: this.of(run).map((file) => ({ ...file, size: file.bytes!.length })),
    }),
  };

  of(run: string) {
    return (this.linked.get(run) ?? []).map((remoteId) => ({ remoteId, ...this.slots[Number(remoteId)]! }));
  }
  async post(body: string) {
    const { client_run_id: id } = (JSON.parse(body) as { metadata: { client_run_id: string } }).metadata;
    expect(this.runs.has(id), 'posted twice').toBe(false);
    this.runs.set(id, `r-${this.runs.size}`);
    return { kind: 'created', remoteId: this.runs.get(id)! } as const;
  }
  async lookup({ id }: { id: string }) {
    const remoteId = this.runs.get(id);
    return remoteId === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'found', remoteIds: [remoteId] } as const);
  }
  async reach() {
    return { kind: 'online' } as const;
  }
  async meet() {
    return { kind: 'online' } as const;
  }
}

async function deliver(store: LocalStore, server: Server): Promise<void> {
  const clock = new VirtualClock();
  // Runs that may be elsewhere were never sent from here: the wait of their first POST is over.
  await clock.pass(90_000);
  await drain({
    store,
    carrier: server,
    clock,
    random: () => 0,
    settings: { ambiguousWaitMs: 0, concurrency: 1, ratePerS: 0 },
    signal: new AbortController().signal,
    today: () => TODAY,
  });
}

const options = (own: LocalStore, carried: Awaited<ReturnType<typeof freshCarried>>) => ({
  own,
  lost: own.outside,
  carried,
  station: 'bench-z',
  ownKey: '',
  nowMs: 1_000,
  today: TODAY,
});

describe('files across the air gap', () => {
  test('10: travel with their runs, byte for byte, and the receipt ends the wait of run and files', async () => {
    const [a, b, carried, server] = [await stationA([1, 2]), await freshStore(), await freshCarried(), new Server()];
    const { bytes } = await exportRuns(a, 'bench-a', signerA, MADE_AT);
    const { runs, problems } = await inspect(bytes);
    expect(problems).toEqual([]);
    expect(runs.map(({ seq, files }) => [seq, files.map(({ name, size }) => `${name} ${size}`)])).toEqual([
      [1, []],
      [2, ['trace.bin 300000', 'note.txt 4']],
    ]);
    await takeIn(bytes, options(b, carried));
    await takeIn(bytes, options(b, carried));
    await deliver(bothQueues(b, carried), server);
    expect(await carried.undelivered()).toEqual([]);
    const remoteId = server.runs.get(runId(2))!;
    expect(server.of(remoteId).map(({ name }) => name)).toEqual(['trace.bin', 'note.txt']);
    expect(await sha256(server.of(remoteId)[0]!.bytes!)).toBe(await sha256(trace));
    expect(
      await carried.attachmentBytes(`${runId(2)}/0`),
      'the bytes of a delivered copy are given up',
    ).toBeUndefined();

    const receipt = await writeReceipt(carried, 'bench-a', 'bench-b', signerB, MADE_AT);
    const taken = await takeIn(receipt.bytes, options(a, await freshCarried()));
    expect(taken.runs.map(({ result }) => result)).toEqual(['delivered', 'delivered']);
    expect(await a.undelivered()).toEqual([]);
    expect((await a.attachments(runId(2))).map(({ state }) => state)).toEqual(['LINKED', 'LINKED']);
  });

  test('10: a receipt that lacks a file delivers the run and leaves the file to its own station', async () => {
    const a = await stationA([2]);
    const [carried, server] = [await freshCarried(), new Server()];
    const whole = await exportRuns(a, 'bench-a', signerA, MADE_AT);
    await takeIn(whole.bytes, options(await freshStore(), carried));
    await deliver(bothQueues(await freshStore(), carried), server);
    const noted = (await carried.attachments(runId(2))).find(({ name }) => name === 'note.txt')!;
    await carried.moveAttachment(noted, { state: 'PARKED' });
    const receipt = await writeReceipt(carried, 'bench-a', 'bench-b', signerB, MADE_AT);
    await takeIn(receipt.bytes, options(a, await freshCarried()));
    expect(await a.undelivered()).toMatchObject([{ state: 'ATTACHING', remote_id: 'r-0' }]);
    expect((await a.attachments(runId(2))).map(({ state }) => state)).toEqual(['LINKED', 'STAGED']);
  });

  test('10: both stations deliver in the end, and no file is there twice', async () => {
    const [a, carried, server] = [await stationA([2]), await freshCarried(), new Server()];
    const { bytes } = await exportRuns(a, 'bench-a', signerA, MADE_AT);
    await takeIn(bytes, options(await freshStore(), carried));
    await deliver(bothQueues(await freshStore(), carried), server);
    await deliver(a, server);
    expect(await a.undelivered()).toEqual([]);
    expect(server.of('r-0').map(({ name }) => name)).toEqual(['trace.bin', 'note.txt']);
  });

  test('5: one file holds what an opening station can hold; the next export begins with what did not fit', async () => {
    const own = new OwnOutbox([1, 2, 3]);
    for (const seq of [1, 2, 3]) {
      own.add({ ...own.rows.get(runId(seq))! }, 1);
      const file = own.files.get(`${runId(seq)}/0`)!;
      own.files.set(file.id, { ...file, size: 120 * 1024 * 1024 });
    }
    const first = await exportRuns(own, 'bench-a', signerA, MADE_AT);
    expect(first).toMatchObject({ runs: 2, left: 1, firstTime: [runId(1), runId(2)] });
    const second = await exportRuns(own, 'bench-a', signerA, MADE_AT);
    expect(second).toMatchObject({ runs: 2, left: 0, firstTime: [runId(3)] });
  });

  test('11: as QR codes leave the first runs that a person would read, without files; the next series takes the others', async () => {
    const own = new OwnOutbox([1, 2, 3, 4]);
    own.add({ ...own.rows.get(runId(1))! }, 1);
    const long = (seq: number) => own.bodies.set(runId(seq), bodyOf(seq, 'bench-a', { docstring: 'x'.repeat(30_000) }));
    long(2);
    long(3);
    const first = await exportRuns(own, 'bench-a', signerA, MADE_AT, 'codes');
    expect(first).toMatchObject({ runs: 2, left: 2, firstTime: [runId(2), runId(4)] });
    expect((await framesOf(first.bytes)).length).toBeLessThan(100);
    expect(await exportRuns(own, 'bench-a', signerA, MADE_AT, 'codes')).toMatchObject({
      firstTime: [runId(3)],
      left: 1,
    });
    const large = new OwnOutbox([1]);
    large.bodies.set(runId(1), bodyOf(1, 'bench-a', { docstring: 'x'.repeat(50_000) }));
    await expect(exportRuns(large, 'bench-a', signerA, MADE_AT, 'codes')).rejects.toMatchObject({
      code: 'no-small-run',
    });
    expect(large.rows.get(runId(1))!.exported_at).toBeUndefined();
  });

  test.each([
    ['altered', `data/files/${runId(2)}/note.txt`, new TextEncoder().encode('cold')],
    ['missing', `data/files/${runId(2)}/note.txt`, null],
    ['altered', `data/files/${runId(2)}.json`, new TextEncoder().encode('[]')],
  ])('3: %s %s: its run is left aside and named, the others are merged', async (code, path, bytes) => {
    const a = await stationA([1, 2]);
    const files = unzipSync((await exportRuns(a, 'bench-a', signerA, MADE_AT)).bytes);
    if (bytes) files[path] = bytes;
    else delete files[path];
    const taken = await takeIn(
      zipSync(files, { level: 0 }) as Bytes,
      options(await freshStore(), await freshCarried()),
    );
    expect(taken.problems.map((problem) => problem.code)).toEqual([code]);
    expect(taken.runs.map(({ id, result }) => [id, result])).toEqual([
      [runId(1), 'new'],
      [runId(2), 'damaged'],
    ]);
  });
});
