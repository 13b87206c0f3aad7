import { describe, expect, test } from 'vitest';
import type { RunRow } from '#record/run-row.ts';
import { bothQueues } from '#sync/transfer/both-queues.ts';
import { MemoryOutbox, rowOf } from '../memory-outbox.ts';

const at = (minute: number) => `2026-11-20T08:${String(minute).padStart(2, '0')}:00.000Z`;
const line = (station: string, ...minutes: number[]): RunRow[] =>
  minutes.map((minute, index) =>
    rowOf(index + 1, {
      id: `${station || 'own'}-${index + 1}`,
      started_at: at(minute),
      ...(station === '' ? {} : { carried_from: station, state: 'AMBIGUOUS' as const }),
    }),
  );

describe('two queues as one', () => {
  test('6: runs are merged by their beginning, and no station’s own order is changed by its clock', async () => {
    const own = new MemoryOutbox(line('', 5, 20));
    // The second station's clock was set back after its first run.
    const carried = new MemoryOutbox([...line('b', 1, 30), ...line('c', 10, 2)]);
    const merged = await bothQueues(own, carried).undelivered();
    expect(merged.map(({ id }) => id)).toEqual(['b-1', 'own-1', 'c-1', 'c-2', 'own-2', 'b-2']);
  });

  test('6: each run is read and moved where it is; everything else is the station’s own', async () => {
    const own = new MemoryOutbox(line('', 1));
    const carried = new MemoryOutbox(line('b', 2));
    const both = bothQueues(own, carried);
    for (const row of await both.undelivered()) {
      expect(await both.sealed(row.id)).toBeDefined();
      expect(await both.move(row, { state: 'PARKED' })).toBe(true);
    }
    expect([own.rows.get('own-1')?.state, carried.rows.get('b-1')?.state]).toEqual(['PARKED', 'PARKED']);
    await both.setNotBefore(7);
    expect([await own.notBefore(), await carried.notBefore()]).toEqual([7, 0]);
  });

  test('6: a run that is in both goes once, as the station’s own, and the carried one is asked about after it', async () => {
    const own = new MemoryOutbox([rowOf(1, { id: 'same', state: 'AMBIGUOUS' })]);
    const carried = new MemoryOutbox([rowOf(1, { id: 'same', state: 'AMBIGUOUS', carried_from: 'own' })]);
    const both = bothQueues(own, carried);
    const listed = await both.undelivered();
    expect(listed.map(({ id, carried_from }) => [id, carried_from])).toEqual([['same', undefined]]);
    expect(await both.move(listed[0]!, { state: 'DELIVERED' })).toBe(true);
    expect([own.rows.get('same')?.state, carried.rows.get('same')?.state]).toEqual(['DELIVERED', 'AMBIGUOUS']);
    const [left] = await both.undelivered();
    expect(left?.carried_from).toBe('own');
    expect(await both.move(left!, { state: 'DELIVERED' })).toBe(true);
    expect(carried.rows.get('same')?.state).toBe('DELIVERED');
  });

  test('6: a run that was carried first and came back to its own store meanwhile is moved there', async () => {
    const own = new MemoryOutbox();
    const carried = new MemoryOutbox([rowOf(1, { id: 'same', state: 'AMBIGUOUS', carried_from: 'own' })]);
    const both = bothQueues(own, carried);
    expect(await both.undelivered()).toHaveLength(1);
    own.rows.set('same', rowOf(1, { id: 'same', state: 'PARKED' }));
    const [listed] = await both.undelivered();
    expect(await both.move(listed!, { state: 'QUEUED' })).toBe(true);
    expect(own.rows.get('same')?.state).toBe('QUEUED');
  });

  test('closing one closes both', () => {
    const closed: string[] = [];
    const own = Object.assign(new MemoryOutbox(), { close: () => void closed.push('own') });
    const carried = Object.assign(new MemoryOutbox(), { close: () => void closed.push('carried') });
    bothQueues(own, carried).close();
    expect(closed.toSorted()).toEqual(['carried', 'own']);
  });
});
