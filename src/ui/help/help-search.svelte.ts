/**
 * The search on the help screens: what was typed, and what was found, as one types.
 *
 * The pages' texts are fetched with the first letter, and kept. Above: HelpScreen.svelte. Below: search.ts.
 */
import { CODES, PAGES } from 'virtual:help';
import { Loaded } from '#ui/parts/loaded.svelte.ts';
import { find, partsOf, type Hit, type Part } from '#ui/help/search.ts';

const places = Object.values(CODES);
let reading: Promise<readonly Part[]> | undefined;

/** One promise for all screens; a failed one is forgotten. */
function readAll(): Promise<readonly Part[]> {
  reading ??= Promise.all(PAGES.map(async (page) => partsOf(page, await page.load(), places))).then((all) =>
    all.flat(),
  );
  reading.catch(() => (reading = undefined));
  return reading;
}

export class HelpSearch {
  #text = $state('');
  readonly #parts = new Loaded<readonly Part[]>();
  readonly #hits = $derived<readonly Hit[]>(find(this.#parts.value ?? [], this.#text));
  readonly #note: (text: string) => void;

  /** @param note keeps what is looked for, so that it is there again after Back */
  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  /** What the address says. */
  recall(text: string): void {
    this.#text = text;
    if (text !== '') this.#load();
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#note(text);
    this.#load();
  }

  get isAsked(): boolean {
    return this.#text.trim() !== '';
  }

  /** false until the texts are here. */
  get isReady(): boolean {
    return this.#parts.value !== undefined;
  }

  get hits(): readonly Hit[] {
    return this.#hits;
  }

  /** Why the texts did not come; null when they did, or are coming. */
  get isBroken(): boolean {
    return this.#parts.problem !== null;
  }

  #load(): void {
    if (!this.isReady) void this.#parts.ask(readAll);
  }
}
