/** fleet/config/RULES.md 11: what the fleet says of this station's memory has its effect in the next round. */
import { expect, test } from 'vitest';
import type { LocalStore } from '#storage/store/open.ts';
import { keepMemory } from '../../src/bench-worker/memory.ts';
import { View } from '../../src/bench-worker/view.ts';

/** The rounds that a station makes, one after the other, until it has made so many. */
async function rounds(count: number, settings: Parameters<typeof keepMemory>[0]['settings'], leftBytes: number) {
  const view = new View(() => {});
  const life = new AbortController();
  const asked: unknown[] = [];
  let slept = 0;
  const upkeep = {
    readWaiting: async () => {},
    compareCopies: async () => {},
    reduce: async (retention: unknown) => void asked.push(retention),
    keepBallast: async () => true,
    verify: async () => {},
  };
  const clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: async () => {
      slept += 1;
      if (slept > count) life.abort();
    },
  };
  const store = { upkeep } as unknown as LocalStore;
  await keepMemory({ store, view, clock, settings, roomLeft: async () => leftBytes }, life.signal);
  return { asked, codes: view.current.notices.map(({ code }) => code) };
}

const MIB = 2 ** 20;

test('storage.warn_free_mib says from when on the disk is nearly full', async () => {
  expect((await rounds(1, () => ({}), 255 * MIB)).codes).toEqual(['storage-low']);
  expect((await rounds(1, () => ({}), 257 * MIB)).codes).toEqual([]);
  const early = () => ({ storage: { warn_free_mib: 1024 } });
  expect((await rounds(1, early, 257 * MIB)).codes).toEqual(['storage-low']);
});

test('retention says what stays whole, and is asked anew each round', async () => {
  let keep = 100;
  const { asked } = await rounds(2, () => ({ retention: { keep_runs: keep-- } }), MIB * 1024);
  expect(asked).toEqual([
    { keepRuns: 100, keepDays: 90 },
    { keepRuns: 99, keepDays: 90 },
  ]);
});
