import { describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '#base/clock.ts';
import { IDBObjectStore } from 'fake-indexeddb';
import type { RunEvent } from '#record/run-event.ts';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, freshStore, headerOf, sealRun } from '../fresh-store.ts';

/** Waiting for the disk passes at once; the time limit of an opening does not. */
const hasty: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms > 2_000 ? ms : 1, signal),
};
const log: RunEvent = {
  kind: 'log',
  log: { level: 'INFO', at_ms: 0, message: '', source_file: 'p', line_number: 1 },
};

/** A disk on which nothing can be written until enough was deleted. */
function fullDisk({ untilDeleted }: { untilDeleted: boolean }) {
  let isFull = true;
  const proto = IDBObjectStore.prototype;
  const [put, add, remove] = [proto.put, proto.add, proto.delete];
  const refuse = () => {
    if (isFull) throw new DOMException('full', 'QuotaExceededError');
  };
  const spies = [
    vi.spyOn(proto, 'put').mockImplementation(function (this: never, ...args) {
      refuse();
      return put.apply(this, args);
    }),
    vi.spyOn(proto, 'add').mockImplementation(function (this: never, ...args) {
      refuse();
      return add.apply(this, args);
    }),
    vi.spyOn(proto, 'delete').mockImplementation(function (this: never, ...args) {
      if (untilDeleted) isFull = false;
      return remove.apply(this, args);
    }),
  ];
  return () => spies.forEach((spy) => spy.mockRestore());
}

describe('room on the disk', () => {
  test('16: on a full disk no run begins, and no number is taken; once there is room again, it does', async () => {
    const store = await freshStore({ clock: hasty });
    expect(await store.upkeep.keepBallast()).toBe(true);
    const free = fullDisk({ untilDeleted: false });
    await expect(store.beginRun(headerOf('a'))).rejects.toMatchObject({ code: 'full' });
    free();
    expect((await store.beginRun(headerOf('a'))).seq).toBe(1);
  });

  test('16: a run that has begun is finished out of the ballast; the next one waits for room', async () => {
    const store = await freshStore({ clock: hasty });
    await store.upkeep.keepBallast();
    await store.beginRun(headerOf('a'));
    const free = fullDisk({ untilDeleted: true });
    await store.append('a', [log]);
    free();
    expect((await store.record('a'))?.record.logs).toHaveLength(1);
    const stillFull = fullDisk({ untilDeleted: false });
    await expect(store.beginRun(headerOf('b'))).rejects.toMatchObject({ code: 'full' });
    stillFull();
  });

  test('16: an app opens on a full disk: what is saved is seen', async () => {
    const place = { name: freshName(), deps: freshDeps(), clock: hasty };
    const store = await openStore(place);
    await store.upkeep.keepBallast();
    await sealRun(store, 'a');
    store.close();
    const free = fullDisk({ untilDeleted: true });
    const again = await openStore(place);
    free();
    expect(await again.undelivered()).toHaveLength(1);
  });

  test('4: the second copy fails: the run is saved, and it is told', async () => {
    const store = await freshStore();
    const proto = IDBObjectStore.prototype;
    const put = proto.put;
    const spy = vi.spyOn(proto, 'put').mockImplementation(function (this: IDBObjectStore, ...args: unknown[]) {
      if (this.transaction.db.name.endsWith('-shadow')) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this as never, args as never);
    } as never);
    await sealRun(store, 'a');
    spy.mockRestore();
    expect((await store.undelivered())[0]?.state).toBe('QUEUED');
    await vi.waitFor(async () =>
      expect((await store.upkeep.unread()).map(({ code }) => code)).toEqual(['single-copy']),
    );
  });

  test('17: retention reduces delivered runs to their rows, by count and by age, and no other', async () => {
    let nowMs = Date.parse('2026-11-20T08:00:00.000Z');
    const store = await freshStore({ clock: { ...systemClock, nowMs: () => nowMs } });
    for (const id of ['a', 'b', 'c', 'd']) await sealRun(store, id);
    const rows = await store.undelivered();
    for (const row of rows.slice(0, 3)) await store.move(row, { state: 'DELIVERED', remote_id: `r-${row.id}` });
    expect(await store.upkeep.reduce({ keepRuns: 2, keepDays: 90 })).toEqual(['a']);
    expect(await store.record('a')).toBeNull();
    expect((await store.history({ limit: 9 })).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
    nowMs += 91 * 86_400_000;
    expect(await store.upkeep.reduce({ keepRuns: 2, keepDays: 90 })).toEqual(['b', 'c']);
    expect((await store.sealed('d'))?.body).toBe('{"id":"d"}');
    await store.upkeep.verify();
    expect(await store.upkeep.unread()).toEqual([]);
  });
});
