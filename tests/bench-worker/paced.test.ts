import { expect, test } from 'vitest';
import { paced } from '../../src/bench-worker/paced.ts';
import { FakeClock } from '../base/fake-clock.ts';

test('a hundred calls during a showing and its rest are one more, with the last of them', async () => {
  const clock = new FakeClock();
  const shown: [string, number][] = [];
  const show = paced(clock, async (what: string) => {
    shown.push([what, clock.monotonicMs()]);
    await clock.sleep(50);
  });
  void show('first');
  for (let n = 0; n < 100; n += 1) void show(`call ${n}`);
  await clock.advance(249);
  expect(shown).toEqual([['first', 0]]);
  await clock.advance(10_000);
  expect(shown).toEqual([
    ['first', 0],
    ['call 99', 250],
  ]);
  void show('later');
  expect(shown.at(-1)).toEqual(['later', 10_249]);
});

test('a slow showing rests no longer than a second, and one that fails stops nothing', async () => {
  const clock = new FakeClock();
  const shown: number[] = [];
  const show = paced(clock, async () => {
    shown.push(clock.monotonicMs());
    await clock.sleep(3_000);
    throw new Error('the disk');
  });
  const failed = expect(show(0)).rejects.toThrow('the disk');
  void show(1);
  await clock.advance(4_000);
  await failed;
  expect(shown).toEqual([0, 4_000]);
});
