/**
 * What this screen is set to: theme, sound and language. Kept in localStorage, because it belongs to the monitor and the room,
 * not to the station. What nobody has chosen here is as the fleet says, and what the fleet has locked is, too.
 */
import type { ConfigurationSummary } from '#engine/link/configuration-link.ts';
import { readLocaleFrom } from '#ui/language/locale.ts';

export type Theme = 'system' | 'light' | 'dark';

const THEME = 'fieldbench-theme';
const SOUND = 'fieldbench-sound';
const LANGUAGE = 'fieldbench-language';
/** What the fleet says, so that the next load begins with it. */
const FLEET = 'fieldbench-fleet-screen';

type Fleet = Pick<ConfigurationSummary, 'screen' | 'locked'>;

export class Preferences {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  #theme = $state.raw<string | null>(null);
  #sound = $state.raw<string | null>(null);
  #fleet = $state.raw<Fleet>({ screen: { theme: 'system', sound: true, backAfterMin: 0 }, locked: [] });
  #language = $state.raw('');
  /** Of the language that is spoken; undefined: the browser's own. */
  locale = $state.raw<string>();
  #followed: Fleet | undefined;

  /** @param storage null where the browser gives none; settings then last as long as the page */
  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null) {
    this.#storage = storage;
    this.#fleet = fleetIn(storage?.getItem(FLEET)) ?? this.#fleet;
    this.#theme = storage?.getItem(THEME) ?? null;
    this.#sound = storage?.getItem(SOUND) ?? null;
    this.#language = storage?.getItem(LANGUAGE) ?? '';
    readLocaleFrom(() => this.locale);
  }

  /** @param summary undefined: it is not known yet, and what was last known stays */
  follow(summary: Fleet | undefined): void {
    if (!summary || summary === this.#followed) return;
    this.#followed = summary;
    this.#fleet = { screen: summary.screen, locked: summary.locked };
    this.#storage?.setItem(FLEET, JSON.stringify(this.#fleet));
  }

  isLocked(key: 'theme' | 'sound'): boolean {
    return this.#fleet.locked.includes(`screen.${key}`);
  }

  /** What was chosen on this screen, as far as it counts. */
  get chosen(): { readonly theme?: string; readonly sound?: string } {
    return {
      ...(this.#theme === null || this.isLocked('theme') ? {} : { theme: this.theme }),
      ...(this.#sound === null || this.isLocked('sound') ? {} : { sound: String(this.sound) }),
    };
  }

  get theme(): Theme {
    const own = this.isLocked('theme') ? null : this.#theme;
    return own === 'light' || own === 'dark' || own === 'system' ? own : this.#fleet.screen.theme;
  }

  /** What is as the fleet says follows it from then on. */
  set theme(theme: Theme) {
    this.#theme = this.#keep(THEME, theme === this.#fleet.screen.theme ? null : theme);
  }

  get sound(): boolean {
    const own = this.isLocked('sound') ? null : this.#sound;
    return own === null ? this.#fleet.screen.sound : own !== 'off';
  }

  set sound(sound: boolean) {
    this.#sound = this.#keep(SOUND, sound === this.#fleet.screen.sound ? null : sound ? 'on' : 'off');
  }

  /** Minutes after which the window goes back to Test by itself; 0: never. */
  get backAfterMin(): number {
    return this.#fleet.screen.backAfterMin;
  }

  /** Empty: as the browser. */
  get language(): string {
    return this.#language;
  }

  set language(language: string) {
    this.#language = language;
    this.#storage?.setItem(LANGUAGE, language);
  }

  #keep(key: string, value: string | null): string | null {
    if (value === null) this.#storage?.removeItem(key);
    else this.#storage?.setItem(key, value);
    return value;
  }
}

function fleetIn(text: string | null | undefined): Fleet | null {
  try {
    return JSON.parse(text ?? 'null') as Fleet | null;
  } catch {
    return null;
  }
}

/** A browser that blocks storage throws on the very mention of it. */
export function pageStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** The same for what goes with the tab. */
export function tabStorage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
