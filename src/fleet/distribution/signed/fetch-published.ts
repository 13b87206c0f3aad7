/**
 * Getting a signed release: its manifest first, then who has signed it, then its files, each believed by its hash.
 *
 * What people see on screens goes to the shelf, one file after the other, so that what has come stays when the rest does
 * not; texts and scripts are handed back together. Above: the station. Knows nothing of what is kept and of what is used.
 */
import type { FileShelf } from '#fleet/distribution/fetch-screen-files.ts';
import { screenFilesOf } from '#fleet/distribution/fetch-screen-files.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import { fetchContent } from '#fleet/distribution/signed/fetch-content.ts';
import { readManifest, releaseStatement } from '#fleet/distribution/signed/release-manifest.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';
import type { PublishedProcedure, PublishedRelease } from '#fleet/distribution/signed/release-index.ts';
import { demandSignature, type KeyList, type TrustedKey } from '#fleet/distribution/signed/trusted-keys.ts';
import { titleOf } from '#fleet/distribution/signed/wanted-release.ts';

export interface FetchedRelease {
  readonly offered: OfferedProcedure;
  readonly texts: ReadonlyMap<string, string>;
  readonly scripts: readonly (readonly [path: string, compiled: { readonly script: CompiledScript }])[];
  readonly signedBy: Pick<TrustedKey, 'id' | 'name'>;
}

export interface Source {
  readonly fetch: typeof fetch;
  readonly shelf: FileShelf;
  readonly keys: KeyList;
  readonly nowMs: number;
  /** Whether so many bytes may be taken. */
  hasRoom(bytes: number): Promise<boolean>;
}

const YAML = /\.ya?ml$/;

/** @throws {Fault} those of `fetchContent` and `demandSignature`, `release-unreadable`, `release-storage-full` */
export async function fetchPublished(
  { procedure }: Pick<PublishedProcedure, 'procedure'>,
  published: PublishedRelease,
  source: Source,
  signal: AbortSignal,
): Promise<FetchedRelease> {
  const { release, size } = published;
  const title = titleOf(published);
  const get = (sha256: string, bytes: number, name: string) =>
    fetchContent(source.fetch, { sha256, size: bytes, name }, signal);
  const manifest = readManifest(await get(release, size, `The manifest of ${title}`));
  const { id, name, version, files } = manifest;
  const signedBy = await demandSignature(
    (key) => releaseStatement(manifest, release, key),
    published.signatures,
    source.keys,
    source.nowMs,
    title,
  );
  if (name !== published.name || version !== published.version)
    throw releaseFault('release-signature', `The index calls ${titleOf(manifest)} ${title}.`);
  const offered: OfferedProcedure = {
    folder: procedure,
    id,
    name: name || procedure,
    version,
    development: false,
    release,
    files,
    ...(manifest.scripts.length > 0 ? { scripts: manifest.scripts } : {}),
  };
  const screenFiles = screenFilesOf(offered);
  if (!(await source.hasRoom([...screenFiles, ...manifest.scripts].reduce((sum, file) => sum + file.size, 0))))
    throw releaseFault('release-storage-full', `There is too little room on this computer for ${title}.`);
  const texts = new Map<string, string>();
  for (const { path, sha256, size: bytes } of files)
    if (YAML.test(path)) texts.set(path, new TextDecoder().decode(await get(sha256, bytes, `${title}: ${path}`)));
  const scripts: [string, { script: CompiledScript }][] = [];
  for (const { path, sha256, size: bytes } of manifest.scripts)
    scripts.push([path, { script: compiledOf(await get(sha256, bytes, `${title}: ${path}`)) }]);
  for (const file of screenFiles) {
    if (await source.shelf.has(file.sha256)) continue;
    const bytes = await get(file.sha256, file.size, `${title}: ${file.path}`);
    await source.shelf.put(file.sha256, bytes).catch((cause: unknown) => {
      throw fullOr(cause, `There is no room on this computer for ${file.path} of ${title}.`);
    });
  }
  return { offered, texts, scripts, signedBy: { id: signedBy.id, name: signedBy.name } };
}

/** A full disk is told as one; everything else as it is. */
export function fullOr(thrown: unknown, message: string): unknown {
  const { name, code } = thrown as { name?: unknown; code?: unknown };
  return name === 'QuotaExceededError' || code === 'full'
    ? releaseFault('release-storage-full', message, thrown)
    : thrown;
}

function compiledOf(bytes: Uint8Array<ArrayBuffer>): CompiledScript {
  return JSON.parse(new TextDecoder().decode(bytes)) as CompiledScript;
}
