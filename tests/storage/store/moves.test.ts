import { describe, expect, test } from 'vitest';
import type { RunRow } from '#record/run-row.ts';
import { Moves } from '#storage/store/moves.ts';
import { freshStore, sealRun } from '../fresh-store.ts';

const from = (id: string, state: RunRow['state'] = 'QUEUED', attempts = 0) => ({ id, state, attempts });
const creating = { state: 'CREATING', attempts: 1 } as const;

describe('moves side by side', () => {
  test('7: each is compared by itself: one that comes too late, or has no row, stops no other', async () => {
    const store = await freshStore();
    for (const id of ['a', 'b', 'c']) await sealRun(store, id);
    const moved = await Promise.all([
      store.move(from('a'), creating),
      store.move(from('b'), creating),
      store.move(from('b'), creating),
      store.move(from('nobody'), creating),
      store.move(from('c', 'AMBIGUOUS'), creating),
      store.move(from('c'), { state: 'PARKED' }),
    ]);
    expect(moved).toEqual([true, true, false, false, false, true]);
    const states = (await store.undelivered()).map(({ id, state, attempts }) => [id, state, attempts]);
    expect(states).toEqual([
      ['a', 'CREATING', 1],
      ['b', 'CREATING', 1],
      ['c', 'PARKED', 0],
    ]);
  });

  test('7: two moves of one row that follow each other both happen, in their order', async () => {
    const store = await freshStore();
    await sealRun(store, 'a');
    const moved = await Promise.all([
      store.move(from('a'), { state: 'AMBIGUOUS' }),
      store.move(from('a', 'AMBIGUOUS'), { state: 'DELIVERED', remote_id: 'first' }),
      store.move(from('a', 'DELIVERED'), { remote_id: 'second' }),
      store.move(from('a', 'AMBIGUOUS'), { state: 'PARKED' }),
    ]);
    expect(moved).toEqual([true, true, true, false]);
    expect((await store.record('a'))?.row).toMatchObject({ state: 'DELIVERED', remote_id: 'first' });
  });

  test('1: those asked while one is written share the next transaction, and none is answered before it ends', async () => {
    const asked: string[][] = [];
    const ends: (() => void)[] = [];
    const moves = new Moves(async (together) => {
      asked.push(together.map((one) => one.from.id));
      await new Promise<void>((resolve) => ends.push(resolve));
      return together.map(() => true);
    });
    const turn = () => new Promise((resolve) => setTimeout(resolve));
    const answered: string[] = [];
    const ask = (id: string) => moves.move(from(id), creating).then(() => answered.push(id));
    const first = [ask('a'), ask('b')];
    await turn();
    const then = [ask('c'), ask('d')];
    await turn();
    expect(answered).toEqual([]);
    ends[0]!();
    await turn();
    expect(asked).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(answered).toEqual(['a', 'b']);
    ends[1]!();
    await Promise.all([...first, ...then]);
    expect(answered).toEqual(['a', 'b', 'c', 'd']);
  });

  test('14: a row that cannot be written takes none of its neighbours along', async () => {
    const store = await freshStore();
    for (const id of ['a', 'b', 'c']) await sealRun(store, id);
    const [a, bad, c] = await Promise.allSettled([
      store.move(from('a'), creating),
      // A function cannot be stored.
      store.move(from('b'), { upload_reason: (() => '') as unknown as string }),
      store.move(from('c'), creating),
    ]);
    expect([a.status, bad.status, c.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await store.undelivered()).map(({ state }) => state)).toEqual(['CREATING', 'QUEUED', 'CREATING']);
  });
});
