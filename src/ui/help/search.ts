/**
 * Looks for words in the documentation: every section that has all of them, the likeliest first.
 *
 * Plain text and numbers. Above: help-search.svelte.ts, which loads the pages. A hit in a heading weighs more than one
 * in the text, and a message's code more than both: who has a code in hand wants its page.
 */
import { sectionOf, wordsIn, type CodePlace, type DocNode, type DocPage } from '#ui/help/doc-node.ts';

export interface Part {
  readonly href: string;
  readonly title: string;
  /** Of the page that it stands on. */
  readonly page: string;
  readonly text: string;
  readonly codes: readonly string[];
}

export interface Hit extends Part {
  /** A piece of the text around the first word, cut where the words stand. */
  readonly snippet: readonly { readonly text: string; readonly isHit: boolean }[];
}

/** More than anybody reads. */
const MOST_HITS = 30;
const BEFORE = 50;
const AFTER = 130;
const WEIGHT = { code: 100, title: 12, page: 4, text: 1 } as const;
/** A word that is everywhere on a long page must not outweigh a heading. */
const MOST_IN_TEXT = 5;

/** The sections of a page, what stands before the first among them. */
export function partsOf(page: DocPage, body: readonly DocNode[], places: readonly CodePlace[]): Part[] {
  const at = body.findIndex((node) => typeof node !== 'string' && node.tag === 'h2');
  const before = at < 0 ? body : body.slice(0, at);
  const opening: Part = { href: `/help/${page.id}`, title: page.title, page: '', text: oneLine(before), codes: [] };
  const sections = page.sections.map(({ id, title }): Part => {
    const place = places.find(({ page: its, section }) => its === page.id && section === id);
    return {
      href: place ? `/help/code/${place.codes[0]}` : `/help/${page.id}#${id}`,
      title: place?.title ?? title,
      page: page.title,
      text: oneLine(sectionOf(body, id)),
      codes: place?.codes ?? [],
    };
  });
  return [opening, ...sections];
}

function oneLine(nodes: readonly DocNode[]): string {
  return wordsIn(nodes).replaceAll(/\s+/g, ' ').trim();
}

export function find(parts: readonly Part[], query: string): Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return parts
    .map((part) => ({ part, weight: weigh(part, words) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .slice(0, MOST_HITS)
    .map(({ part }) => ({ ...part, snippet: snippetOf(part.text, words) }));
}

/** 0: a word is missing. */
function weigh({ title, page, text, codes }: Part, words: readonly string[]): number {
  const [inTitle, inPage, inText] = [title.toLowerCase(), page.toLowerCase(), text.toLowerCase()];
  let weight = 0;
  for (const word of words) {
    const here =
      (codes.includes(word) ? WEIGHT.code : codes.some((code) => code.includes(word)) ? WEIGHT.title : 0) +
      (inTitle.includes(word) ? WEIGHT.title : 0) +
      (inPage.includes(word) ? WEIGHT.page : 0) +
      Math.min(inText.split(word).length - 1, MOST_IN_TEXT) * WEIGHT.text;
    if (here === 0) return 0;
    weight += here;
  }
  return weight;
}

function snippetOf(text: string, words: readonly string[]): Hit['snippet'] {
  const lower = text.toLowerCase();
  const found = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
  const first = found.length > 0 ? Math.min(...found) : 0;
  const from = first > BEFORE ? text.indexOf(' ', first - BEFORE) + 1 : 0;
  const end = first + AFTER;
  const to = end < text.length ? text.lastIndexOf(' ', end) : text.length;
  const piece = `${from > 0 ? '… ' : ''}${text.slice(from, to)}${to < text.length ? ' …' : ''}`;
  const pattern = new RegExp(`(${words.map(escaped).join('|')})`, 'gi');
  // Every second piece is what stood in the brackets.
  return piece
    .split(pattern)
    .map((text, at) => ({ text, isHit: at % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

function escaped(word: string): string {
  return word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
