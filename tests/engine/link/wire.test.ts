import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { connect, serve, type Wire } from '#engine/link/wire.ts';

interface Commands {
  add(a: number, b: number): number;
  refuse(): void;
  crash(): void;
}
type News = { readonly n: number };

/** Two ends of one channel, cloning as a real one does. */
function pair(): [Wire, Wire] {
  const listeners: ((event: { data: unknown }) => void)[][] = [[], []];
  const end = (own: 0 | 1): Wire => ({
    postMessage: (message) => {
      const data: unknown = structuredClone(message);
      queueMicrotask(() => listeners[own === 0 ? 1 : 0]!.forEach((listener) => listener({ data })));
    },
    addEventListener: (_, listener) => listeners[own]!.push(listener),
  });
  return [end(0), end(1)];
}

function linked() {
  const [page, worker] = pair();
  const tell = serve<Commands, News>(worker, {
    add: (a, b) => a + b,
    refuse: () => {
      throw new Fault('full', 'The disk is full.', 'Free some space.');
    },
    crash: () => {
      throw new TypeError('x is not a function');
    },
  });
  return { tell, ...connect<Commands, News>(page) };
}

describe('wire', () => {
  test('answers each call to its own caller', async () => {
    const { call } = linked();
    expect(await Promise.all([call.add(1, 2), call.add(10, 20)])).toEqual([3, 30]);
  });

  test('a fault keeps its code and its remedy', async () => {
    const { call } = linked();
    await expect(call.refuse()).rejects.toMatchObject({
      code: 'full',
      message: 'The disk is full.',
      remedy: 'Free some space.',
    });
  });

  test('a defect becomes a fault with a remedy', async () => {
    const { call } = linked();
    await expect(call.crash()).rejects.toMatchObject({ code: 'internal', message: 'x is not a function' });
  });

  test('news reach every listener in order, and no more after it stopped listening', async () => {
    const { tell, on } = linked();
    const heard: number[] = [];
    const off = on(({ n }) => heard.push(n));
    tell({ n: 1 });
    tell({ n: 2 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    off();
    tell({ n: 3 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(heard).toEqual([1, 2]);
  });
});
