/** Files that screens show: which of a release are fetched, and what is believed of them. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fetchScreenFiles, screenFilesOf } from '#fleet/distribution/fetch-screen-files.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import { LONGEST_SCREEN_FILE_BYTES } from '#procedure/screen-file.ts';

const hashOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const offered: OfferedProcedure = {
  folder: 'power-board',
  id: '',
  name: 'Power board',
  version: '',
  development: true,
  release: 'sha256:00',
  files: [
    { path: 'procedure.yaml', sha256: hashOf('name: P'), size: 7 },
    { path: 'images/the led.png', sha256: hashOf('led'), size: 3 },
    { path: 'images/same.png', sha256: hashOf('led'), size: 3 },
    { path: 'film.webm', sha256: hashOf('film'), size: LONGEST_SCREEN_FILE_BYTES + 1 },
    { path: 'phases/a.ts', sha256: hashOf('a'), size: 1 },
  ],
};
const never = new AbortController().signal;

function aShelf() {
  const kept = new Map<string, string>();
  const shelf = {
    has: async (hash: string) => kept.has(hash),
    put: async (hash: string, bytes: Uint8Array<ArrayBuffer>) => void kept.set(hash, new TextDecoder().decode(bytes)),
  };
  return { kept, shelf };
}

describe('files that screens show', () => {
  test('are pictures, films and documents that are not too large', () => {
    expect(screenFilesOf(offered).map(({ path }) => path)).toEqual(['images/the led.png', 'images/same.png']);
  });

  test('are fetched once for each content, and not again', async () => {
    const { kept, shelf } = aShelf();
    const asked: string[] = [];
    const fetchFrom = ((address: string) => {
      asked.push(address);
      return Promise.resolve(new Response('led'));
    }) as typeof fetch;
    await fetchScreenFiles(fetchFrom, offered, shelf, never);
    await fetchScreenFiles(fetchFrom, offered, shelf, never);
    expect(asked).toEqual(['/fleet/procedures/power-board/images/the%20led.png']);
    expect([...kept.values()]).toEqual(['led']);
  });

  test('with other content are not kept', async () => {
    const { kept, shelf } = aShelf();
    const fetchFrom = (() => Promise.resolve(new Response('LED'))) as typeof fetch;
    await expect(fetchScreenFiles(fetchFrom, offered, shelf, never)).rejects.toMatchObject({ code: 'release-damaged' });
    expect(kept.size).toBe(0);
  });
});
