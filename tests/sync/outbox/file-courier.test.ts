import { describe, expect, test } from 'vitest';
import { drain } from '#sync/outbox/drain.ts';
import type { FileCarrier, RunCarrier } from '#sync/outbox/ports.ts';
import { retryParked } from '#sync/outbox/retry.ts';
import { MemoryOutbox, rowOf } from '../memory-outbox.ts';
import { VirtualClock } from '../virtual-clock.ts';

const MS = 50;

/** A run's files at the server, under names that nobody here has given. */
const has = (...ids: string[]) =>
  ({ kind: 'files', files: ids.map((remoteId) => ({ remoteId, name: remoteId, size: 1 })) }) as const;

/** A station with runs that have files, before a server that does as it is told; each request takes 50 ms. */
function setUp(files: readonly number[], answers: Partial<FileCarrier> = {}, serials?: readonly string[]) {
  const clock = new VirtualClock();
  const store = new MemoryOutbox();
  for (const [index, count] of files.entries())
    store.add(rowOf(index + 1, serials ? { serial_number: serials[index]! } : {}), count);
  const asked: string[] = [];
  const linked = new Map<string, string[]>();
  let slots = 0;
  const works: FileCarrier = {
    slot: async () => ({ kind: 'slot', remoteId: `f${++slots}`, address: `/up/${slots}` }),
    store: async () => ({ kind: 'stored' }),
    finalize: async () => ({ kind: 'finalized' }),
    link: async (run, ids) => {
      linked.set(run, [...(linked.get(run) ?? []), ...ids]);
      return { kind: 'linked' };
    },
    linked: async (run) => has(...(linked.get(run) ?? [])),
  };
  const parts = { ...works, ...answers };
  const told = <K extends keyof FileCarrier>(name: K): FileCarrier[K] =>
    (async (...args: unknown[]) => {
      asked.push(`${name} ${String(args[0])}`);
      await clock.sleep(MS);
      return (parts[name] as (...all: unknown[]) => unknown)(...args);
    }) as unknown as FileCarrier[K];
  const carrier: RunCarrier = {
    files: {
      slot: told('slot'),
      store: told('store'),
      finalize: told('finalize'),
      link: told('link'),
      linked: told('linked'),
    },
    post: async (body) => {
      asked.push('post');
      await clock.sleep(MS);
      const { client_run_id: id } = (JSON.parse(body) as { metadata: { client_run_id: string } }).metadata;
      return { kind: 'created', remoteId: `remote-${id}` };
    },
    lookup: async () => ({ kind: 'absent' }),
    reach: async () => ({ kind: 'online' }),
    meet: async () => ({ kind: 'online' }),
  };
  const progress: string[] = [];
  const settings = { ambiguousWaitMs: 90_000, concurrency: 1, ratePerS: 0 };
  const run = (change: { random?: number; ratePerS?: number; filesWait?: () => boolean } = {}) =>
    clock.until(
      drain({
        store,
        carrier,
        clock,
        random: () => change.random ?? 0,
        settings: { ...settings, ratePerS: change.ratePerS ?? 0 },
        signal: new AbortController().signal,
        ...(change.filesWait ? { filesWait: change.filesWait } : {}),
        today: () => '2026-11-20',
        onProgress: ({ state, attached }) => progress.push(`${state} ${attached ?? 0}`),
      }),
    );
  const states = () => [...store.files.values()].map(({ state }) => state);
  return { clock, store, asked, linked, run, states, progress };
}

