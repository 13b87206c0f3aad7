/**
 * What a release is: the procedure's title, and every file of it with its hash. The hash of this text is the release's.
 *
 * Written by `fieldbench pack`, read by the command line, the server and every station. Knows nothing of where the files are.
 */
import * as v from 'valibot';
import { sha256 } from '#base/hash.ts';
import { canonicalBytes, canonicalText } from '#fleet/distribution/signed/canonical.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';
import { FORMAT, listedFiles, readDocument, text } from '#fleet/distribution/signed/shapes.ts';

const schema = v.strictObject({
  kind: v.literal('fieldbench-release'),
  format: v.literal(FORMAT),
  /** The procedure's in TofuPilot; empty where it has none. */
  id: text,
  name: text,
  version: text,
  /** As the author wrote them, by path. */
  files: listedFiles,
  /** Phase scripts as stations run them: the compiled one as JSON, under its author's path. */
  scripts: listedFiles,
});

export type ReleaseManifest = Readonly<v.InferOutput<typeof schema>>;
export type ListedFile = ReleaseManifest['files'][number];
export type Title = Pick<ReleaseManifest, 'id' | 'name' | 'version'>;

/** Files may come in any order. */
export function manifestOf(
  title: Title,
  files: readonly ListedFile[],
  scripts: readonly ListedFile[],
): ReleaseManifest {
  const { id, name, version } = title;
  return {
    kind: 'fieldbench-release',
    format: FORMAT,
    id,
    name,
    version,
    files: sorted(files),
    scripts: sorted(scripts),
  };
}

export function manifestBytes(manifest: ReleaseManifest): Uint8Array<ArrayBuffer> {
  return canonicalBytes(manifest);
}

/** `sha256:…`, the release's name everywhere. */
export function releaseOf(manifest: ReleaseManifest): Promise<string> {
  return sha256(manifestBytes(manifest));
}

/** @throws {Fault} `release-unreadable`, `release-newer-format`: also when it is not written as it would be hashed */
export function readManifest(bytes: Uint8Array<ArrayBuffer>): ReleaseManifest {
  const manifest = readDocument(schema, bytes, 'the manifest of a release') as ReleaseManifest;
  const tidy = manifestOf(manifest, manifest.files, manifest.scripts);
  const isDoubled = [tidy.files, tidy.scripts].some((list) => list.some(({ path }, at) => list[at + 1]?.path === path));
  if (isDoubled || canonicalText(tidy) !== new TextDecoder().decode(bytes))
    throw releaseFault('release-unreadable', 'The manifest of a release is not written as fieldbench writes it.');
  return manifest;
}

/** What a key signs of a release. */
export function releaseStatement({ id, name, version }: Title, release: string, key: string) {
  return { kind: 'fieldbench-release-signature', format: FORMAT, release, id, name, version, key };
}

function sorted(files: readonly ListedFile[]): ListedFile[] {
  return files
    .map(({ path, sha256: hash, size }) => ({ path, sha256: hash, size }))
    .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
