/**
 * A sentence with places for values, as a catalogue has it: `The port {0} is busy.` Finds it in what is said.
 *
 * Pure. Above it: recogniser.ts. Knows nothing of languages.
 */
const PLACE = /\{(\d+)\}/g;
/** With fewer letters of its own it would be found in anything, so its values must be short and no sentences. */
export const FEW_LETTERS = 12;
const FEW_WORDS = 5;
/** `Scan {0}` is for `Scan SN-1`, not for `Scan the label of …`, which has a translation of its own or none. */
const SENTENCE =
  /^(?:the|a|an|it|its|this|that|to|of|in|on|is|are|and|or|your|what|who|when|without|with|by)\s|[.!?]\s|[.!?]$/i;

export interface Template {
  readonly key: string;
  /** Letters that are its own: the more, the surer. */
  readonly weight: number;
  /** @returns what stands in its places, or null where it is another sentence */
  readonly match: (text: string) => readonly string[] | null;
}

export function templateOf(key: string): Template {
  const literals = key.split(/\{\d+\}/);
  const anchor = literals.reduce((longest, one) => (one.length > longest.length ? one : longest));
  const pattern = new RegExp(`^${literals.map(escaped).join('([^]+?)')}$`);
  const weight = literals.join('').replace(/[^\p{L}]/gu, '').length;
  return {
    key,
    weight,
    match(text) {
      if (!text.includes(anchor)) return null;
      return pattern.exec(text)?.slice(1) ?? null;
    },
  };
}

export function placesIn(text: string): readonly string[] {
  return [...text.matchAll(PLACE)].map(([place]) => place).sort();
}

export function filled(text: string, value: (index: number) => string): string {
  return text.replace(PLACE, (_, index) => value(Number(index)));
}

/** No sentence, and no part of one. */
export function isShort(value: string): boolean {
  return value.split(' ').length <= FEW_WORDS && !SENTENCE.test(value);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
