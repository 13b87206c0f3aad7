/**
 * Each station's configuration: the signed one that was published, else one merged here from plain files, unsigned.
 *
 * Plain files count only where no signed ones are, and nobody wants signed ones only. A mistake in them changes nothing: what
 * was served before is served on, and the log says where it is. Above: fleet.ts. Knows nothing of HTTP.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '#base/hash.ts';
import { CONFIGURATIONS, CONFIGURATIONS_FILE } from '#fleet/config/document.ts';
import { configurationOf, FleetTiers } from '#fleet/config/station-tiers.ts';
import { readTierTexts } from '#fleet/config/tier-texts.ts';
import { CONFIG_FOLDER } from '#fleet/config/tiers.ts';
import type { ConfigurationPointer } from '#fleet/distribution/manifest.ts';
import { RELEASES } from '#fleet/distribution/signed/addresses.ts';
import { canonicalText } from '#fleet/distribution/signed/canonical.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';
import type { Log } from '#server/log.ts';

/** A hundred stations ask within this, and a person who has saved a file does not notice it. */
const FRESH_MS = 1_000;

interface Plain {
  readonly pointer: string;
  readonly tiers: FleetTiers;
  /** When its newest file was written. */
  readonly madeMs: number;
}

export class Configurations {
  readonly #dir: string;
  readonly #log: Log;
  #plain: Plain | undefined;
  #lookedMs = -Infinity;
  /** By station: what was good last. */
  readonly #good = new Map<string, string>();
  readonly #said = new Set<string>();

  constructor(dir: string, log: Log) {
    this.#dir = dir;
    this.#log = log;
  }

  /** @returns undefined where the manifest's settings are all there is */
  async pointer(signedOnly: boolean): Promise<ConfigurationPointer | undefined> {
    const published = await this.#published(CONFIGURATIONS_FILE);
    if (published) return sha256(published);
    return signedOnly ? undefined : (await this.#look())?.pointer;
  }

  /** As JSON. @returns undefined when there is none for this station */
  async of(station: string, signedOnly: boolean): Promise<Uint8Array<ArrayBuffer> | string | undefined> {
    if (stationNameProblem(station) !== null) return undefined;
    if (await this.#published(CONFIGURATIONS_FILE)) return this.#published(`${CONFIGURATIONS}/${station}.json`);
    const plain = signedOnly ? undefined : await this.#look();
    if (!plain) return undefined;
    const tiers = plain.tiers.of(station);
    const [wrong] = tiers.problems;
    if (wrong) {
      this.#say(`${wrong.file}, line ${wrong.line}, column ${wrong.column}: ${wrong.message}.`);
      return this.#good.get(station);
    }
    const document = canonicalText({ signed: configurationOf(tiers, 0, plain.madeMs), signatures: [] });
    this.#good.set(station, document);
    return document;
  }

  async #look(): Promise<Plain | undefined> {
    if (performance.now() - this.#lookedMs < FRESH_MS) return this.#plain;
    this.#lookedMs = performance.now();
    const texts = await readTierTexts({ files: (folder) => this.#files(folder), text: (path) => this.#text(path) });
    // A fleet of one file that says nothing else than the manifest needs no documents.
    const tiers = new FleetTiers(texts);
    const isWanted = [...texts.keys()].some((path) => path.startsWith(`${CONFIG_FOLDER}/`)) || tiers.fleetSaysMore;
    const pointer = await sha256(new TextEncoder().encode(JSON.stringify([...texts])));
    if (!isWanted) return (this.#plain = undefined);
    if (this.#plain?.pointer === pointer) return this.#plain;
    const times = await Promise.all([...texts.keys()].map(async (path) => (await stat(join(this.#dir, path))).mtimeMs));
    return (this.#plain = { pointer, tiers, madeMs: Math.max(...times) });
  }

  #say(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#log.write('error', 'fleet-invalid', { message, consequence: 'the last good configuration stays' });
  }

  async #files(folder: string): Promise<readonly string[]> {
    const found = await readdir(join(this.#dir, folder), { recursive: true }).catch(() => []);
    return found.map((path) => path.replaceAll('\\', '/'));
  }

  async #text(path: string): Promise<string | null> {
    return readFile(join(this.#dir, path), 'utf8').catch(() => null);
  }

  async #published(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return readFile(join(this.#dir, RELEASES, name)).then(
      (bytes) => new Uint8Array(bytes),
      () => undefined,
    );
  }
}
