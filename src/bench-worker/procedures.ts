/**
 * Which procedures this station may run, and the one that it runs.
 *
 * Works from what is on disk first, so that a station without a network is ready at once; asks the server in the
 * background and takes over what changed. A release is parsed once, when it arrives, and kept parsed: a start without
 * a network needs no parser.
 */
import { messageOf } from '#base/fault.ts';
import type { ProcedureChoice } from '#engine/link/station-link.ts';
import type { Compiled } from '#fleet/distribution/compile-script.ts';
import { fetchManifest, fetchRelease } from '#fleet/distribution/fetch-fleet.ts';
import { fetchScreenFiles, screenFilesOf } from '#fleet/distribution/fetch-screen-files.ts';
import { fetchScripts } from '#fleet/distribution/fetch-scripts.ts';
import {
  DEFAULT_SETTINGS,
  type FleetManifest,
  type FleetSettings,
  type OfferedProcedure,
} from '#fleet/distribution/manifest.ts';
import { driverFacts, driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import type { Problem, Procedure } from '#procedure/procedure.ts';
import type { Store, StoredRelease } from '#storage/store/store.ts';
import { screenFileShelf, tidyScreenFiles, wholeFiles } from './screen-files.ts';

const DRIVERS = { drivers: knownDrivers, readings: driverReadings, facts: driverFacts };
const MANIFEST = 'fleet-manifest';
const SETTINGS = 'fleet-settings';
const CHOSEN = 'procedure-folder';

/** What is kept of a release; a file that does not parse is kept too, so that the person can read why. */
interface Parsed {
  /** Version of the app that parsed it: another version may read the same text differently, and parses it anew. */
  readonly by: string;
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly procedure: Procedure | null;
  readonly problems: readonly Problem[];
  /** Compiled, by the author's path; absent where a version of the app kept it that knew of no scripts. */
  readonly scripts?: readonly (readonly [path: string, compiled: Compiled])[];
}

export interface Selected {
  readonly offered: OfferedProcedure;
  readonly parsed: Parsed;
  readonly bench: unknown;
}

export class Procedures {
  readonly #store: Store;
  #manifest: FleetManifest | undefined;
  #onDisk = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  async load(): Promise<void> {
    this.#manifest = await this.#store.get<FleetManifest>(MANIFEST);
    await this.#lookOnDisk();
  }

  get settings(): FleetSettings {
    return this.#manifest?.settings ?? DEFAULT_SETTINGS;
  }

  get tryout(): FleetManifest['tryout'] {
    return this.#manifest?.tryout;
  }

  get choices(): ProcedureChoice[] {
    return (this.#manifest?.procedures ?? []).map(({ folder, id, name, version, development, release }) => ({
      folder,
      id,
      name,
      version,
      development,
      release,
      onDisk: this.#onDisk.has(release),
    }));
  }

  /**
   * Asks the server what is offered now, and gets what is not on disk yet.
   * @returns true when something changed
   * @throws {Fault} `fleet-unreachable`, `fleet-manifest`, `release-damaged`; what was on disk stays in use
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const manifest = await fetchManifest(fetch.bind(self), signal);
    let changed = JSON.stringify(manifest) !== JSON.stringify(this.#manifest);
    for (const offered of manifest.procedures) {
      if (this.#onDisk.has(offered.release)) continue;
      const texts = await fetchRelease(fetch.bind(self), offered, signal);
      const scripts = await fetchScripts(fetch.bind(self), offered, signal);
      await fetchScreenFiles(fetch.bind(self), offered, screenFileShelf, signal);
      await this.#store.saveRelease(await parseRelease(offered, texts, [...scripts]));
      changed = true;
    }
    if (changed) {
      await this.#store.set(MANIFEST, manifest);
      await this.#store.set(SETTINGS, manifest.settings);
      this.#manifest = manifest;
      await this.#lookOnDisk();
      await tidyScreenFiles(manifest.procedures);
    }
    return changed;
  }

  async choose(folderOrId: string): Promise<void> {
    await this.#store.set(CHOSEN, folderOrId);
  }

  /** The chosen procedure, else the fleet's default, else the first one offered. */
  async selected(): Promise<Selected | null> {
    const offered = this.#pick(await this.#store.get<string>(CHOSEN));
    let stored = offered && (await this.#store.release(offered.release));
    if (!offered || !stored) return null;
    const { by, files, scripts = [] } = stored.procedure as Parsed;
    if (by !== __APP_VERSION__)
      await this.#store.saveRelease((stored = await parseRelease(offered, new Map(files), scripts)));
    return { offered, parsed: stored.procedure as Parsed, bench: stored.bench };
  }

  #pick(chosen: string | undefined): OfferedProcedure | undefined {
    const offered = this.#manifest?.procedures ?? [];
    const named = (name: string | undefined) => offered.find(({ folder, id }) => folder === name || id === name);
    return named(chosen) ?? named(this.settings.default_procedure) ?? offered[0];
  }

  async #lookOnDisk(): Promise<void> {
    const offers = this.#manifest?.procedures ?? [];
    const found = await Promise.all(offers.map(({ release }) => this.#store.release(release)));
    this.#onDisk = new Set(
      found.flatMap((stored, at) => (stored && isWhole(stored, offers[at]!) ? [stored.release] : [])),
    );
  }

  /** Files that the screens of a release show, by path, as far as they are here; what is missing is fetched with the next look. */
  async screenFiles(offered: OfferedProcedure): Promise<ReadonlyMap<string, string>> {
    const whole = await wholeFiles(offered);
    if (whole.size < screenFilesOf(offered).length) this.#onDisk.delete(offered.release);
    return whole;
  }
}

/** Every script that is offered has come, too. */
function isWhole({ procedure }: StoredRelease, { scripts = [] }: OfferedProcedure): boolean {
  const kept = new Set((procedure as Parsed).scripts?.map(([path]) => path));
  return scripts.every(({ path }) => kept.has(path));
}

async function parseRelease(
  offered: OfferedProcedure,
  texts: ReadonlyMap<string, string>,
  scripts: NonNullable<Parsed['scripts']>,
): Promise<StoredRelease> {
  // The YAML parser is 30 kB: loaded when a release arrives, not at every start.
  const { parse, parseData } = await import('#procedure/parse.ts');
  const file = texts.has('procedure.yaml') ? 'procedure.yaml' : 'procedure.yml';
  const parsed: Parsed = {
    by: __APP_VERSION__,
    files: [...texts],
    scripts,
    ...parse(texts.get(file) ?? '', file, DRIVERS),
  };
  const benchText = texts.get('bench.yaml');
  return {
    release: offered.release,
    folder: offered.folder,
    saved_at: new Date().toISOString(),
    procedure: parsed,
    bench: benchText === undefined ? null : readBench(benchText, parseData),
  };
}

/** A bench that cannot be read is kept as its error: it matters only to who wants to simulate. */
function readBench(text: string, parseData: (text: string) => unknown): unknown {
  try {
    return parseData(text);
  } catch (thrown) {
    return { unreadable: messageOf(thrown) };
  }
}
