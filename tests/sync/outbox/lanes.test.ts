import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Freight, Lanes } from '#sync/outbox/lanes.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Work that ends when it is told to, and what has begun so far. */
function bench(width: number) {
  const wide = { width };
  const lanes = new Lanes(() => wide.width);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (name: string, freight: Freight = 'run') =>
    lanes.in(freight, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  return { wide, lanes, begun, ask, end: (name: string) => ends.get(name)!() };
}

describe('21: lanes', () => {
  test('as many as are wide go, the others in the order of asking', async () => {
    const { begun, ask, end } = bench(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => ask(name));
    await turn();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    end('c');
    await turn();
    end('d');
    await Promise.all(all);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  test('files leave one lane to runs, and a run that waits goes before a file; the only lane takes either', async () => {
    const { begun, ask, end } = bench(3);
    for (const name of ['f1', 'f2', 'f3']) void ask(name, 'file');
    void ask('r1');
    void ask('r2');
    await turn();
    expect(begun).toEqual(['f1', 'f2', 'r1']);
    end('f1');
    await turn();
    expect(begun).toEqual(['f1', 'f2', 'r1', 'r2']);
    end('r1');
    await turn();
    expect(begun).toEqual(['f1', 'f2', 'r1', 'r2', 'f3']);
    const narrow = bench(1);
    void narrow.ask('f1', 'file');
    await turn();
    expect(narrow.begun).toEqual(['f1']);
  });

  test('work that fails frees its lane, and fails for its asker', async () => {
    const lanes = new Lanes(() => 1);
    await expect(lanes.in('run', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(lanes.in('run', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  test('one that is narrowed empties before anything else begins', async () => {
    const { wide, begun, ask, end } = bench(3);
    for (const name of ['a', 'b', 'c', 'd']) void ask(name);
    wide.width = 1;
    await turn();
    for (const name of ['a', 'b']) end(name);
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    end('c');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  test('whatever is asked: never more than are wide, never only files, and all of it is done', async () => {
    const freights = fc.array(fc.constantFrom<Freight>('run', 'file'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(freights, fc.integer({ min: 1, max: 6 }), async (asked, width) => {
        const lanes = new Lanes(() => width);
        const under = { run: 0, file: 0 };
        let done = 0;
        const work = (freight: Freight) => async () => {
          under[freight] += 1;
          expect(under.run + under.file).toBeLessThanOrEqual(width);
          expect(under.file).toBeLessThanOrEqual(Math.max(1, width - 1));
          for (let tick = 0; tick < 3; tick++) await Promise.resolve();
          under[freight] -= 1;
          done += 1;
        };
        await Promise.all(asked.map((freight) => lanes.in(freight, work(freight))));
        expect(done).toBe(asked.length);
      }),
    );
  });
});
