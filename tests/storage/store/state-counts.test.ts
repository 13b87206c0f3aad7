import { describe, expect, test } from 'vitest';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, freshStore, meddle, sealRun } from '../fresh-store.ts';

const DAY = '2026-11-20';
const from = (id: string, state: 'QUEUED' | 'CREATING', attempts: number) => ({ id, state, attempts });

describe('counts by state', () => {
  test('6: whoever has changed a run reads it at once in the counts', async () => {
    const store = await freshStore();
    expect(await store.counts(DAY)).toEqual({ waiting: 0, parked: 0, uploadedToday: 0 });
    await sealRun(store, 'a');
    expect(await store.counts(DAY)).toMatchObject({ waiting: 1, parked: 0 });
    await sealRun(store, 'b');
    await store.move(from('a', 'QUEUED', 0), { state: 'PARKED' });
    expect(await store.counts(DAY)).toMatchObject({ waiting: 1, parked: 1 });
    await store.move(from('b', 'QUEUED', 0), { state: 'CREATING', attempts: 1 });
    await store.move(from('b', 'CREATING', 1), { state: 'DELIVERED', delivered_day: DAY });
    expect(await store.counts(DAY)).toEqual({ waiting: 0, parked: 1, uploadedToday: 1 });
  });

  test('8: and so does another that has the same store open', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const [one, other] = [await openStore(place), await openStore({ ...place, existing: true })];
    await sealRun(one, 'a');
    await expect.poll(() => other.counts(DAY)).toMatchObject({ waiting: 1 });
    await other.move(from('a', 'QUEUED', 0), { state: 'PARKED' });
    await expect.poll(() => one.counts(DAY)).toMatchObject({ waiting: 0, parked: 1 });
  });

  test('19: a run in a state of a newer version is no damage', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const store = await openStore(place);
    await sealRun(store, 'a');
    await sealRun(store, 'b');
    store.close();
    await meddle(place, ['runs'], (at) => {
      const asked = at('runs').get('a');
      asked.onsuccess = () => at('runs').put({ ...(asked.result as object), state: 'TRAVELLING' });
    });
    const again = await openStore(place);
    expect(await again.upkeep.unread()).toEqual([]);
    expect(await again.counts(DAY)).toMatchObject({ waiting: 1 });
    expect((await again.record('a'))?.row.state).toBe('TRAVELLING');
  });
});
