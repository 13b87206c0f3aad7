/**
 * A search as it is typed: words, all of them needed, and filters of the form `key:value`.
 *
 * `"two words"` are one; `outcome:fail,error` is either; a key that there is not makes an ordinary word, so that nothing
 * that is typed is ever wrong. The text is the only truth: what is pressed changes the text. Pure.
 */
import { type FindKey, isFindKey } from '#record/find/keys.ts';

export interface FindTerm {
  /** null for a word that may stand anywhere. */
  readonly key: FindKey | null;
  /** In lower case; more than one of a filter means any of them. At least one, none of them empty. */
  readonly values: readonly string[];
  /** Where it stands in the text, quotes and key included. */
  readonly from: number;
  readonly to: number;
}

/** A quote that nobody has closed yet reaches to the end: it is being typed. */
const TERM = /([a-z]+):((?:"[^"]*"?|[^\s"])*)|(?:"[^"]*"?|[^\s"])+/giu;
const QUOTED_COMMA = '\u0000';

export function readFind(text: string): FindTerm[] {
  return [...text.matchAll(TERM)].flatMap((match): FindTerm[] => {
    const [whole, before = '', rest = ''] = match;
    const key = before.toLowerCase();
    const place = { from: match.index, to: match.index + whole.length };
    if (isFindKey(key)) {
      const values = parted(rest);
      return values.length > 0 ? [{ key, values, ...place }] : [];
    }
    const word = bare(whole).toLowerCase();
    return word === '' ? [] : [{ key: null, values: [word], ...place }];
  });
}

function parted(text: string): string[] {
  const kept = text.replaceAll(/"[^"]*"?/g, (quoted) => quoted.replaceAll(',', QUOTED_COMMA));
  return kept
    .split(',')
    .map((part) => bare(part).replaceAll(QUOTED_COMMA, ',').trim().toLowerCase())
    .filter((part) => part !== '');
}

function bare(text: string): string {
  return text.replaceAll('"', '');
}

/** As it is typed: in quotes where it would otherwise be more than one. */
export function writeTerm(key: FindKey | null, values: readonly string[]): string {
  const written = values.map((value) => {
    const plain = bare(value);
    return /[\s,]/.test(plain) || (key === null && plain.includes(':')) ? `"${plain}"` : plain;
  });
  return key === null ? written.join(' ') : `${key}:${written.join(',')}`;
}

/** The text without that term. */
export function withoutTerm(text: string, { from, to }: Pick<FindTerm, 'from' | 'to'>): string {
  return `${text.slice(0, from).trimEnd()} ${text.slice(to).trimStart()}`.trim();
}

/** The text with only these values of that filter; without it for none. Other words stay where they are. */
export function withFilter(text: string, key: FindKey, values: readonly string[]): string {
  const [first, ...others] = readFind(text).filter((term) => term.key === key);
  let left = text;
  for (const term of others.toReversed()) left = withoutTerm(left, term);
  if (values.length === 0) return first ? withoutTerm(left, first) : left;
  const written = writeTerm(key, values);
  if (!first) return `${left.trim()} ${written}`.trim();
  return left.slice(0, first.from) + written + left.slice(first.to);
}

/** What that filter asks for; none without it. */
export function valuesOf(text: string, key: FindKey): string[] {
  return readFind(text).flatMap((term) => (term.key === key ? term.values : []));
}

/** Pressed once more, it is let go. */
export function toggled(text: string, key: FindKey, value: string): string {
  const values = valuesOf(text, key);
  return withFilter(text, key, values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
}
