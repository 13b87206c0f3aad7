import { describe, expect, test } from 'vitest';
import { copyName } from '#sync/folder/copy-name.ts';
import { FolderCopy } from '#sync/folder/folder-copy.ts';
import { takeInFolder } from '#sync/folder/take-in-folder.ts';
import type { CarriedStore } from '#storage/store/carried-runs.ts';
import type { Signer } from '#sync/transfer/bag.ts';
import { asText } from '#sync/transfer/as-text.ts';
import { fingerprintOf } from '#sync/transfer/bag.ts';
import { makeRunBundle } from '#sync/transfer/run-bundle.ts';
import type { TakeInOptions } from '#sync/transfer/take-in.ts';
import { bundled, freshCarried, MADE_AT, newSigner, OwnOutbox, runId } from '../transfer/carrying.ts';
import { MemoryFolder } from './memory-folder.ts';

const [oldKey, newKey] = [await newSigner(), await newSigner()];

const at = (own: OwnOutbox, carried: CarriedStore, change: Partial<TakeInOptions> = {}): TakeInOptions => ({
  own,
  lost: own.outside,
  carried,
  station: 'bench-a',
  ownKey: '',
  nowMs: 1_000,
  today: '2026-11-20',
  ...change,
});

/** As a station fills it. */
async function filled(runs: OwnOutbox, signer: Signer = oldKey, folder = new MemoryFolder()): Promise<MemoryFolder> {
  const options = {
    underLock: async (work: () => Promise<void>) => (await work(), true),
    nowMs: () => 1_000,
    sinceSeq: 0,
    keepsDelivered: false,
    isBusy: () => false,
    onMarked: () => {},
  };
  const copy = new FolderCopy({ folder, runs, signer: async () => signer, ...options });
  await copy.look();
  await copy.work(new AbortController().signal);
  return folder;
}

const waiting = async (carried: CarriedStore) =>
  (await carried.undelivered()).map(({ seq, state }) => `${seq} ${state}`).toSorted();

describe('a folder that is opened', () => {
  test('8: runs that this store lost are carried and looked up before they are posted; opened again, nothing changes', async () => {
    const folder = await filled(new OwnOutbox([1, 2, 3]));
    const [own, carried] = [new OwnOutbox([2]), await freshCarried()];
    const opened = await takeInFolder(folder, at(own, carried));
    expect(opened).toMatchObject({ files: 3, counts: { new: 2, known: 1, damaged: 0 }, problems: [], questions: [] });
    expect(await waiting(carried)).toEqual(['1 AMBIGUOUS', '3 AMBIGUOUS']);
    const again = await takeInFolder(folder, at(own, carried));
    expect(again.counts).toMatchObject({ new: 0, known: 3 });
    expect(await waiting(carried)).toHaveLength(2);
  });

  test('8: they come in by their numbers, so that no drain beside it sends a unit’s later run first', async () => {
    const folder = await filled(new OwnOutbox([10, 9, 100, 2]));
    const carried = await freshCarried();
    const order: number[] = [];
    const add = carried.add.bind(carried);
    carried.add = (runs) => (order.push(...runs.map(({ row }) => row.seq)), add(runs));
    await takeInFolder(folder, at(new OwnOutbox([]), carried));
    expect(order).toEqual([2, 9, 10, 100]);
  });

  test('8: one that is here is not opened: not even when its copy is damaged', async () => {
    const folder = await filled(new OwnOutbox([1, 2]));
    const delivered = new OwnOutbox([1, 2], 'bench-a', { state: 'DELIVERED' });
    delivered.bodies.delete(runId(2));
    for (const name of folder.files.keys()) folder.files.set(name, new Uint8Array([1]));
    const opened = await takeInFolder(folder, at(delivered, await freshCarried()));
    expect(opened).toMatchObject({ counts: { new: 0, known: 2 }, problems: [] });
  });

  test('8: a run whose row is here and whose bytes are gone gets them back, and is not carried beside itself', async () => {
    const folder = await filled(new OwnOutbox([1]));
    const [own, carried] = [new OwnOutbox([1], 'bench-a', { state: 'PARKED' }), await freshCarried()];
    own.bodies.clear();
    expect((await takeInFolder(folder, at(own, carried))).counts.new).toBe(1);
    expect(own.rows.get(runId(1))?.state).toBe('AMBIGUOUS');
    expect(await carried.undelivered()).toEqual([]);
  });

  test('9: numbers go on after the highest that came back, for this station’s own runs alone', async () => {
    const folder = await filled(new OwnOutbox([3, 41]));
    await filled(new OwnOutbox([900], 'bench-b'), newKey, folder);
    const own = new OwnOutbox([]);
    await takeInFolder(folder, at(own, await freshCarried()));
    expect(own.outside.highestCopied).toBe(41);
  });

  test('8: files of before and after the loss of a station’s key lie side by side, and all come in', async () => {
    const folder = await filled(new OwnOutbox([1, 3]), oldKey);
    await filled(new OwnOutbox([2, 4]), newKey, folder);
    const own = at(new OwnOutbox([]), await freshCarried(), { ownKey: await fingerprintOf(newKey.publicKey) });
    expect(await takeInFolder(folder, own)).toMatchObject({ counts: { new: 4 }, questions: [] });
  });

  test('8: another key of another station is asked about once, whatever the number of its files', async () => {
    const folder = await filled(new OwnOutbox([1, 4], 'bench-b'), oldKey);
    await filled(new OwnOutbox([2, 3], 'bench-b'), newKey, folder);
    const [own, carried] = [new OwnOutbox([]), await freshCarried()];
    const first = await takeInFolder(folder, at(own, carried));
    expect(first.counts.new).toBe(2);
    expect(first.questions).toEqual([{ station: 'bench-b', fingerprint: await fingerprintOf(newKey.publicKey) }]);
    const acceptedKeys = new Set(first.questions.map(({ fingerprint }) => fingerprint));
    // The old key is believed as before, after the new one too.
    await filled(new OwnOutbox([5], 'bench-b'), oldKey, folder);
    expect(await takeInFolder(folder, at(own, carried, { acceptedKeys }))).toMatchObject({
      counts: { new: 3, known: 2 },
      questions: [],
    });
  });

  test('8: what is wrong with one file is said with its name and stops no other; other files are nobody’s business', async () => {
    const folder = await filled(new OwnOutbox([1, 2]));
    folder.files.set(
      copyName({ station: 'bench-a', seq: 1, id: runId(1), corrections: 0 }),
      new Uint8Array([80, 75, 3, 4]),
    );
    const bundle = await makeRunBundle('bench-a', [bundled(5), bundled(6)], oldKey, MADE_AT);
    folder.files.set(`${bundle.name}.txt`, new TextEncoder().encode(asText(bundle.bytes)));
    folder.files.set('holiday.jpg', new Uint8Array([1, 2, 3]));
    const opened = await takeInFolder(folder, at(new OwnOutbox([]), await freshCarried()));
    expect(opened).toMatchObject({ files: 3, counts: { new: 3 } });
    expect(opened.problems).toMatchObject([{ code: 'cut' }]);
    expect(opened.problems[0]?.message).toContain(runId(1));
  });

  test('2: a folder that is not there is a fault, and nothing is taken in', async () => {
    const folder = await filled(new OwnOutbox([1]));
    folder.broken = 'folder-missing';
    const carried = await freshCarried();
    await expect(takeInFolder(folder, at(new OwnOutbox([]), carried))).rejects.toMatchObject({
      code: 'folder-missing',
    });
    expect(await carried.undelivered()).toEqual([]);
  });
});
