/**
 * Getting the files of a release that its screens show, and believing none before its hash is right. Beside
 * fetch-fleet.ts.
 *
 * They are known by their content, so what two releases share is fetched once. Where they are kept is handed in.
 */
import { fetchChecked } from '#fleet/distribution/fetch-fleet.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import { LONGEST_SCREEN_FILE_BYTES, screenMediaType } from '#procedure/screen-file.ts';

export interface FileShelf {
  has(sha256: string): Promise<boolean>;
  put(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** 50 MiB over a line of 1 Mbit/s; the station goes on with what it has meanwhile. */
const FETCH_LIMIT_MS = 8 * 60_000;

/** Whatever of a release a screen can show; one that is too large is left where it is. */
export function screenFilesOf({ files }: Pick<OfferedProcedure, 'files'>): OfferedProcedure['files'] {
  return files.filter(({ path, size }) => screenMediaType(path) !== null && size <= LONGEST_SCREEN_FILE_BYTES);
}

/** @throws {Fault} `fleet-unreachable`, `release-damaged`, and whatever keeping throws */
export async function fetchScreenFiles(
  fetchFrom: typeof fetch,
  offered: OfferedProcedure,
  shelf: FileShelf,
  signal: AbortSignal,
): Promise<void> {
  for (const { path, sha256 } of screenFilesOf(offered)) {
    if (await shelf.has(sha256)) continue;
    const address = `/fleet/procedures/${offered.folder}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const name = `${offered.folder}/${path}`;
    await shelf.put(sha256, await fetchChecked(fetchFrom, address, name, sha256, signal, FETCH_LIMIT_MS));
  }
}