describe('files of a run', () => {
  test('16: each file by slot, bytes and finalize, all linked by one request, progress told; only then delivered', async () => {
    const { store, asked, linked, run, progress } = setUp([2]);
    expect(await run()).toMatchObject({ delivered: 1, left: 0 });
    expect(asked).toEqual([
      'post',
      'slot file-0.txt',
      'store /up/1',
      'finalize f1',
      'slot file-1.txt',
      'store /up/2',
      'finalize f2',
      'link remote-run-1',
    ]);
    expect(linked.get('remote-run-1')).toEqual(['f1', 'f2']);
    expect(progress).toEqual(['CREATING 0', 'ATTACHING 0', 'ATTACHING 1', 'ATTACHING 2', 'ATTACHING 2', 'DELIVERED 2']);
    expect(store.row(1)).toMatchObject({ remote_id: 'remote-run-1', delivered_day: '2026-11-20' });
  });

  test('16: a run without files costs not one request more', async () => {
    const { asked, run } = setUp([0, 0]);
    await run();
    expect(asked).toEqual(['post', 'post']);
  });

  test('16: files wait where the supply is low, and their runs do not; then they go', async () => {
    const { store, asked, run } = setUp([2, 0, 1], {}, ['A', 'A', 'B']);
    expect(await run({ filesWait: () => true })).toMatchObject({ delivered: 1, left: 2, nextAtMs: null });
    expect(asked).toEqual(['post', 'post', 'post']);
    expect(store.states()).toEqual({ 1: 'ATTACHING', 2: 'DELIVERED', 3: 'ATTACHING' });
    expect(await run({ filesWait: () => false })).toMatchObject({ delivered: 2, left: 0 });
  });

  test('17: an address that is no longer taken is asked for anew, at once the first time', async () => {
    let stores = 0;
    const { asked, run, linked } = setUp([1], {
      store: async () => (++stores === 1 ? { kind: 'expired', message: '403' } : { kind: 'stored' }),
    });
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(asked.slice(1, 6)).toEqual([
      'slot file-0.txt',
      'store /up/1',
      'slot file-0.txt',
      'store /up/2',
      'finalize f2',
    ]);
    expect(linked.get('remote-run-1')).toEqual(['f2']);
  });

  test('17: the bytes follow the address at once, also where the pace is slower than an address lives', async () => {
    const at: Record<string, number> = {};
    const { clock, run } = setUp([1], {
      slot: async () => ((at['slot'] = clock.monotonicMs()), { kind: 'slot', remoteId: 'f', address: '/up' }),
      store: async () => ((at['store'] = clock.monotonicMs()), { kind: 'stored' }),
    });
    expect(await run({ ratePerS: 1 / 100 })).toMatchObject({ delivered: 1 });
    expect(at['store']! - at['slot']!).toBe(MS);
  });

  test('18: a finalize that failed is repeated alone', async () => {
    let finals = 0;
    const { asked, run } = setUp([1], {
      finalize: async () => (++finals < 3 ? { kind: 'failed', message: '502' } : { kind: 'finalized' }),
    });
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(asked.filter((one) => one.startsWith('slot') || one.startsWith('store'))).toHaveLength(2);
  });

  test('18: a file that the server has forgotten is sent again as another', async () => {
    let finals = 0;
    const { run, linked } = setUp([1], {
      finalize: async () => (++finals === 1 ? { kind: 'unknown', message: '404' } : { kind: 'finalized' }),
    });
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(linked.get('remote-run-1')).toEqual(['f2']);
  });

  test('19: after a lost answer the run is asked, and only what is missing is linked, after the wait', async () => {
    let links = 0;
    const all: string[][] = [];
    const { clock, asked, run, states } = setUp([2], {
      link: async (_run, ids) => (
        all.push([...ids]),
        ++links === 1 ? { kind: 'doubtful', message: '' } : { kind: 'linked' }
      ),
      linked: async () => has('f1'),
    });
    expect(await run()).toMatchObject({ delivered: 0, left: 1 });
    expect(states()).toEqual(['LINKED', 'LINKING']);
    await clock.pass(80_000);
    asked.splice(0);
    await run();
    expect(asked).toEqual([]);
    await clock.pass(10_000);
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(asked).toEqual(['linked remote-run-1', 'link remote-run-1']);
    expect(all).toEqual([['f1', 'f2'], ['f2']]);
  });

  test('19: a link found in the run is not made again', async () => {
    const { asked, run } = setUp([1], {
      link: async () => ({ kind: 'doubtful', message: '' }),
      linked: async () => has('f1'),
    });
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(asked.filter((one) => one.startsWith('link '))).toHaveLength(1);
  });

  test.each([{ exported_at: '2026-11-20T09:00:00Z' }, { carried_from: 'bench-b' }, { came_back: true }])(
    '22: a run that may be elsewhere too is asked first, and a file of this name and size is not linked again: %j',
    async (change) => {
      const size = 'bytes of run-1/0'.length;
      const theirs = [
        { remoteId: 'theirs', name: 'file-0.txt', size },
        { remoteId: 'other', name: 'file-1.txt', size: size + 1 },
      ];
      const { store, asked, run, states, linked } = setUp([2], {
        linked: async () => ({ kind: 'files', files: theirs }),
      });
      // Found at the server: that it was posted is not the question here.
      const arrived = { state: 'ATTACHING', remote_id: 'remote-run-1', ...change } as const;
      store.rows.set('run-1', { ...store.row(1), ...arrived });
      expect(await run()).toMatchObject({ delivered: 1 });
      expect(states()).toEqual(['LINKED', 'LINKED']);
      expect(linked.get('remote-run-1')).toEqual(['f2']);
      expect(asked.slice(-2)).toEqual(['linked remote-run-1', 'link remote-run-1']);
    },
  );

  test('20: a refused file is parked and lets the others pass; the run says why, and goes on when a person asks', async () => {
    let refuses = true;
    const { store, run, states, linked } = setUp([3], {
      store: async (address) =>
        refuses && address === '/up/2'
          ? { kind: 'rejected', message: 'The storage answered 413.' }
          : { kind: 'stored' },
    });
    expect(await run()).toMatchObject({ delivered: 0, left: 0 });
    expect(states()).toEqual(['LINKED', 'PARKED', 'LINKED']);
    expect(store.row(1)).toMatchObject({ state: 'PARKED', upload_reason: 'file-1.txt: The storage answered 413.' });
    refuses = false;
    expect(await retryParked(store)).toBe(1);
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(linked.get('remote-run-1')).toEqual(['f1', 'f3', 'f4']);
  });

  test('20: files that this machine has lost are said, and the run is not called delivered', async () => {
    const { store, run } = setUp([2]);
    store.files.delete('run-1/1');
    expect(await run()).toMatchObject({ delivered: 0 });
    expect(store.row(1)).toMatchObject({ state: 'PARKED', remote_id: 'remote-run-1' });
    expect(store.row(1).upload_reason).toContain('1 of its files cannot be found');
  });

  test('5: files hold back no run of the same unit', async () => {
    const { store, run } = setUp([1, 0], { slot: async () => ({ kind: 'failed', message: '502' }) }, ['A', 'A']);
    await run({ random: 1 });
    expect(store.states()).toEqual({ 1: 'ATTACHING', 2: 'DELIVERED' });
  });

  test('7, 8: a refused key and a throttle stop files as they stop runs', async () => {
    const held = setUp([2], { slot: async () => ({ kind: 'unauthorised', message: 'revoked' }) });
    await held.run();
    expect(held.asked).toEqual(['post', 'slot file-0.txt']);
    expect(await held.store.hold()).toMatchObject({ code: 'unauthorised' });
    const quiet = setUp([2], { link: async () => ({ kind: 'throttled', retryAfterMs: 20_000, message: '429' }) });
    const { nextAtMs } = await quiet.run();
    expect(nextAtMs! - quiet.clock.nowMs()).toBeGreaterThanOrEqual(20_000);
    expect(quiet.states()).toEqual(['FINALIZED', 'FINALIZED']);
  });
});
