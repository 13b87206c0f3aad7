/**
 * A fleet's folder as the command line makes it, a line to it that can be cut, and a station's releases on a store in memory.
 *
 * Real files, keys and signatures; only the network, the browser's disk and its database are in memory.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { sha256 } from '#base/hash.ts';
import type { ReleasesView } from '#engine/link/release-link.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import { screenFilesOf } from '#fleet/distribution/fetch-screen-files.ts';
import type { SignedIndex } from '#fleet/distribution/signed/release-index.ts';
import type { StoredRelease } from '#storage/store/store.ts';
import { Releases } from '../../../src/bench-worker/releases.ts';
import { View } from '../../../src/bench-worker/view.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { powerBoard, POWER_BOARD_BENCH } from '../../support/fleet-folder.ts';
import { MemorySettings } from '../people-stage.ts';

export const STATION = 'taipei-line1-042';
export const NAME = 'power-board';
const PICTURE = new Uint8Array(3000).fill(7);

/** What the network does to one kind of file. */
export type Trouble = (bytes: Uint8Array<ArrayBuffer>) => Response;

export class ReleaseStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'fieldbench-releases-'));
  readonly fleet = join(this.folder, 'fleet');
  readonly store = new MemorySettings();
  readonly rows = new Map<string, StoredRelease>();
  readonly shelf = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly view = new View(() => {});
  readonly clock = { ms: Date.now() };
  /** Addresses that were asked for. */
  readonly asked: string[] = [];
  /** By the end of an address; what the server would have answered comes in. */
  readonly troubles = new Map<string, Trouble>();
  isOffline = false;
  /** The first write that the browser's disk has no room for; Infinity: it has room. */
  fullAfter = Infinity;
  releases: Releases = this.#station();

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The page is loaded anew. */
  async reload(): Promise<void> {
    this.releases = this.#station();
    await this.releases.load();
  }

  #station(): Releases {
    return new Releases({
      store: {
        get: (key) => this.store.get(key),
        set: (key, value) => this.store.set(key, value),
        release: async (hash) => this.rows.get(hash),
        saveRelease: async (row) => {
          this.#write();
          this.rows.set(row.release, structuredClone(row));
        },
      },
      view: this.view,
      disk: {
        shelf: {
          has: async (hash) => this.shelf.has(hash),
          put: async (hash, bytes) => {
            this.#write();
            this.shelf.set(hash, bytes);
          },
        },
        hasScreenFiles: async (offered: OfferedProcedure) =>
          screenFilesOf(offered).every(({ sha256: hash }) => this.shelf.has(hash)),
        hasRoom: async (bytes) => bytes < 10 * 2 ** 20,
      },
      fetch: ((address: string) => this.#answer(address)) as unknown as typeof fetch,
      nowMs: () => this.clock.ms,
    });
  }

  #write(): void {
    this.fullAfter -= 1;
    if (this.fullAfter < 0) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
  }

  async #answer(address: string): Promise<Response> {
    this.asked.push(address);
    if (this.isOffline) throw new TypeError('Failed to fetch');
    const path = join(this.fleet, address.replace(/^\/fleet\//, ''));
    const bytes = await readFile(path).catch(() => null);
    if (!bytes) return new Response('{}', { status: 404 });
    const [, trouble] = [...this.troubles].find(([end]) => address.endsWith(end)) ?? [];
    return trouble ? trouble(new Uint8Array(bytes)) : new Response(bytes);
  }

  /** @returns exit code and everything that was said */
  async say(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
    const [out, err]: [string[], string[]] = [[], []];
    const stop = new AbortController().signal;
    const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop });
    return { exit, out: out.join('\n'), err: err.join('\n') };
  }

  async done(...args: string[]): Promise<string> {
    const { exit, out, err } = await this.say(...args);
    if (exit !== 0) throw new Error(`fieldbench ${args.join(' ')} ended with ${exit}: ${err}`);
    return out;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A key, and that it counts in the fleet. */
  async key(name: string, by = name): Promise<string> {
    await this.done('keygen', this.path(name));
    await this.done('keys', this.fleet, '--add', `${this.path(name)}.pub`, '--key', this.path(by));
    return this.path(name);
  }

  /** A procedure's folder with a picture, packed and signed. @returns the bundle's path */
  async bundle(version: string, { key = 'key', change = {} }: { key?: string; change?: object } = {}): Promise<string> {
    const folder = this.path(`src-${version}`);
    const main = {
      name: 'Look',
      key: 'look',
      ui: { requires_input: true, components: [{ type: 'image', key: 'led', default_value: 'led.png' }] },
    };
    const text = stringify({ ...powerBoard({ simulated: true }), main: [main], version, ...change });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'procedure.yaml'), text);
    await writeFile(join(folder, 'bench.yaml'), stringify(POWER_BOARD_BENCH));
    await writeFile(join(folder, 'led.png'), PICTURE);
    const file = this.path(`${version}.zip`);
    await this.done('pack', folder, '--out', file);
    await this.done('sign', file, '--key', this.path(key));
    return file;
  }

  async publish(version: string, options: { key?: string; by?: string; change?: object } = {}): Promise<void> {
    const file = await this.bundle(version, options);
    await this.done('publish', file, '--to', this.fleet, '--key', this.path(options.by ?? options.key ?? 'key'));
  }

  /** One look at the server, as every 15 s. */
  async look(): Promise<boolean> {
    const pointer = { keys: await this.#hashOf('keys.json'), index: await this.#hashOf('index.json') };
    return this.releases.take(pointer, new AbortController().signal);
  }

  async #hashOf(name: string): Promise<string> {
    return sha256(new Uint8Array(readFileSync(this.published(name))));
  }

  published(name: string): string {
    return join(this.fleet, 'releases', name);
  }

  get index(): SignedIndex {
    return JSON.parse(readFileSync(this.published('index.json'), 'utf8')) as SignedIndex;
  }

  /** Hash of a version that is published. */
  hash(version: string): string {
    const found = this.index.signed.procedures[0]!.releases.find((one) => one.version === version);
    return found!.release;
  }

  /** A content of the release in the published folder, by its path. */
  async contentOf(version: string, path: string): Promise<string> {
    const name = (hash: string) => this.published(`files/${hash.slice('sha256:'.length)}`);
    const manifest = JSON.parse(await readFile(name(this.hash(version)), 'utf8')) as OfferedProcedure;
    return name(manifest.files.find((one) => one.path === path)!.sha256);
  }

  async put(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** Version in use; undefined while there is none. */
  get inUse(): string | undefined {
    return this.releases.offers[0]?.version;
  }

  get kept(): string[] {
    return this.releases.kept.map(({ offered }) => offered.version);
  }

  get shown(): ReleasesView {
    return this.view.current.releases ?? { procedures: [], refused: [] };
  }

  notice(code: string): string | undefined {
    const found = this.view.current.notices.find((one) => one.code === code);
    return found && `${found.message} ${found.remedy}`;
  }

  async restAMinute(): Promise<void> {
    this.clock.ms += 61_000;
  }
}
