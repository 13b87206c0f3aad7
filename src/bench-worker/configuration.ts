/**
 * The configuration of this station: what is in force, what waits for the run under way, and what was before.
 *
 * On disk as one record, so that it is there whole or not at all; changed between runs only, by station.ts. What is not
 * believed changes nothing and is told once. Above: procedures.ts. Below: configuration-taking.ts (getting it, loaded
 * where there is one), fleet/config. Knows nothing of what settings do.
 */
import { Fault, messageOf } from '#base/fault.ts';
import type { ConfigurationSummary } from '#engine/link/configuration-link.ts';
import type { RefusedRelease } from '#engine/link/release-link.ts';
import { BUILT_IN } from '#fleet/config/built-in.ts';
import { type ParameterValues, parametersOf, settingsOf } from '#fleet/config/effective.ts';
import type { FleetManifest, FleetSettings } from '#fleet/distribution/manifest.ts';
import type { KeyList } from '#fleet/distribution/signed/trusted-keys.ts';
import type { Store } from '#storage/store/store.ts';
import { type Candidate, CONFIGURATION, type KeptConfiguration } from './configuration-book.ts';
import { changesOf, lockedFault, lockedKeys } from './configuration-changes.ts';
import type { ConfigurationTaking, TakingParts } from './configuration-taking.ts';
import type { View } from './view.ts';

export interface ConfigurationOptions extends TakingParts {
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly view: Pick<View, 'change' | 'notice' | 'dismiss'>;
}

/** Where the service worker, the sign-in and the health of the station read the settings in force. */
const SETTINGS = 'fleet-settings';
const MOST_CHANGES = 200;
const REFUSED = 'config-refused';
const WHAT = 'the configuration of this station';
const NOTHING: KeptConfiguration = { inForce: null, changes: [], seen: null };

export class Configuration {
  readonly #options: ConfigurationOptions;
  #kept = NOTHING;
  #next: Candidate | undefined;
  #settings: FleetSettings | undefined;
  #taking: ConfigurationTaking | undefined;
  #refused: RefusedRelease | null = null;
  #told = '';
  #shown = '';

  constructor(options: ConfigurationOptions) {
    this.#options = options;
  }

