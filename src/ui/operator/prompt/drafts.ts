/**
 * What an operator has typed and not confirmed, kept for as long as the tab lives.
 *
 * Only texts and numbers, and only for the same unit at the same question: decisions and choices are made anew. Knows
 * nothing of questions.
 */
const PLACE = 'fieldbench-drafts';
/** Of the units that are on the bench in an hour or so. */
const MOST = 40;

type Storing = Pick<Storage, 'getItem' | 'setItem'>;

export class Drafts {
  readonly #storage: Storing | null;

  /** @param storage null where the browser gives none: then nothing outlives the page */
  constructor(storage: Storing | null) {
    this.#storage = storage;
  }

  get(key: string): string | undefined {
    return new Map(this.#read()).get(key);
  }

  /** An empty text is none. */
  set(key: string, text: string): void {
    const others = this.#read().filter(([one]) => one !== key);
    const all = text === '' ? others : [...others, [key, text] as const];
    try {
      this.#storage?.setItem(PLACE, JSON.stringify(all.slice(-MOST)));
    } catch {
      // Full: a draft is a convenience, and no run depends on it.
    }
  }

  #read(): readonly (readonly [key: string, text: string])[] {
    try {
      const read: unknown = JSON.parse(this.#storage?.getItem(PLACE) ?? '[]');
      return Array.isArray(read) ? (read as [string, string][]) : [];
    } catch {
      return [];
    }
  }
}
