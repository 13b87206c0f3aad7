import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import type { RunEvent } from '#record/run-event.ts';
import { createJournalWriter } from '#storage/store/journal-writer.ts';
import { freshStore, headerOf } from '../fresh-store.ts';

const event = (n: number): RunEvent => ({
  kind: 'log',
  log: { level: 'INFO', at_ms: n, message: `${n}`, source_file: 'p', line_number: 1 },
});
const numbers = (events: readonly RunEvent[]) => events.map((one) => (one.kind === 'log' ? one.log.at_ms : -1));

describe('journal writer', () => {
  test('3: events reach the disk in order, and are told after it', async () => {
    const store = await freshStore();
    await store.beginRun(headerOf('a'));
    const told: number[] = [];
    const writer = createJournalWriter(store, 'a', (events) => told.push(...numbers(events)));
    for (let n = 0; n < 20; n++) {
      const written = writer.write(event(n));
      if (n % 7 === 0 || n === 19) await written;
    }
    const expected = Array.from({ length: 20 }, (_, n) => n);
    expect(told).toEqual(expected);
    expect((await store.record('a'))?.record.logs.map((log) => log.at_ms)).toEqual(expected);
  });

  test('3: while the disk is busy events gather into one transaction', async () => {
    const batches: number[][] = [];
    const release: (() => void)[] = [];
    const append = (_run: string, events: readonly RunEvent[]) => {
      batches.push(numbers(events));
      return new Promise<void>((resolve) => release.push(resolve));
    };
    const writer = createJournalWriter({ append }, 'a', () => {});
    void writer.write(event(0));
    await Promise.resolve();
    let last = Promise.resolve();
    for (let n = 1; n < 5; n++) last = writer.write(event(n));
    release.shift()!();
    await new Promise((resolve) => setTimeout(resolve));
    release.shift()!();
    await last;
    expect(batches).toEqual([[0], [1, 2, 3, 4]]);
  });

  test('3: at the end nothing more is begun, and what was not told is left to the seal', async () => {
    const release: (() => void)[] = [];
    const append = () => new Promise<void>((resolve) => release.push(resolve));
    const told: number[] = [];
    const writer = createJournalWriter({ append }, 'a', (events) => told.push(...numbers(events)));
    void writer.write(event(0));
    await Promise.resolve();
    const left = writer.write(event(1));
    const finished = writer.finish();
    release.shift()!();
    await finished;
    await new Promise((resolve) => setTimeout(resolve));
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    expect([told, release.length]).toEqual([[0], 0]);
  });

  test('3: a write that fails at the end is told to nobody', async () => {
    const told: number[] = [];
    const append = () => Promise.reject(new Fault('full', 'full', 'r'));
    const writer = createJournalWriter({ append }, 'a', (events) => told.push(...numbers(events)));
    const written = writer.write(event(0));
    await Promise.resolve();
    await writer.finish();
    await expect(written).rejects.toMatchObject({ code: 'full' });
    expect(told).toEqual([]);
  });

  test('3: after one failure nothing more is written, and everybody is told', async () => {
    let calls = 0;
    const append = async () => {
      calls += 1;
      if (calls === 2) throw new Fault('full', 'full', 'r');
    };
    const told: number[] = [];
    const writer = createJournalWriter({ append }, 'a', (events) => told.push(...numbers(events)));
    await writer.write(event(0));
    const second = writer.write(event(1));
    await Promise.resolve();
    const third = writer.write(event(2));
    await expect(second).rejects.toMatchObject({ code: 'full' });
    await expect(third).rejects.toMatchObject({ code: 'full' });
    await expect(writer.write(event(3))).rejects.toMatchObject({ code: 'full' });
    expect([told, calls]).toEqual([[0], 2]);
  });
});
