/**
 * The text of a condition as words, each with its place.
 *
 * Above: parse-when.ts. Knows the spelling of words and nothing of their order.
 */
import { parseDuration } from '#procedure/duration.ts';
import type { Scalar } from '#measure/scalar.ts';
import type { WhenError, WhenKind } from '#procedure/when/when-tree.ts';

export type WhenWord =
  | { readonly kind: 'literal'; readonly value: Scalar; readonly of: WhenKind['kind']; readonly offset: number }
  | { readonly kind: 'parameter' | 'name' | 'sign'; readonly text: string; readonly offset: number }
  | { readonly kind: 'end'; readonly text: ''; readonly offset: number };

const BLANK = /\s+/y;
const TEXT = /'([^']*)'|"([^"]*)"/y;
const PARAMETER = /\$\{\s*([^{}]*?)\s*\}/y;
const DURATION = /(?:\d+(?:ms|s|m|h))+(?![\w.])/y;
const NUMBER = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_:+-]+)*/y;
const SIGN = /==|!=|<=|>=|[<>()[\],]/y;

/** What people write who think in another language, and what it is called here. */
const ELSEWHERE: readonly (readonly [string, string])[] = [
  ['&&', '“and”'],
  ['||', '“or”'],
  ['=', '“==”'],
  ['!', '“not”'],
  ['&', '“and”'],
  ['|', '“or”'],
];

/** @returns the words, the last one `end`; or what is wrong */
export function whenWords(text: string): WhenWord[] | WhenError {
  const words: WhenWord[] = [];
  let offset = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
  while (offset < text.length) {
    const blank = take(BLANK);
    const found = blank ?? take(TEXT) ?? take(PARAMETER) ?? take(DURATION) ?? take(NUMBER) ?? take(NAME) ?? take(SIGN);
    if (!found) return { offset, message: wrongAt(text.slice(offset)) };
    if (!blank) words.push(wordOf(found, offset));
    offset += found[0].length;
  }
  words.push({ kind: 'end', text: '', offset: text.length });
  return words;
}

function wordOf(found: RegExpExecArray, offset: number): WhenWord {
  const [whole] = found;
  const literal = (value: Scalar, of: WhenKind['kind']) => ({ kind: 'literal', value, of, offset }) as const;
  if (/^['"]/.test(whole)) return literal(found[1] ?? found[2] ?? '', 'text');
  if (whole.startsWith('$')) return { kind: 'parameter', text: found[1] ?? '', offset };
  if (/^\d.*[a-z]$/.test(whole)) {
    const durationMs = parseDuration(whole);
    return literal(typeof durationMs === 'number' ? durationMs : NaN, 'duration');
  }
  if (/^[-.\d]/.test(whole)) return literal(Number(whole), 'number');
  if (whole === 'true' || whole === 'false') return literal(whole === 'true', 'flag');
  return { kind: /^[A-Za-z_]/.test(whole) ? 'name' : 'sign', text: whole, offset };
}

function wrongAt(rest: string): string {
  if (/^['"]/.test(rest)) return `the text that begins with ${rest[0]} has no end`;
  if (rest.startsWith('$')) return `a parameter is written \${name}, not ${JSON.stringify(rest.slice(0, 20))}`;
  const other = ELSEWHERE.find(([sign]) => rest.startsWith(sign));
  if (other) return `there is no ${JSON.stringify(other[0])}; write ${other[1]}`;
  const [word] = /^\S+/.exec(rest)!;
  return `${JSON.stringify(word.slice(0, 20))} is no part of a condition`;
}
