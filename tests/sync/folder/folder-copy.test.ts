import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunRow } from '#record/run-row.ts';
import { transition } from '#sync/outbox/transition.ts';
import { copyName, readCopyName } from '#sync/folder/copy-name.ts';
import { FolderCopy, type FolderCopyOptions } from '#sync/folder/folder-copy.ts';
import { inspect } from '#sync/transfer/inspect.ts';
import { bodyOf, newSigner, OwnOutbox, runId } from '../transfer/carrying.ts';
import { MemoryFolder } from './memory-folder.ts';

const signer = await newSigner();
const NEVER = new AbortController().signal;
const nameOf = (seq: number, corrections = 0) => copyName({ station: 'bench-a', seq, id: runId(seq), corrections });

interface Desk {
  readonly runs: OwnOutbox;
  readonly folder: MemoryFolder;
  readonly copy: FolderCopy;
}

function deskOf(runs: OwnOutbox, change: Partial<FolderCopyOptions> = {}, folder = new MemoryFolder()): Desk {
  const copy = new FolderCopy({
    folder,
    runs,
    signer: async () => signer,
    underLock: async (work) => (await work(), true),
    nowMs: () => 1_000,
    sinceSeq: 0,
    keepsDelivered: false,
    isBusy: () => false,
    onMarked: () => {},
    ...change,
  });
  return { runs, folder, copy };
}

async function looked(desk: Desk): Promise<boolean> {
  await desk.copy.look();
  return desk.copy.work(NEVER);
}

function change(runs: OwnOutbox, seq: number, to: Partial<RunRow>): void {
  runs.rows.set(runId(seq), { ...runs.rows.get(runId(seq))!, ...to });
}

describe('names', () => {
  test('5: a name says station, number, id and corrections, whatever the station is called', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).map((name) => `x${name.replaceAll(/[^\w.-]+/g, '-')}`),
        fc.nat(),
        fc.uuid(),
        fc.nat({ max: 9999 }),
        (station, seq, id, corrections) => {
          const copy = { station, seq, id, corrections };
          expect(readCopyName(copyName(copy))).toEqual(copy);
        },
      ),
    );
    for (const name of ['bench-a-1-7.fieldbench', 'receipt-bench-a-1-7.fieldbench', 'notes.txt', ''])
      expect(readCopyName(name)).toBeNull();
  });
});

