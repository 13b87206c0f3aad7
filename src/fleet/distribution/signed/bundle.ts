/**
 * A release in one file: its manifest, its files as written and its scripts as compiled, and who has signed it.
 *
 * A ZIP without compression and without times, in one order: the same content makes the same bytes on every machine, and
 * bytes that this file would not have written are refused. Any tool can look inside. Above: the command line. Knows
 * nothing of disks and of keys.
 */
import { sha256 } from '#base/hash.ts';
import { canonicalBytes } from '#fleet/distribution/signed/canonical.ts';
import {
  type ListedFile,
  manifestBytes,
  manifestOf,
  readManifest,
  releaseOf,
  type ReleaseManifest,
  type Title,
} from '#fleet/distribution/signed/release-manifest.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';
import { readDocument, signatures as signaturesShape } from '#fleet/distribution/signed/shapes.ts';
import type { Signature } from '#fleet/distribution/signed/signature.ts';
import { readZip, writeZip } from '#sync/transfer/zip.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Content {
  readonly title: Title;
  /** By path in the procedure's folder. */
  readonly files: ReadonlyMap<string, Bytes>;
  /** Compiled, as JSON, by the author's path. */
  readonly scripts: ReadonlyMap<string, Bytes>;
}

export interface Bundle extends Omit<Content, 'title'> {
  readonly release: string;
  readonly manifest: ReleaseManifest;
  /** By key. */
  readonly signatures: readonly Signature[];
}

const MANIFEST = 'release.json';
const SIGNATURES = 'signatures.json';
const FILES = 'files/';
const COMPILED = 'compiled/';
const JSON_ENDING = '.json';
/** A ZIP must say a time; this one says nothing. Of this machine's clock as it is read, so that the zone has no part in it. */
const NO_TIME = () => new Date(2000, 0, 1);

export async function bundleOf({ title, files, scripts }: Content): Promise<Bundle> {
  const manifest = manifestOf(title, await listed(files), await listed(scripts));
  return { release: await releaseOf(manifest), manifest, files, scripts, signatures: [] };
}

/** One of the same key is replaced. */
export function withSignature(bundle: Bundle, signature: Signature): Bundle {
  const others = bundle.signatures.filter(({ key }) => key !== signature.key);
  return { ...bundle, signatures: [...others, signature].toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}

export function writeBundle({ manifest, files, scripts, signatures }: Bundle): Promise<Bytes> {
  const entries: [string, Bytes][] = [[MANIFEST, manifestBytes(manifest)]];
  if (signatures.length > 0) entries.push([SIGNATURES, canonicalBytes(signatures)]);
  for (const { path } of manifest.files) entries.push([FILES + path, files.get(path)!]);
  for (const { path } of manifest.scripts) entries.push([COMPILED + path + JSON_ENDING, scripts.get(path)!]);
  return writeZip(new Map(entries), NO_TIME());
}

/** @throws {Fault} `release-unreadable`, `release-damaged`, `release-newer-format` */
export async function readBundle(bytes: Bytes): Promise<Bundle> {
  const { entries } = await readZip(bytes).catch((cause: unknown) => {
    throw releaseFault('release-unreadable', 'This is no bundle, or not a whole one.', cause);
  });
  const head = entries.get(MANIFEST);
  if (!head) throw releaseFault('release-unreadable', `There is no ${MANIFEST} in it: this is no bundle.`);
  const manifest = readManifest(head);
  const made = entries.get(SIGNATURES);
  const bundle: Bundle = {
    release: await sha256(head),
    manifest,
    files: await taken(entries, (path) => FILES + path, manifest.files),
    scripts: await taken(entries, (path) => COMPILED + path + JSON_ENDING, manifest.scripts),
    signatures: made ? readDocument(signaturesShape, made, 'the signatures of a bundle') : [],
  };
  // Whatever else was changed (a name, an order, a time, bytes in between) would not be written so.
  if (!isSame(bytes, await writeBundle(bundle)))
    throw releaseFault(
      'release-damaged',
      'This bundle is not as fieldbench writes it: it was changed after it was packed.',
    );
  return bundle;
}

async function listed(contents: ReadonlyMap<string, Bytes>): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const [path, bytes] of contents) files.push({ path, sha256: await sha256(bytes), size: bytes.length });
  return files;
}

async function taken(
  entries: ReadonlyMap<string, Bytes>,
  nameOf: (path: string) => string,
  files: readonly ListedFile[],
): Promise<ReadonlyMap<string, Bytes>> {
  const contents = new Map<string, Bytes>();
  for (const { path, sha256: hash } of files) {
    const bytes = entries.get(nameOf(path));
    if (!bytes || (await sha256(bytes)) !== hash)
      throw releaseFault('release-damaged', `${path} is ${bytes ? 'not as it was packed' : 'missing in this bundle'}.`);
    contents.set(path, bytes);
  }
  return contents;
}

function isSame(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
