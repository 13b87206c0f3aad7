/**
 * A fleet's folder as the command line makes it, a line to it, and the configuration of one station on a store in memory.
 *
 * Real files, keys and signatures; only the network and the browser's database are in memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256 } from '#base/hash.ts';
import { CONFIGURATIONS_FILE } from '#fleet/config/document.ts';
import { DEFAULT_SETTINGS, type FleetManifest, type FleetSettings } from '#fleet/distribution/manifest.ts';
import { followKeys, type KeyList, readKeyLists } from '#fleet/distribution/signed/trusted-keys.ts';
import { Configuration } from '../../../src/bench-worker/configuration.ts';
import { View } from '../../../src/bench-worker/view.ts';
import { commandLine } from '../../../src/cli/command-line.ts';

export const STATION = 'taipei-line1-042';
export const DOCUMENT = `releases/configuration/${STATION}.json`;

export class ConfigurationStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'fieldbench-config-'));
  readonly fleet = join(this.folder, 'fleet');
  readonly rows = new Map<string, string>();
  readonly view = new View(() => {});
  readonly asked: string[] = [];
  nowMs = Date.parse('2026-11-30T09:00:00Z');
  keys: KeyList | null = null;
  isOffline = false;
  isFull = false;
  misfit: string | null = null;
  /** Instead of what the file holds. */
  answer: ((text: string) => Response) | undefined;
  settings: FleetSettings = DEFAULT_SETTINGS;
  configuration = this.#made();

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #made(): Configuration {
    return new Configuration({
      store: {
        get: async <T>(key: string) => {
          const row = this.rows.get(key);
          return row === undefined ? undefined : (JSON.parse(row) as T);
        },
        set: async (key: string, value: unknown) => {
          if (this.isFull) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
          this.rows.set(key, JSON.stringify(value));
        },
      },
      view: this.view,
      fetch: ((address: string) => this.#answer(address)) as unknown as typeof fetch,
      nowMs: () => this.nowMs,
      misfit: async () => this.misfit,
    });
  }

  async #answer(address: string): Promise<Response> {
    this.asked.push(address);
    if (this.isOffline) throw new TypeError('Failed to fetch');
    const text = await readFile(join(this.fleet, address.replace(/^\/fleet\//, '')), 'utf8').catch(() => null);
    if (text === null) return new Response('{}', { status: 404 });
    return this.answer?.(text) ?? new Response(text);
  }

  /** The page is loaded anew. */
  async reload(): Promise<void> {
    this.configuration = this.#made();
    await this.configuration.load();
  }

  /** As every quarter of a minute. @returns whether something waits for the moment between two runs */
  async look(pointer?: FleetManifest['configuration']): Promise<boolean> {
    const lists = await readFile(join(this.fleet, 'releases/keys.json'), 'utf8').catch(() => null);
    if (lists) this.keys = followKeys(this.keys, await readKeyLists(lists));
    const number = await readFile(join(this.fleet, 'releases', CONFIGURATIONS_FILE)).catch(() => null);
    const told = pointer ?? (number ? await sha256(new Uint8Array(number)) : undefined);
    const manifest = {
      format: 1,
      settings: this.settings,
      procedures: [],
      ...(told ? { configuration: told } : {}),
    } as const;
    return this.configuration.take(manifest, this.keys, new AbortController().signal);
  }

  async lookAndApply(): Promise<void> {
    await this.look();
    await this.configuration.apply();
  }

  /** Between the tiers: the file of a path in the fleet's folder. */
  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.fleet, path)), { recursive: true });
    await writeFile(join(this.fleet, path), text);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.fleet, path), 'utf8');
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

  /** @param by absent: it is the first one, which signs for itself */
  async key(name: string, by = name): Promise<void> {
    await this.done('keygen', this.path(name));
    await this.done('keys', this.fleet, '--add', this.path(`${name}.pub`), '--name', name, '--key', this.path(by));
  }

  publish(key = 'key'): Promise<string> {
    return this.done('config', 'publish', this.fleet, '--key', this.path(key));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  notice(code: string): string | undefined {
    return this.view.current.notices.find((one) => one.code === code)?.message;
  }

  get refused(): string | undefined {
    return this.view.current.configuration?.refused?.code;
  }

  get idleMin(): number | undefined {
    return this.configuration.settings.sign_in?.idle_min;
  }
}
