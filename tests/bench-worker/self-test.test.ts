/** A browser that was updated is tried out first: src/bench-worker/RULES.md, 23. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock, type Clock } from '#base/clock.ts';
import { selfTest } from '../../src/bench-worker/self-test/self-test.ts';
import { tryBrowser } from '../../src/bench-worker/self-test/try-browser.ts';
import { View } from '../../src/bench-worker/view.ts';
import { MemorySettings } from './people-stage.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function station(store = new MemorySettings()) {
  const view = new View(() => {});
  const tried: string[] = [];
  const open = (browser: string, problem?: string) =>
    tryBrowser({
      store,
      view,
      clock: systemClock,
      name: async () => browser,
      selfTest: async () => {
        tried.push(browser);
        if (problem !== undefined) throw new Error(problem);
      },
    });
  return { store, view, tried, open };
}

describe('23: when', () => {
  test('not at the first start, and not again in the same version', async () => {
    const { open, tried } = station();
    expect(await open('Chrome 150.0')).toEqual({ browser: 'Chrome 150.0', unfit: null });
    await open('Chrome 150.0');
    expect(tried).toEqual([]);
  });

  test('once in each other version, also an older one', async () => {
    const { open, tried } = station();
    for (const version of ['150.0', '151.0', '151.0', '150.0']) await open(`Chrome ${version}`);
    expect(tried).toEqual(['Chrome 151.0', 'Chrome 150.0']);
  });

  test('again at each start for as long as it fails; until then no unit is tested, and that is said', async () => {
    const { open, tried, view } = station();
    await open('Chrome 150.0');
    const { unfit } = await open('Chrome 151.0', 'its SHA-256 is wrong.');
    expect(unfit).toMatchObject({
      code: 'browser-unfit',
      message:
        'The browser was updated to Chrome 151.0, and the station’s test of itself fails in it: its SHA-256 is wrong.',
    });
    expect(view.current.notices).toMatchObject([{ code: 'browser-unfit', tone: 'error' }]);
    expect((await open('Chrome 151.0')).unfit).toBeNull();
    await open('Chrome 151.0');
    expect(tried).toEqual(['Chrome 151.0', 'Chrome 151.0']);
  });

  test('a disk that takes nothing is no browser to test in', async () => {
    const { open, store } = station();
    await open('Chrome 150.0');
    store.set = () => Promise.reject(new Error('the disk is full'));
    expect((await open('Chrome 151.0')).unfit?.message).toContain('the disk is full');
  });
});

describe('23: what', () => {
  test('storage, hashes and the engine, on what is here; and it leaves nothing behind', async () => {
    const store = new MemorySettings();
    await selfTest({ store, clock: systemClock });
    expect([...store.kept]).toEqual([]);
  });

  test('a store that gives back something else', async () => {
    const store = new MemorySettings();
    const { get } = store;
    store.get = async <T>(key: string) => {
      const read = await get.call(store, key);
      if (read instanceof Uint8Array) read[17]! ^= 1;
      return read as T;
    };
    await expect(selfTest({ store, clock: systemClock })).rejects.toThrow('not read back');
  });

  test('a browser whose timers do not come back', async () => {
    const clock: Clock = {
      ...systemClock,
      sleep: (delayMs, signal) =>
        delayMs === 15_000
          ? systemClock.sleep(200, signal)
          : new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    };
    await expect(selfTest({ store: new MemorySettings(), clock })).rejects.toThrow();
  });

  test('a browser that hashes wrongly', async () => {
    vi.spyOn(crypto.subtle, 'digest').mockResolvedValue(new ArrayBuffer(32));
    await expect(selfTest({ store: new MemorySettings(), clock: systemClock })).rejects.toThrow('SHA-256');
  });

  test('a browser that reads numbers wrongly', async () => {
    vi.stubGlobal('Number', new Proxy(Number, { apply: () => 3.3 }));
    await expect(selfTest({ store: new MemorySettings(), clock: systemClock })).rejects.toThrow();
  });
});