  /** @param manifest the last one: a version of the app that knew of no configuration has kept nothing else */
  async load(manifest?: FleetManifest): Promise<void> {
    const { store } = this.#options;
    const kept = await store.get<KeptConfiguration>(CONFIGURATION);
    this.#kept = kept ?? NOTHING;
    if (!kept && manifest) {
      const { ConfigurationTaking } = await import('./configuration-taking.ts');
      const station = (await store.get<string>('station')) ?? '';
      this.#next = await ConfigurationTaking.ofManifest({ manifest, station, kept: NOTHING });
      await this.apply();
    }
    // A power cut between the two leaves the copy behind.
    if (this.#kept.inForce && JSON.stringify(await store.get(SETTINGS)) !== JSON.stringify(this.settings))
      await this.#copy();
    this.#show();
  }

  /** Whole settings, whatever was said. What only the manifest says, such as `signed_only`, is not among them. */
  get settings(): FleetSettings {
    return (this.#settings ??= {
      ...settingsOf(this.#kept.inForce?.values ?? [], { signed_only: false }),
      locked: this.locked,
    });
  }

  get locked(): readonly string[] {
    return lockedKeys(this.#kept.inForce?.values ?? []);
  }

  get hash(): string {
    return this.#kept.inForce?.hash ?? '';
  }

  get kept(): KeptConfiguration {
    return this.#kept;
  }

  parametersOf(folder: string): ParameterValues {
    return parametersOf(this.#kept.inForce?.values ?? [], folder);
  }

  /** Something waits for the moment between two runs. */
  get isDue(): boolean {
    return this.#next !== undefined;
  }

  /** @throws {Fault} `config-locked` */
  demandUnlocked(key: string): void {
    if (this.locked.includes(key)) throw lockedFault(key);
  }

  /**
   * Looks at what the server offers; what is believed waits until `apply`.
   * @returns true when something waits; a network that goes away in the middle is nothing to be told
   */
  async take(manifest: FleetManifest, keys: KeyList | null, signal: AbortSignal): Promise<boolean> {
    const { ConfigurationTaking } = await import('./configuration-taking.ts');
    this.#taking ??= new ConfigurationTaking(this.#options);
    const station = (await this.#options.store.get<string>('station')) ?? '';
    try {
      const found = await this.#taking.take({ kept: this.#kept, station, keys, manifest }, signal);
      if (found !== 'unchanged') this.#next = found;
      // What waits may still find no room.
      if (found === undefined) this.#refuse(null);
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === 'fleet-unreachable') return this.isDue;
      this.#refuse(thrown);
    }
    return this.isDue;
  }

  /** Called between runs only. @returns true when other values are in force now */
  async apply(): Promise<boolean> {
    const found = this.#next;
    if (!found) return false;
    this.#next = undefined;
    const { store, nowMs } = this.#options;
    const at = new Date(nowMs()).toISOString();
    const before = this.#kept.inForce;
    const isOther = before?.hash !== found.next.hash;
    const changes = isOther ? changesOf(before?.values ?? [], found.next.values, at, found.next.hash) : [];
    const kept: KeptConfiguration = {
      inForce: { ...found.next, since: isOther || !before ? at : before.since },
      changes: [...changes, ...this.#kept.changes].slice(0, MOST_CHANGES),
      seen: found.seen,
    };
    try {
      // One write: whoever reads it finds the old one or the new one.
      await store.set(CONFIGURATION, kept);
    } catch (cause) {
      const message = `There is no room on this computer for ${WHAT}.`;
      this.#taking?.forget();
      this.#refuse(new Fault('config-storage', message, 'Free disk space on this computer.', { cause }));
      return false;
    }
    this.#kept = kept;
    this.#settings = undefined;
    await this.#copy().catch(() => undefined);
    this.#refuse(null);
    return isOther;
  }

  /** A browser that is enrolled anew believes what it sees next. What is in force stays until then. */
  async forgetTrust(): Promise<void> {
    this.#taking = this.#next = undefined;
    const { inForce, changes } = this.#kept;
    // Under another name nothing of it was meant; under the same one it may be unsigned from now on.
    this.#kept = { inForce: inForce && { ...inForce, source: 'manifest' }, changes, seen: null };
    await this.#options.store.set(CONFIGURATION, this.#kept);
    this.#refuse(null);
  }

  async #copy(): Promise<void> {
    await this.#options.store.set(SETTINGS, this.settings);
  }

  #refuse(thrown: unknown): void {
    const { view } = this.#options;
    const message = thrown === null ? '' : messageOf(thrown);
    if (thrown === null) this.#refused = null;
    else {
      const { code = 'release-unreadable', remedy = 'Publish it again.' } = thrown instanceof Fault ? thrown : {};
      this.#refused = { what: WHAT, code, message, remedy };
    }
    this.#show();
    if (this.#told === message) return;
    this.#told = message;
    if (!this.#refused) return view.dismiss(REFUSED);
    const goesOn = 'The station goes on with the configuration that it has.';
    view.notice({
      code: REFUSED,
      tone: 'warning',
      message: `A new configuration is refused. ${message} ${goesOn}`,
      remedy: this.#refused.remedy,
    });
  }

  #show(): void {
    const { screen } = BUILT_IN;
    const {
      theme = screen.theme,
      sound = screen.sound,
      back_after_min: backAfterMin = screen.back_after_min,
    } = this.settings.screen ?? {};
    const { hash, locked } = this;
    const summary: ConfigurationSummary = {
      hash,
      locked,
      screen: { theme, sound, backAfterMin },
      refused: this.#refused,
    };
    const shown = JSON.stringify(summary);
    if (shown !== this.#shown) this.#options.view.change({ configuration: summary });
    this.#shown = shown;
  }
}
