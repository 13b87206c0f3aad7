/**
 * Which procedures this station may run, and the one that it runs.
 *
 * Works from what is on disk first, so that a station without a network is ready at once; asks the server in the
 * background and takes over what changed. A release is parsed once, when it arrives, and kept parsed: a start without
 * a network needs no parser.
 */
import { systemClock } from '#base/clock.ts';
import type { ProcedureChoice } from '#engine/link/station-link.ts';
import { fetchManifest, fetchRelease } from '#fleet/distribution/fetch-fleet.ts';
import { fetchScreenFiles, screenFilesOf } from '#fleet/distribution/fetch-screen-files.ts';
import { fetchScripts } from '#fleet/distribution/fetch-scripts.ts';
import {
  DEFAULT_SETTINGS,
  type FleetManifest,
  type FleetSettings,
  type OfferedProcedure,
} from '#fleet/distribution/manifest.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { hasAllScripts, parseRelease, type Parsed } from './parse-release.ts';
import { browserDisk } from './release-disk.ts';
import { Releases } from './releases.ts';
import { screenFileShelf, tidyScreenFiles, wholeFiles } from './screen-files.ts';
import type { View } from './view.ts';

const MANIFEST = 'fleet-manifest';
const SETTINGS = 'fleet-settings';
const CHOSEN = 'procedure-folder';

export interface Selected {
  readonly offered: OfferedProcedure;
  readonly parsed: Parsed;
  readonly bench: unknown;
}

export class Procedures {
  /** The signed ones. */
  readonly releases: Releases;
  readonly #store: LocalStore;
  #manifest: FleetManifest | undefined;
  #onDisk = new Set<string>();

  constructor(store: LocalStore, view: View) {
    this.#store = store;
    this.releases = new Releases({ store, view, disk: browserDisk, fetch: fetch.bind(self), nowMs: systemClock.nowMs });
  }

  async load(): Promise<void> {
    this.#manifest = await this.#store.get<FleetManifest>(MANIFEST);
    await this.releases.load();
    await this.#lookOnDisk();
  }

  get settings(): FleetSettings {
    return this.#manifest?.settings ?? DEFAULT_SETTINGS;
  }

  get tryout(): FleetManifest['tryout'] {
    return this.#manifest?.tryout;
  }

  get choices(): ProcedureChoice[] {
    return this.#offers.map(({ folder, id, name, version, development, release }) => ({
      folder,
      id,
      name,
      version,
      development,
      release,
      onDisk: this.#onDisk.has(release) || this.releases.isWhole(release),
    }));
  }

  /**
   * Asks the server what is offered now, and gets what is not on disk yet.
   * @returns true when something changed
   * @throws {Fault} `fleet-unreachable`, `fleet-manifest`, `release-damaged`; what was on disk stays in use
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    let hasMoved = await this.releases.settle();
    try {
      const manifest = await fetchManifest(fetch.bind(self), signal);
      hasMoved = (await this.releases.take(manifest.releases, signal)) || hasMoved;
      return await this.#takeOver(manifest, hasMoved, signal);
    } catch (thrown) {
      // What fails does so with the next look, too, and is told then.
      if (hasMoved) return true;
      throw thrown;
    }
  }

  async #takeOver(manifest: FleetManifest, hasMoved: boolean, signal: AbortSignal): Promise<boolean> {
    let changed = hasMoved || JSON.stringify(manifest) !== JSON.stringify(this.#manifest);
    for (const offered of this.#sources(manifest)) {
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
      await this.#tidy();
    }
    return changed;
  }

  /** What nobody offers and nobody can go back to goes. */
  async #tidy(): Promise<void> {
    const offers = [...this.#sources(this.#manifest), ...this.releases.kept.map(({ offered }) => offered)];
    await tidyScreenFiles(offers);
    await this.#store.upkeep.keepReleases(offers.map(({ release }) => release));
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

  /** What was written, by path; undefined when it is not here. */
  async texts(folder: string): Promise<Parsed['files'] | undefined> {
    const offered = this.#offers.find((one) => one.folder === folder);
    const stored = offered && (await this.#store.release(offered.release));
    return (stored?.procedure as Parsed | undefined)?.files;
  }

  #pick(chosen: string | undefined): OfferedProcedure | undefined {
    const offered = this.#offers;
    const named = (name: string | undefined) => offered.find(({ folder, id }) => folder === name || id === name);
    return named(chosen) ?? named(this.settings.default_procedure) ?? offered[0];
  }

  async #lookOnDisk(): Promise<void> {
    const offers = this.#offers;
    const found = await Promise.all(offers.map(({ release }) => this.#store.release(release)));
    this.#onDisk = new Set(
      found.flatMap((stored, at) => (stored && hasAllScripts(stored, offers[at]!) ? [stored.release] : [])),
    );
  }

  /** Signed releases first; a source folder of the same name is not offered beside one. */
  get #offers(): readonly OfferedProcedure[] {
    return [...this.releases.offers, ...this.#sources(this.#manifest)];
  }

  /** Development releases, where they may be run. */
  #sources(manifest: FleetManifest | undefined): readonly OfferedProcedure[] {
    if (!manifest || manifest.settings.signed_only || this.releases.isSignedOnly) return [];
    const signed = new Set(this.releases.offers.map(({ folder }) => folder));
    return manifest.procedures.filter(({ folder }) => !signed.has(folder));
  }

  /** Files that the screens of a release show, by path, as far as they are here; what is missing is fetched with the next look. */
  async screenFiles(offered: OfferedProcedure): Promise<ReadonlyMap<string, string>> {
    const whole = await wholeFiles(offered);
    if (whole.size === screenFilesOf(offered).length) return whole;
    this.#onDisk.delete(offered.release);
    this.releases.markBroken(offered.release);
    return whole;
  }
}
