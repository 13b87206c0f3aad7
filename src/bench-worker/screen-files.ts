/**
 * Pictures, films and documents of the offered releases, kept for the time without a network.
 *
 * They lie in the browser's cache by their content's hash, which is asked again before they are used: what a power cut
 * left half written is thrown away and fetched anew. Knows nothing of screens.
 */
import { sha256 } from '#base/hash.ts';
import { screenFilesOf, type FileShelf } from '#fleet/distribution/fetch-screen-files.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';

const CACHE = 'fieldbench-screen-files';

const open = () => caches.open(CACHE);
/** An address that nobody asks for: the cache wants one. */
const addressOf = (hash: string) => `/screen-files/${hash.replace(/^sha256:/, '')}`;

export const screenFileShelf: FileShelf = {
  has: async (hash) => (await (await open()).match(addressOf(hash))) !== undefined,
  put: async (hash, bytes) => (await open()).put(addressOf(hash), new Response(bytes)),
};

/** @returns the hash of each file that is here as a whole, by its path; what is not is thrown away */
export async function wholeFiles(offered: OfferedProcedure): Promise<ReadonlyMap<string, string>> {
  const whole = new Map<string, string>();
  for (const { path, sha256: hash } of screenFilesOf(offered)) {
    const bytes = await readScreenFile(hash);
    if (!bytes) continue;
    if ((await sha256(bytes)).replace(/^sha256:/, '') === hash.replace(/^sha256:/, '')) whole.set(path, hash);
    else await (await open()).delete(addressOf(hash));
  }
  return whole;
}

export async function readScreenFile(hash: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const found = await (await open()).match(addressOf(hash));
  return found ? new Uint8Array(await found.arrayBuffer()) : null;
}

/** Files of releases that nobody offers any more go. */
export async function tidyScreenFiles(offers: readonly OfferedProcedure[]): Promise<void> {
  const cache = await open();
  const wanted = new Set(offers.flatMap((one) => screenFilesOf(one).map(({ sha256: hash }) => addressOf(hash))));
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (!wanted.has(pathname)) await cache.delete(pathname);
  }
}
