import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import type { LocalStore } from '#storage/store/open.ts';
import type { Vault } from '#storage/vault/vault.ts';
import type { RunCarrier } from '#sync/outbox/ports.ts';
import { webLock } from '#sync/outbox/web-lock.ts';
import { type BackgroundParts, drainInBackground } from '#sw/background-drain.ts';
import { MemoryOutbox, rowOf } from '../sync/memory-outbox.ts';
import { noFiles } from '../sync/no-files.ts';
import { VirtualClock } from '../sync/virtual-clock.ts';

const working: RunCarrier = {
  files: noFiles,
  post: async () => ({ kind: 'created', remoteId: 'r' }),
  lookup: async () => ({ kind: 'absent' }),
  reach: async () => ({ kind: 'online' }),
  meet: async () => ({ kind: 'online' }),
};

function setUp(runs: number, carrier: Partial<RunCarrier> = {}, change: Partial<BackgroundParts> = {}) {
  const clock = new VirtualClock();
  const outbox = new MemoryOutbox(Array.from({ length: runs }, (_, index) => rowOf(index + 1)));
  const log: string[] = [];
  const store = Object.assign(outbox, { get: async () => undefined, close: () => log.push('store closed') });
  const vault = { openKey: async () => 'key', close: () => log.push('vault closed') };
  const parts: BackgroundParts = {
    openStore: async () => store as unknown as LocalStore,
    openVault: async () => vault as unknown as Vault,
    carrierFor: () => ({ ...working, ...carrier }),
    withLock: (_signal, work) => work(),
    clock,
    random: () => 0.5,
    isWindowOpen: async () => true,
    register: async () => void log.push('registered'),
    ...change,
  };
  return { outbox, log, clock, run: () => clock.until(drainInBackground(parts)) };
}

describe('background drain', () => {
  test('3: delivers, closes what it opened, and asks for nothing more', async () => {
    const { outbox, log, run } = setUp(3);
    await run();
    expect(Object.values(outbox.states())).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']);
    expect(log).toEqual(['vault closed', 'store closed']);
  });

  test('4: nothing stored or nothing waiting resolves, even without a server', async () => {
    const absent = new Fault('absent', 'm', 'r');
    await setUp(0, {}, { openStore: () => Promise.reject(absent) }).run();
    await setUp(0, { reach: async () => ({ kind: 'offline', message: '' }) }).run();
  });

  test('4: no server and something to send rejects, so that the browser tries again', async () => {
    const { log, run } = setUp(2, { reach: async () => ({ kind: 'offline', message: '' }) });
    await expect(run()).rejects.toMatchObject({ code: 'unreachable' });
    expect(log).toEqual(['vault closed', 'store closed']);
  });

  test('4: a refused key resolves: trying again would not help', async () => {
    await setUp(2, { reach: async () => ({ kind: 'unauthorised', message: 'm' }) }).run();
  });

  const doubtfulAtTwo = () => {
    let posts = 0;
    return async () =>
      ++posts === 2
        ? ({ kind: 'doubtful', message: '' } as const)
        : await working.post('', new AbortController().signal);
  };

  test('5: progress with something left goes on, but only with a page open', async () => {
    const open = setUp(3, { post: doubtfulAtTwo() });
    await open.run();
    expect(open.log).toContain('registered');
  });

  const alone = { isWindowOpen: async () => false };

  test('3: with no page open it waits for a run that is due before its end', async () => {
    const { outbox, clock, log, run } = setUp(3, { post: doubtfulAtTwo() }, alone);
    await run();
    expect(Object.values(outbox.states())).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']);
    expect(clock.monotonicMs(), 'the wait of a doubtful run').toBeGreaterThanOrEqual(90_000);
    expect(log).not.toContain('registered');
  });

  test('3: a run that was moved under its feet is looked at again', async () => {
    const { outbox, run } = setUp(1, {}, alone);
    const { move } = outbox;
    let isFirst = true;
    outbox.move = async (from, to) => {
      if (!isFirst) return move.call(outbox, from, to);
      isFirst = false;
      await move.call(outbox, from, { state: 'AMBIGUOUS', attempts: 1, sent_at_ms: 1 });
      return false;
    };
    await run();
    expect(outbox.states()).toEqual({ 1: 'DELIVERED' });
  });

  test('4: a run that waits for longer than the event rejects, so that the browser tries again', async () => {
    const { log, run } = setUp(
      1,
      { post: async () => ({ kind: 'throttled', retryAfterMs: 600_000, message: '' }) },
      alone,
    );
    await expect(run()).rejects.toMatchObject({ code: 'waiting' });
    expect(log).toEqual(['vault closed', 'store closed']);
  });

  test('4: a server that goes away after some progress rejects, with no page open', async () => {
    let looks = 0;
    const { outbox, run } = setUp(
      3,
      {
        post: doubtfulAtTwo(),
        lookup: async () => ({ kind: 'failed', message: '' }),
        reach: async () => (++looks === 1 ? { kind: 'online' } : { kind: 'offline', message: '' }),
      },
      alone,
    );
    await expect(run()).rejects.toMatchObject({ code: 'unreachable' });
    expect(Object.values(outbox.states())).toContain('DELIVERED');
  });

  test('3: a lock that a page keeps ends the event in time, and is no failure', async () => {
    const forever: BackgroundParts['withLock'] = (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { clock, log, run } = setUp(1, {}, { withLock: forever });
    await run();
    expect(clock.monotonicMs()).toBe(165_000);
    expect(log).toEqual(['vault closed', 'store closed']);
  });

  test('3: one at a time under a web lock', async () => {
    const asked: string[] = [];
    const locks = {
      request: async <T>(name: string, _options: object, work: () => Promise<T>) => (asked.push(name), work()),
    };
    expect(await webLock('outbox-lock', locks)(new AbortController().signal, async () => 7)).toBe(7);
    expect(asked).toEqual(['outbox-lock']);
  });
});
