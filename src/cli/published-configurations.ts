/**
 * The documents of stations in a published folder: `releases/configuration/<station>.json`, and the number beside them.
 *
 * Documents first, the number last: whoever sees it finds all that it stands for. Above: config.ts. Below: #fleet/config.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Configuration,
  CONFIGURATIONS,
  CONFIGURATIONS_FILE,
  readConfiguration,
  type SignedConfiguration,
} from '#fleet/config/document.ts';
import { RELEASES } from '#fleet/distribution/signed/addresses.ts';
import { canonicalText } from '#fleet/distribution/signed/canonical.ts';
import { FORMAT } from '#fleet/distribution/signed/shapes.ts';
import { type Signer, signStatement } from '#fleet/distribution/signed/signature.ts';
import { refused, unreadable } from './release-fault.ts';
import { writeWhole } from './write-file.ts';

/** One line a member, so that a repository shows what changed. */
const INDENT = 1;

export class PublishedConfigurations {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, RELEASES);
  }

  /** Of the last publishing; 0 in a new folder. @throws {Fault} `unreadable`, `refused` */
  async number(): Promise<number> {
    const text = await this.#text(CONFIGURATIONS_FILE);
    if (text === null) return 0;
    const { number } = parsed(text) as { number?: unknown };
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    throw refused(`${join(this.#path, CONFIGURATIONS_FILE)} is not whole.`, 'Bring it back from your repository.');
  }

  /** @returns null when there is none. @throws {Fault} those of `readConfiguration`, `unreadable` */
  async read(station: string): Promise<SignedConfiguration | null> {
    const text = await this.#text(this.#file(station));
    return text === null ? null : readConfiguration(text);
  }

  /** Whether the one that is there says the same. */
  async isSame(next: Configuration): Promise<boolean> {
    const there = await this.read(next.station).catch(() => null);
    if (!there) return false;
    const { number, made_at } = there.signed;
    return canonicalText({ ...next, number, made_at }) === canonicalText(there.signed);
  }

  /** @throws {Fault} `cannot-write` */
  async write(signed: Configuration, signer: Signer): Promise<void> {
    const document: SignedConfiguration = { signed, signatures: [await signStatement(signed, signer)] };
    await writeWhole(join(this.#path, this.#file(signed.station)), `${JSON.stringify(document, null, INDENT)}\n`);
  }

  /** @throws {Fault} `cannot-write` */
  async writeNumber(number: number, nowMs: number): Promise<void> {
    const made_at = new Date(nowMs).toISOString();
    const text = JSON.stringify({ kind: 'fieldbench-configurations', format: FORMAT, number, made_at });
    await writeWhole(join(this.#path, CONFIGURATIONS_FILE), `${text}\n`);
  }

  #file(station: string): string {
    return `${CONFIGURATIONS}/${station}.json`;
  }

  async #text(name: string): Promise<string | null> {
    const path = join(this.#path, name);
    return readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return null;
      throw unreadable(path, thrown);
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
