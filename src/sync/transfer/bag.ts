/**
 * A signed bag: files with their hashes, facts about them, and one signature over everything.
 *
 * Laid out as BagIt (RFC 8493), so that archives' own tools can check it: payload under data/, manifest-sha256.txt over
 * the payload, tagmanifest-sha256.txt over the manifest and the facts. manifest.sig is Ed25519 over the tag manifest;
 * with station-key.pem `openssl pkeyutl -verify` checks it too. Knows nothing of runs and receipts.
 */
import { sha256 } from '#base/hash.ts';
import { type BagFacts, parseInfo, parseManifest, writeInfo, writeManifest } from '#sync/transfer/bag-text.ts';
import { fromPem, toPem } from '#sync/transfer/pem.ts';
import { problem, REFUSES_ALL, transferFault, type TransferProblem } from '#sync/transfer/transfer-fault.ts';
import { type Bytes, readZip, writeZip } from '#sync/transfer/zip.ts';

/** A station's key as far as signing needs it; the vault has it. */
export interface Signer {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
  sign(bytes: Bytes): Promise<Bytes>;
}

export interface Bag {
  readonly facts: BagFacts;
  /** Whole payload files whose hash is right, by their path under data/. */
  readonly payload: ReadonlyMap<string, Bytes>;
  /** Of the public key, for people to compare. */
  readonly fingerprint: string;
  /** false: nothing in it may be believed. */
  readonly isTrusted: boolean;
  readonly problems: readonly TransferProblem[];
}

export const FORMAT = 1;
const DATA = 'data/';
const MANIFEST = 'manifest-sha256.txt';
const TAG_MANIFEST = 'tagmanifest-sha256.txt';
const SIGNATURE = 'manifest.sig';
const KEY = 'station-key.pem';
const INFO = 'bag-info.txt';
const DECLARATION = 'bagit.txt';
const DECLARATION_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
const TAGS: readonly string[] = [DECLARATION, INFO, KEY, MANIFEST];

const encode = (text: string) => new TextEncoder().encode(text);
/** Bytes that are no text are shown as replacement characters: their hash is wrong anyway. */
const decode = (bytes: Bytes | undefined) => new TextDecoder().decode(bytes);

/** @param payload by path under data/ */
export async function packBag(facts: BagFacts, payload: ReadonlyMap<string, Bytes>, signer: Signer): Promise<Bytes> {
  const files = new Map([...payload].map(([path, bytes]) => [DATA + path, bytes]));
  const tags = new Map([
    [DECLARATION, encode(DECLARATION_TEXT)],
    [INFO, encode(writeInfo(facts, FORMAT, oxum(payload)))],
    [KEY, encode(toPem(signer.publicKey))],
    [MANIFEST, encode(writeManifest(await hashes(files)))],
  ]);
  const tagManifest = encode(writeManifest(await hashes(tags)));
  const entries = new Map([
    ...tags,
    [TAG_MANIFEST, tagManifest],
    [SIGNATURE, await signer.sign(tagManifest)],
    ...files,
  ] as const);
  return writeZip(entries, new Date(facts.madeAt));
}

/** @throws {Fault} `unreadable`, `cut`, `newer-format`, `too-large`, `no-signing`; whatever else is wrong is in `problems` */
export async function openBag(bytes: Bytes): Promise<Bag> {
  const { entries, doubled } = await readZip(bytes);
  const { facts, format, oxum: claimed } = parseInfo(decode(entries.get(INFO)));
  if (format !== undefined && format > FORMAT)
    throw transferFault('newer-format', 'A newer version of the app has made this file.');
  if (!facts || format === undefined || !entries.has(DECLARATION))
    throw transferFault('unreadable', 'This is a ZIP file, but not one that a station has made.');

  const problems = doubled.map((path) => problem('doubled', `${path} is in this file more than once.`));
  const key = fromPem(decode(entries.get(KEY)));
  const tagManifest = entries.get(TAG_MANIFEST);
  if (!(await isSigned(key, entries.get(SIGNATURE), tagManifest)))
    problems.push(problem('signature', 'The signature does not fit: this file was changed after it was made.'));
  const tagHashes = parseManifest(decode(tagManifest));
  for (const path of TAGS) {
    const tag = entries.get(path);
    if (!tag || tagHashes.get(path) !== (await hashOf(tag)))
      problems.push(problem('manifest', `${path} was changed after this file was made.`));
  }

  const listed = parseManifest(decode(entries.get(MANIFEST)));
  const payload = new Map<string, Bytes>();
  for (const [path, hash] of listed) {
    const file = entries.get(path);
    if (!file) problems.push(problem('missing', `${path} is listed, and is not in this file.`, runIn(path)));
    else if (hash !== (await hashOf(file)))
      problems.push(problem('altered', `${path} was changed after this file was made.`, runIn(path)));
    else if (path.startsWith(DATA)) payload.set(path.slice(DATA.length), file);
  }
  const own = new Set([...TAGS, TAG_MANIFEST, SIGNATURE]);
  for (const path of entries.keys())
    if (!own.has(path) && !listed.has(path))
      problems.push(problem('stray', `${path} was put into this file after it was made.`));
  if (listed.size === payload.size && claimed !== oxum(payload))
    problems.push(problem('count', 'The file says that it holds more or less than it does.'));
  return {
    facts,
    payload,
    fingerprint: await fingerprintOf(key ?? new Uint8Array()),
    isTrusted: !problems.some(({ code }) => REFUSES_ALL.has(code)),
    problems,
  };
}

/** 64 bits are enough for two people on the telephone, and too many to find another key for. */
export async function fingerprintOf(publicKey: Bytes): Promise<string> {
  return (await hashOf(publicKey)).slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
}

/** Of exactly these bytes, as 64 hexadecimal digits. */
export async function hashOf(bytes: Bytes): Promise<string> {
  return (await sha256(bytes)).slice('sha256:'.length);
}

async function isSigned(key: Bytes | null, signature: Bytes | undefined, signed: Bytes | undefined): Promise<boolean> {
  if (!key || !signature || !signed) return false;
  try {
    const publicKey = await crypto.subtle.importKey('spki', key, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', publicKey, signature, signed);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'NotSupportedError')
      throw transferFault('no-signing', 'This browser cannot check signatures.', thrown);
    // Not an Ed25519 key at all.
    return false;
  }
}

async function hashes(files: ReadonlyMap<string, Bytes>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [path, bytes] of files) found.set(path, await hashOf(bytes));
  return found;
}

/** Payload-Oxum, RFC 8493, 2.2.2: bytes and files. */
function oxum(payload: ReadonlyMap<string, Bytes>): string {
  const bytes = [...payload.values()].reduce((sum, file) => sum + file.length, 0);
  return `${bytes}.${payload.size}`;
}

function runIn(path: string): string | undefined {
  return /^data\/(?:runs\/(.+)\.json|files\/([^/]+?)(?:\.json|\/.+))$/.exec(path)?.slice(1).find(Boolean);
}
