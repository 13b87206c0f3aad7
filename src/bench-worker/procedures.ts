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
import { type FleetManifest, type FleetSettings, type OfferedProcedure } from '#fleet/distribution/manifest.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { Configuration } from './configuration.ts';
import { hasAllScripts, misfitOf, parseRelease, type Parsed } from './parse-release.ts';
import { browserDisk } from './release-disk.ts';
import { Releases } from './releases.ts';
import { screenFileShelf, tidyScreenFiles, wholeFiles } from './screen-files.ts';
import type { View } from './view.ts';

const MANIFEST = 'fleet-manifest';
export const CHOSEN = 'procedure-folder';

export interface Selected {
  readonly offered: OfferedProcedure;
  readonly parsed: Parsed;
  readonly bench: unknown;
}

export class Procedures {
  /** The signed ones. */
  readonly releases: Releases;
  /** What the tiers say of this station. */
  readonly configuration: Configuration;
  readonly #store: LocalStore;
  #manifest: FleetManifest | undefined;
  #onDisk = new Set<string>();

  constructor(store: LocalStore, view: View) {
    this.#store = store;
    const line = { store, view, fetch: fetch.bind(self), nowMs: systemClock.nowMs };
    this.configuration = new Configuration({ ...line, misfit: (values) => this.#misfit(values) });
    this.releases = new Releases({
      ...line,
      disk: browserDisk,
      parametersOf: (folder) => this.configuration.parametersOf(folder),
    });
  }

  async load(): Promise<void> {
    this.#manifest = await this.#store.get<FleetManifest>(MANIFEST);
    await this.configuration.load(this.#manifest);
    await this.releases.load();
    await this.#lookOnDisk();
  }

  /** A browser that is enrolled anew believes what it sees next. */
  async forgetTrust(): Promise<void> {
    await this.releases.forgetTrust();
    await this.configuration.forgetTrust();
  }

  get settings(): FleetSettings {
    return this.configuration.settings;
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
      hasMoved = (await this.releases.heed(manifest.halts ?? [])) || hasMoved;
      // Last, since its parameters are those of what has just come; and all the same when something did not come.
      const taken = await this.#takeOver(manifest, hasMoved, signal).finally(async () => {
        hasMoved = (await this.configuration.take(manifest, this.releases.book.keys, signal)) || hasMoved;
      });
      return taken || hasMoved;
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
      const parameters = this.configuration.parametersOf(offered.folder);
      await this.#store.saveRelease(await parseRelease(offered, texts, [...scripts], parameters));
      changed = true;
    }
    if (changed) {
      await this.#store.set(MANIFEST, manifest);
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
    const { by, files, scripts = [], configured = '{}' } = stored.procedure as Parsed;
    const parameters = this.configuration.parametersOf(offered.folder);
    if (by !== __APP_VERSION__ || configured !== JSON.stringify(parameters)) {
      stored = await parseRelease(offered, new Map(files), scripts, parameters);
      // Without room for it it is parsed anew at the next start; units are tested all the same.
      await this.#store.saveRelease(stored).catch(() => undefined);
    }
    return { offered, parsed: stored.procedure as Parsed, bench: stored.bench };
  }

  /** What was written, by path; undefined when it is not here. */
  async texts(folder: string): Promise<Parsed['files'] | undefined> {
    const offered = this.#offers.find((one) => one.folder === folder);
    const stored = offered && (await this.#store.release(offered.release));
    return (stored?.procedure as Parsed | undefined)?.files;
  }

  /** Why a procedure that is offered here could not run with these values. */
  async #misfit(values: Parameters<typeof misfitOf>[1]): Promise<string | null> {
    for (const offered of this.#offers) {
      const stored = await this.#store.release(offered.release);
      const misfit = stored && (await misfitOf(stored, values, offered));
      if (misfit) return misfit;
    }
    return null;
  }

  #pick(wished: string | undefined): OfferedProcedure | undefined {
    const offered = this.#offers;
    const chosen = this.configuration.locked.includes('default_procedure') ? undefined : wished;
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
