/**
 * What this fleet offers to its stations, read anew from `FLEET_DIR` with every question.
 *
 * A mistake made while the server runs never stops a line: the last good settings stay, and the log says why. Knows
 * nothing of HTTP (fleet-routes.ts) nor of TofuPilot.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#base/fault.ts';
import {
  DEFAULT_SETTINGS,
  type FleetManifest,
  type FleetSettings,
  type OfferedProcedure,
} from '#fleet/distribution/manifest.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import type { Halt } from '#fleet/distribution/signed/rollout.ts';
import type { Log } from '#server/log.ts';
import { serverFault } from '#server/server-fault.ts';
import { Configurations } from '#server/fleet/configurations.ts';
import { readFleetConfig } from '#server/fleet/fleet-config.ts';
import { Published } from '#server/fleet/published.ts';
import { SourceFolder } from '#server/fleet/source-folder.ts';

/** The station that a browser without enrolment becomes while the sandbox is behind the relay (contract). */
export const TRYOUT = { station: 'demo-line1-001', key: 'demo-key' } as const;

export class Fleet {
  /** Signed releases. */
  readonly published: Published;
  /** Of each station. */
  readonly #configurations: Configurations;
  readonly #dir: string;
  readonly #log: Log;
  readonly #folders = new Map<string, SourceFolder>();
  #config = '';
  #settings: FleetSettings = DEFAULT_SETTINGS;

  private constructor(dir: string, log: Log) {
    this.#dir = dir;
    this.#log = log;
    this.published = new Published(dir);
    this.#configurations = new Configurations(dir, log);
  }

  /** @throws {Fault} `fleet-invalid` */
  static async open(dir: string, log: Log): Promise<Fleet> {
    const found = await stat(dir).catch(() => undefined);
    if (!found?.isDirectory())
      throw serverFault('fleet-invalid', `FLEET_DIR ${dir} is no folder.`, 'Name the folder that holds fleet.yaml.');
    const fleet = new Fleet(dir, log);
    fleet.#config = await fleet.#readConfig();
    fleet.#settings = readFleetConfig(fleet.#config, fleet.#configFile);
    return fleet;
  }

  async manifest(tryout: boolean, halts: readonly Halt[] = []): Promise<FleetManifest> {
    const settings = await this.settings();
    const procedures = settings.signed_only ? [] : await this.sources();
    const releases = await this.published.pointer();
    const configuration = await this.#configurations.pointer(settings.signed_only);
    return {
      format: 1,
      settings,
      ...(tryout ? { tryout: TRYOUT } : {}),
      procedures,
      ...(releases ? { releases } : {}),
      ...(configuration ? { configuration } : {}),
      ...(halts.length > 0 ? { halts } : {}),
    };
  }

  /**
   * An editor empties a file, or takes it away, before it writes it anew: neither may turn `signed_only` off for a
   * moment, so an empty file counts as no change until the next start.
   */
  async settings(): Promise<FleetSettings> {
    const text = await this.#readConfig().catch((thrown: unknown) => this.#keepSettings(thrown));
    if (text === this.#config || text.trim() === '') return this.#settings;
    this.#config = text;
    try {
      this.#settings = readFleetConfig(text, this.#configFile);
    } catch (thrown) {
      this.#keepSettings(thrown);
    }
    return this.#settings;
  }

  #keepSettings(thrown: unknown): string {
    this.#log.write('error', 'fleet-invalid', {
      message: messageOf(thrown),
      consequence: 'the last good settings stay',
    });
    return this.#config;
  }

  /** Whether the folder is there, as it was at the start. */
  async isReadable(): Promise<boolean> {
    return readdir(this.#dir).then(
      () => true,
      () => false,
    );
  }

  /** Every procedure that stands in a source folder, offered or not. */
  async sources(): Promise<OfferedProcedure[]> {
    const offers: OfferedProcedure[] = [];
    for (const folder of await this.#sourceFolders()) {
      try {
        const offer = await folder.offer();
        if (offer) offers.push(offer);
      } catch (thrown) {
        this.#log.write('error', 'procedure-unreadable', { folder: folder.name, message: messageOf(thrown) });
      }
    }
    return offers;
  }

  /** A station's configuration as JSON. @returns undefined when there is none */
  async configuration(station: string): Promise<Uint8Array<ArrayBuffer> | string | undefined> {
    return this.#configurations.of(station, (await this.settings()).signed_only);
  }

  /** @returns undefined when no such file is offered */
  async file(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if ((await this.settings()).signed_only) return undefined;
    const source = (await this.#sourceFolders()).find(({ name }) => name === folder);
    return source?.read(path);
  }

  /** A phase script of a folder, compiled, as JSON. */
  async compiled(folder: string, script: string): Promise<string | undefined> {
    if ((await this.settings()).signed_only) return undefined;
    return (await this.#offered()).find(({ name }) => name === folder)?.compiled(script);
  }

  /** A phase script of a release that is offered now. */
  async compiledOf(release: string, script: string): Promise<CompiledScript | undefined> {
    const signed = await this.published.compiledOf(release, script);
    if (signed) return signed;
    if ((await this.settings()).signed_only) return undefined;
    for (const folder of await this.#offered()) {
      const found = folder.compiledOf(release, script);
      if (found) return found;
    }
    return undefined;
  }

  /** Each has looked at its files: what is compiled is what stands in them now. */
  async #offered(): Promise<SourceFolder[]> {
    await this.sources();
    return this.#sourceFolders();
  }

  async #sourceFolders(): Promise<SourceFolder[]> {
    const root = join(this.#dir, 'procedures');
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
    for (const gone of [...this.#folders.keys()].filter((name) => !names.includes(name))) this.#folders.delete(gone);
    return names.toSorted().map((name) => {
      const folder = this.#folders.get(name) ?? new SourceFolder(join(root, name), name);
      this.#folders.set(name, folder);
      return folder;
    });
  }

  get #configFile(): string {
    return join(this.#dir, 'fleet.yaml');
  }

  async #readConfig(): Promise<string> {
    try {
      return await readFile(this.#configFile, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw serverFault(
        'fleet-invalid',
        `${this.#configFile} cannot be read: ${messageOf(cause)}.`,
        'Let the server read it.',
        cause,
      );
    }
  }
}
