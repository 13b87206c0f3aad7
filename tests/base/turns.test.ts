import { expect, test } from 'vitest';
import { Turns } from '#base/turns.ts';

test('work never overlaps, keeps its order, and a failure is its asker’s alone', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const [a, b, c] = await Promise.allSettled([
    turns.take(work('a')),
    turns.take(work('b', true)),
    turns.take(work('c')),
  ]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect([a.status, b.status, c.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('pieces that share go side by side; one that goes alone waits for all before it, and all after it wait', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const gates = new Map<string, () => void>();
  const work = (name: string) => async () => {
    seen.push(name);
    await new Promise<void>((resolve) => gates.set(name, resolve));
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string) => {
    gates.get(name)?.();
    await settled();
  };
  const all = [
    turns.share(work('run 1')),
    turns.share(work('run 2')),
    turns.take(work('change')),
    turns.share(work('run 3')),
    turns.share(work('run 4')),
  ];
  await settled();
  expect(seen).toEqual(['run 1', 'run 2']);
  await end('run 2');
  expect(seen).toEqual(['run 1', 'run 2']);
  await end('run 1');
  expect(seen).toEqual(['run 1', 'run 2', 'change']);
  await end('change');
  expect(seen).toEqual(['run 1', 'run 2', 'change', 'run 3', 'run 4']);
  await end('run 3');
  await end('run 4');
  await Promise.all(all);
});

test('a piece that shares and fails holds up nobody', async () => {
  const turns = new Turns();
  const failing = turns.share(() => Promise.reject(new Error('no')));
  const after = turns.take(async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await after).toBe('done');
});
