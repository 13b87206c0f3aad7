/**
 * `FLEET_DIR/releases`, as `fieldbench publish` leaves it: the index, the list of keys, and contents by their hash.
 *
 * What stands there is signed for stations, not for this server, which only hands it out; code alone is checked against
 * its hash before it is handed out as code. Knows nothing of HTTP and of source folders.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '#base/hash.ts';
import type { PublishedPointer } from '#fleet/distribution/manifest.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import { CONTENT_FOLDER, INDEX_FILE, KEYS_FILE, RELEASES } from '#fleet/distribution/signed/addresses.ts';
import { readIndex, type ReleaseIndex } from '#fleet/distribution/signed/release-index.ts';
import { readManifest, type ReleaseManifest } from '#fleet/distribution/signed/release-manifest.ts';

export interface ContentFile {
  readonly path: string;
  readonly size: number;
}

const DOCUMENTS: readonly string[] = [INDEX_FILE, KEYS_FILE];

export class Published {
  readonly #dir: string;
  #read: { readonly text: string; readonly index: ReleaseIndex | null } | undefined;

  constructor(fleetDir: string) {
    this.#dir = join(fleetDir, RELEASES);
  }

  /** @returns undefined while nobody has said whose signature counts */
  async pointer(): Promise<PublishedPointer | undefined> {
    const [keys, index] = await Promise.all([this.document(KEYS_FILE), this.document(INDEX_FILE)]);
    // A fleet may sign its configurations and have no release yet.
    return keys && { keys: await sha256(keys), index: index ? await sha256(index) : '' };
  }

  /** As it stands there; whether it counts is for whoever has the keys to say. null: there is none that can be read. */
  async index(): Promise<ReleaseIndex | null> {
    const bytes = await this.document(INDEX_FILE);
    if (!bytes) return null;
    const text = new TextDecoder().decode(bytes);
    if (text === this.#read?.text) return this.#read.index;
    let index: ReleaseIndex | null = null;
    try {
      index = readIndex(text).signed;
    } catch {
      // Stations say what is wrong with it.
    }
    this.#read = { text, index };
    return index;
  }

  /** @returns undefined when there is no such file */
  async document(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!DOCUMENTS.includes(name)) return undefined;
    return readFile(join(this.#dir, name)).then(
      (bytes) => new Uint8Array(bytes),
      () => undefined,
    );
  }

  /** @param name 64 hexadecimal digits */
  async content(name: string): Promise<ContentFile | undefined> {
    if (!/^[0-9a-f]{64}$/.test(name)) return undefined;
    const path = join(this.#dir, CONTENT_FOLDER, name);
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() ? { path, size: found.size } : undefined;
  }

  /** A phase script of a release, if everything from the release's name to it is as it was signed. */
  async compiledOf(release: string, script: string): Promise<CompiledScript | undefined> {
    const manifest = await this.#checked(release);
    const listed = manifest && scriptsIn(manifest).find(({ path }) => path === script);
    const json = listed && (await this.#checked(listed.sha256));
    return json && (JSON.parse(new TextDecoder().decode(json)) as CompiledScript);
  }

  async #checked(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const file = await this.content(hash.replace(/^sha256:/, ''));
    if (!file) return undefined;
    const bytes = new Uint8Array(await readFile(file.path));
    return (await sha256(bytes)) === hash ? bytes : undefined;
  }
}

/** Of what is a manifest; any other content has none. */
function scriptsIn(bytes: Uint8Array<ArrayBuffer>): ReleaseManifest['scripts'] {
  try {
    return readManifest(bytes).scripts;
  } catch {
    return [];
  }
}
