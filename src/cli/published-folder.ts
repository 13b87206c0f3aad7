/**
 * The folder in which a fleet's releases are published, as the command line reads and writes it.
 *
 * Contents first, the index last and whole: whoever reads it meanwhile finds all that it names. Above: publish.ts,
 * rollback.ts, keys.ts, pin.ts. Below: #fleet/distribution/signed. Knows nothing of what is changed.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '#base/hash.ts';
import { CONTENT_FOLDER, INDEX_FILE, KEYS_FILE, RELEASES } from '#fleet/distribution/signed/addresses.ts';
import {
  followIndex,
  readIndex,
  type ReleaseIndex,
  type SignedIndex,
} from '#fleet/distribution/signed/release-index.ts';
import { type Signer, signStatement } from '#fleet/distribution/signed/signature.ts';
import { type KeyList, readKeyLists, type SignedLists } from '#fleet/distribution/signed/trusted-keys.ts';
import type { PublicKey } from './key-file.ts';
import { refused, unreadable } from './release-fault.ts';
import { writeWhole } from './write-file.ts';

/** What is signed stays readable: one line a member, so that a repository shows what changed. */
const INDENT = 1;

export class PublishedFolder {
  readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, RELEASES);
  }

  /** Every list of keys so far; none in a new folder. @throws {Fault} `release-unreadable`, `release-keys`, `unreadable` */
  async lists(): Promise<SignedLists> {
    const text = await this.#text(KEYS_FILE);
    return text === null ? [] : readKeyLists(text);
  }

  /** @throws {Fault} `refused` in a folder without any, and as `lists` */
  async keys(): Promise<KeyList> {
    const last = (await this.lists()).at(-1)?.signed;
    if (last) return last;
    throw refused(
      `Nobody has said yet whose signature counts in ${this.path}.`,
      'fieldbench keys FOLDER --add FILE.pub --key FILE does.',
    );
  }

  /** The index as somebody whose key counts has signed it; null in a new folder. @throws {Fault} */
  async index(keys: KeyList, nowMs: number): Promise<ReleaseIndex | null> {
    const signed = await this.signedIndex();
    return signed && followIndex(null, signed, keys, nowMs);
  }

  async signedIndex(): Promise<SignedIndex | null> {
    const text = await this.#text(INDEX_FILE);
    return text === null ? null : readIndex(text);
  }

  /** A content by its hash, as it was published. @throws {Fault} `unreadable`, `refused` */
  async content(hash: string): Promise<Uint8Array<ArrayBuffer>> {
    const path = join(this.path, CONTENT_FOLDER, hash.slice('sha256:'.length));
    const bytes = await readFile(path).catch((thrown: unknown) => {
      throw unreadable(path, thrown);
    });
    const content = new Uint8Array(bytes);
    if ((await sha256(content)) === hash) return content;
    throw refused(`${path} is not as it was published.`, 'Publish the release again.');
  }

  /** @returns false when it was there */
  async writeContent(hash: string, bytes: Uint8Array): Promise<boolean> {
    const path = join(this.path, CONTENT_FOLDER, hash.slice('sha256:'.length));
    const there = await stat(path).catch(() => undefined);
    // Written anew where it is not as long as it should be: what a power cut had left.
    if (there?.size === bytes.length) return false;
    await writeWhole(path, bytes);
    return true;
  }

  /**
   * @param before what the index was made from: another one since then is somebody else's work
   * @throws {Fault} `refused`, `cannot-write`
   */
  async writeIndex(index: ReleaseIndex, before: ReleaseIndex | null, signer: Signer): Promise<void> {
    const there = await this.signedIndex();
    if ((there?.signed.number ?? 0) !== (before?.number ?? 0))
      throw refused('Somebody else has published into this folder meanwhile.', 'Do it again.');
    const signed: SignedIndex = { signed: index, signatures: [await signStatement(index, signer)] };
    await writeWhole(join(this.path, INDEX_FILE), `${JSON.stringify(signed, null, INDENT)}\n`);
  }

  async writeLists(lists: SignedLists): Promise<void> {
    await writeWhole(join(this.path, KEYS_FILE), `${JSON.stringify(lists, null, INDENT)}\n`);
  }

  async #text(name: string): Promise<string | null> {
    const path = join(this.path, name);
    return readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return null;
      throw unreadable(path, thrown);
    });
  }
}

/** @throws {Fault} `refused` when the key would convince no station */
export function demandTrusted(signer: PublicKey, { keys }: KeyList): void {
  const known = keys.find(({ id, public_key }) => id === signer.id && public_key === signer.public_key);
  if (!known) throw refused(`The key ${signer.id} is not one that this fleet trusts.`, 'fieldbench keys lists them.');
  if (known.revoked !== undefined) throw refused(`The key “${known.name}” is revoked.`, 'Use another one.');
}

/** The next index: one more than the last, which only grows. */
export function nextIndex(
  before: ReleaseIndex | null,
  nowMs: number,
  procedures: ReleaseIndex['procedures'],
): ReleaseIndex {
  const sorted = procedures.toSorted((a, b) => (a.procedure < b.procedure ? -1 : 1));
  const made_at = new Date(nowMs).toISOString();
  return { kind: 'fieldbench-index', format: 1, number: (before?.number ?? 0) + 1, made_at, procedures: sorted };
}