describe('copies in the folder', () => {
  test('1: every run that waits lies there as a file of its own, byte for byte, and any station can open it', async () => {
    const desk = deskOf(new OwnOutbox([1, 2, 3]));
    expect(await looked(desk)).toBe(true);
    expect([...desk.folder.files.keys()]).toEqual([1, 2, 3].map((seq) => nameOf(seq)));
    for (const seq of [1, 2, 3]) {
      const { facts, runs, problems } = await inspect(desk.folder.files.get(nameOf(seq))!);
      expect(problems).toEqual([]);
      expect(facts.station).toBe('bench-a');
      expect(runs.map(({ id, body }) => [id, body])).toEqual([[runId(seq), bodyOf(seq)]]);
    }
    expect([desk.copy.count, desk.copy.waiting]).toEqual([3, 0]);
  });

  test('1: its files go with it; large ones wait until no run is under way', async () => {
    let isBusy = true;
    const runs = new OwnOutbox([1, 2]);
    runs.add(runs.rows.get(runId(1))!, 1);
    const file = runs.files.get(`${runId(1)}/0`)!;
    const content = `bytes of ${file.id}`;
    const { sha256 } = await import('#base/hash.ts');
    runs.files.set(file.id, {
      ...file,
      size: 5 * 1024 * 1024,
      sha256: await sha256(new TextEncoder().encode(content)),
    });
    const desk = deskOf(runs, { isBusy: () => isBusy });
    expect(await looked(desk)).toBe(false);
    expect([...desk.folder.files.keys()]).toEqual([nameOf(2)]);
    expect(desk.copy.waiting).toBe(1);
    isBusy = false;
    runs.files.set(file.id, { ...runs.files.get(file.id)!, size: content.length });
    expect(await desk.copy.work(NEVER)).toBe(true);
    const { runs: found, problems } = await inspect(desk.folder.files.get(nameOf(1))!);
    expect(problems).toEqual([]);
    expect(found[0]?.files.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual([content]);
  });

  test('3: what is not delivered is marked before its file exists, and then no event makes it go without a look', async () => {
    const states = ['QUEUED', 'AMBIGUOUS', 'ATTACHING', 'PARKED'] as const;
    const runs = new OwnOutbox([1, 2, 3, 4]);
    for (const [index, state] of states.entries()) change(runs, index + 1, { state });
    let marked = 0;
    const desk = deskOf(runs, { onMarked: () => (marked += 1) });
    desk.folder.onWrite = (name) => {
      const row = runs.rows.get(readCopyName(name)!.id)!;
      expect(row.copied_at, name).toBe('1970-01-01T00:00:01.000Z');
      expect(row.state, name).not.toBe('QUEUED');
    };
    await looked(desk);
    expect(desk.folder.files.size).toBe(4);
    expect(marked).toBe(1);
    const moment = { nowMs: 1, chance: 0, today: '', ambiguousWaitMs: 0 };
    for (const row of runs.rows.values()) {
      expect(transition({ ...row, state: 'QUEUED' }, { kind: 'send' }, moment)?.state).toBe('AMBIGUOUS');
      expect(transition({ ...row, state: 'PARKED' }, { kind: 'retried' }, moment)?.state).not.toBe('QUEUED');
    }
  });

  test('3: what is on the wire waits for its answer; what was delivered is copied without a mark', async () => {
    const runs = new OwnOutbox([1, 2]);
    change(runs, 1, { state: 'CREATING', attempts: 1 });
    change(runs, 2, { state: 'DELIVERED' });
    const desk = deskOf(runs);
    expect(await looked(desk)).toBe(false);
    expect([...desk.folder.files.keys()]).toEqual([nameOf(2)]);
    expect(runs.rows.get(runId(2))!.copied_at).toBeUndefined();
    change(runs, 1, { state: 'DELIVERED' });
    expect(await desk.copy.work(NEVER)).toBe(true);
    expect(desk.folder.files.has(nameOf(1))).toBe(true);
    expect(runs.rows.get(runId(1))!.copied_at).toBeUndefined();
  });

  test('3: while a long drain holds the lock, only what it has not touched is marked and copied', async () => {
    const runs = new OwnOutbox([1, 2]);
    change(runs, 2, { state: 'AMBIGUOUS', attempts: 1 });
    const desk = deskOf(runs, { underLock: async () => false });
    expect(await looked(desk)).toBe(false);
    expect([...desk.folder.files.keys()]).toEqual([nameOf(1)]);
    expect(runs.rows.get(runId(2))!.copied_at).toBeUndefined();
  });

  test('3: a file that lies there without a mark (its row came back from elsewhere) is marked at the next look', async () => {
    const desk = deskOf(new OwnOutbox([1]));
    await looked(desk);
    const before = desk.folder.files.get(nameOf(1));
    const again = deskOf(new OwnOutbox([1]), {}, desk.folder);
    await looked(again);
    expect(again.runs.rows.get(runId(1))).toMatchObject({ state: 'AMBIGUOUS', copied_at: '1970-01-01T00:00:01.000Z' });
    expect(desk.folder.files.get(nameOf(1))).toBe(before);
  });

  test.each(['folder-permission', 'folder-missing', 'folder-full', 'folder-failed'] as const)(
    '2: %s is thrown, nothing is forgotten, and the next try copies all',
    async (code) => {
      const desk = deskOf(new OwnOutbox([1, 2, 3]));
      await desk.copy.look();
      desk.folder.onWrite = (name) => {
        if (name === nameOf(2)) desk.folder.broken = code;
      };
      await expect(desk.copy.work(NEVER)).rejects.toMatchObject({ code });
      expect(desk.copy.waiting).toBe(2);
      desk.folder.broken = null;
      desk.folder.onWrite = () => {};
      expect(await desk.copy.work(NEVER)).toBe(true);
      expect(desk.folder.files.size).toBe(3);
    },
  );

  test('4: an empty file that a power cut left, and what was being written, are found and made good', async () => {
    const desk = deskOf(new OwnOutbox([1]));
    await looked(desk);
    desk.folder.files.set(nameOf(1), new Uint8Array());
    desk.folder.files.set(`${nameOf(1)}.part`, new Uint8Array(9));
    desk.folder.files.set('notes.part', new Uint8Array(9));
    await looked(deskOf(desk.runs, {}, desk.folder));
    expect(desk.folder.files.get(nameOf(1))!.length).toBeGreaterThan(1000);
    expect([...desk.folder.files.keys()].toSorted()).toEqual([nameOf(1), 'notes.part'].toSorted());
  });

  test('5: killed at any write and looked at again, every run lies there once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 5 }), async (deaths) => {
        const [runs, folder] = [new OwnOutbox([1, 2, 3, 4, 5]), new MemoryFolder()];
        for (const at of [...deaths, Infinity]) {
          let left = at;
          folder.onWrite = () => {
            if (left-- <= 0) throw new Error('killed');
          };
          await looked(deskOf(runs, {}, folder)).catch(() => undefined);
        }
        expect([...folder.files.keys()].toSorted()).toEqual([1, 2, 3, 4, 5].map((seq) => nameOf(seq)));
      }),
      { numRuns: 30 },
    );
  });

  test('6: a corrected run gets a new file with what is sent now, and the old one goes', async () => {
    const desk = deskOf(new OwnOutbox([1]));
    change(desk.runs, 1, { state: 'PARKED' });
    await looked(desk);
    const body = bodyOf(1, 'bench-a', { serial_number: 'SN-9' });
    desk.runs.bodies.set(runId(1), body);
    change(desk.runs, 1, { state: 'AMBIGUOUS', corrections: [{ text: '{}', n: 2, head: '' }] });
    desk.folder.onWrite = () => expect(desk.folder.files.has(nameOf(1))).toBe(true);
    desk.copy.add(runId(1));
    await desk.copy.work(NEVER);
    expect([...desk.folder.files.keys()]).toEqual([nameOf(1, 1)]);
    expect((await inspect(desk.folder.files.get(nameOf(1, 1))!)).runs[0]?.body).toBe(body);
    // Cut off between the two, both lie there.
    desk.folder.files.set(nameOf(1), new Uint8Array(9));
    await looked(deskOf(desk.runs, {}, desk.folder));
    expect([...desk.folder.files.keys()]).toEqual([nameOf(1, 1)]);
  });

  test.each([
    [false, [2, 3]],
    [true, [1, 2, 3]],
  ])('7: what retention has reduced here goes there too, unless it is kept (%s)', async (keepsDelivered, left) => {
    const runs = new OwnOutbox([1, 2, 3]);
    for (const seq of [1, 2]) change(runs, seq, { state: 'DELIVERED' });
    const desk = deskOf(runs);
    await looked(desk);
    runs.bodies.delete(runId(1));
    await looked(deskOf(runs, { keepsDelivered }, desk.folder));
    expect([...desk.folder.files.keys()].toSorted()).toEqual(left.map((seq) => nameOf(seq)));
  });

  test('7: a file of a run that this store does not know is never touched, and is counted as one to bring back', async () => {
    const before = deskOf(new OwnOutbox([1, 2]));
    await looked(before);
    before.folder.files.set('holiday.jpg', new Uint8Array(3));
    const after = deskOf(new OwnOutbox([7]), {}, before.folder);
    await looked(after);
    expect([...after.folder.files.keys()]).toEqual([nameOf(1), nameOf(2), 'holiday.jpg', nameOf(7)]);
    expect([after.copy.unknownOf('bench-a'), after.copy.unknownOf('bench-b')]).toEqual([2, 0]);
  });

  test('1: runs that were delivered before the folder was picked are not copied', async () => {
    const runs = new OwnOutbox([1, 2, 3]);
    for (const seq of [1, 2]) change(runs, seq, { state: 'DELIVERED' });
    const desk = deskOf(runs, { sinceSeq: 1 });
    await looked(desk);
    expect([...desk.folder.files.keys()].toSorted()).toEqual([nameOf(2), nameOf(3)]);
  });

  test('2: a run whose bytes cannot be read is passed over, and stands in nobody’s way', async () => {
    const runs = new OwnOutbox([1, 2]);
    runs.bodies.set(runId(1), 'not what was sealed');
    const desk = deskOf(runs);
    expect(await looked(desk)).toBe(true);
    expect([...desk.folder.files.keys()]).toEqual([nameOf(2)]);
  });
});
