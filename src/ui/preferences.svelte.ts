/**
 * What this screen is set to: theme, sound and language. Kept in localStorage, because it belongs to the monitor and the room,
 * not to the station.
 */
import { readLocaleFrom } from '#ui/language/locale.ts';

export type Theme = 'system' | 'light' | 'dark';

const THEME = 'fieldbench-theme';
const SOUND = 'fieldbench-sound';
const LANGUAGE = 'fieldbench-language';

export class Preferences {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  #theme = $state.raw<Theme>('system');
  #sound = $state.raw(true);
  #language = $state.raw('');
  /** Of the language that is spoken; undefined: the browser's own. */
  locale = $state.raw<string>();

  /** @param storage null where the browser gives none; settings then last as long as the page */
  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | null) {
    this.#storage = storage;
    const theme = storage?.getItem(THEME);
    this.#theme = theme === 'light' || theme === 'dark' ? theme : 'system';
    this.#sound = storage?.getItem(SOUND) !== 'off';
    this.#language = storage?.getItem(LANGUAGE) ?? '';
    readLocaleFrom(() => this.locale);
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    this.#storage?.setItem(THEME, theme);
  }

  get sound(): boolean {
    return this.#sound;
  }

  set sound(sound: boolean) {
    this.#sound = sound;
    this.#storage?.setItem(SOUND, sound ? 'on' : 'off');
  }

  /** Empty: as the browser. */
  get language(): string {
    return this.#language;
  }

  set language(language: string) {
    this.#language = language;
    this.#storage?.setItem(LANGUAGE, language);
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
