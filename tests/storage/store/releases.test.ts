import { describe, expect, test } from 'vitest';
import type { StoredRelease } from '#storage/store/store.ts';
import { freshDeps, freshName } from '../fresh-store.ts';
import { openStore } from '#storage/store/open.ts';

const release = (hash: string): StoredRelease => ({
  release: hash,
  folder: 'power-board',
  saved_at: '2026-11-20T08:00:00.000Z',
  procedure: { name: hash },
  bench: null,
});

describe('releases', () => {
  test('those that are to be kept are kept, and only those; keeping what is not there makes nothing', async () => {
    const store = await openStore({ name: freshName(), deps: freshDeps() });
    for (const hash of ['a', 'b', 'c']) await store.saveRelease(release(hash));
    await store.upkeep.keepReleases(['b', 'c', 'd']);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((hash) => store.release(hash)))).toEqual([
      undefined,
      release('b'),
      release('c'),
      undefined,
    ]);
    await store.upkeep.keepReleases([]);
    expect(await store.release('b')).toBeUndefined();
    store.close();
  });
});
