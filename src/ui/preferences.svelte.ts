/**
 * What this screen is set to: theme and sound. Kept in localStorage, because it belongs to the monitor and the room,
 * not to the station.
 */
export type Theme = 'system' | 'light' | 'dark';

const THEME = 'fieldbench-theme';
const SOUND = 'fieldbench-sound';

export class Preferences {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  #theme = $state.raw<Theme>('system');
  #sound = $state.raw(true);

  /** @param storage null where the browser gives none; settings then last as long as the page */
  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | null) {
    this.#storage = storage;
    const theme = storage?.getItem(THEME);
    this.#theme = theme === 'light' || theme === 'dark' ? theme : 'system';
    this.#sound = storage?.getItem(SOUND) !== 'off';
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
