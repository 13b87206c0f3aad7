/**
 * What a GS1 code says: application identifiers and their values, in whatever shape a scanner hands them over.
 *
 * Pure. Source: GS1 General Specifications, release 25, sections 3 (identifiers), 5 (symbology identifiers) and 7.8
 * (how a string is taken apart). Above: identify.ts. Knows nothing of units.
 */

/** By application identifier. */
export type Gs1Elements = ReadonlyMap<string, string>;

export interface Gs1Trouble {
  /** What is wrong with the code, as half a sentence. */
  readonly trouble: string;
}

/** AIM symbology identifiers of codes that carry GS1 data: GS1-128, DataBar, DataMatrix, QR, DotCode. */
const GS1_SYMBOLS = [']C1', ']e0', ']d2', ']Q3', ']J1'];
const SYMBOL = /^\][A-Za-z][0-9A-Za-z]/;
/** FNC1 as scanners send it: ASCII 29. */
const SEPARATOR = '\u001d';

/** Digits of an identifier by its first two; whatever is not here is none. */
const IDENTIFIER_DIGITS: ReadonlyMap<string, number> = new Map(
  (
    [
      ['00 01 02 03 10 11 12 13 14 15 16 17 20 21 22 30 37 90 91 92 93 94 95 96 97 98 99', 2],
      ['23 24 25 40 41 42 71', 3],
      ['31 32 33 34 35 36 39 43 70 72 80 81 82', 4],
    ] as const
  ).flatMap(([prefixes, digits]) => prefixes.split(' ').map((prefix) => [prefix, digits] as const)),
);
/** Digits of identifier and value together, for those that end without a separator (figure 7.8.5-2). */
const FIXED_LENGTH: ReadonlyMap<string, number> = new Map(
  (
    [
      ['00', 20],
      ['01 02 03', 16],
      ['04', 18],
      ['11 12 13 14 15 16 17 18 19', 8],
      ['20', 4],
      ['31 32 33 34 35 36', 10],
      ['41', 16],
    ] as const
  ).flatMap(([prefixes, length]) => prefixes.split(' ').map((prefix) => [prefix, length] as const)),
);
/** Longest value of those that many labels have; the others may have 90. */
const LONGEST: ReadonlyMap<string, number> = new Map([
  ['10', 20],
  ['21', 20],
  ['22', 20],
  ['30', 8],
  ['37', 8],
]);
const LONGEST_OF_ANY = 90;
/** Their last digit is computed from the others. */
const CHECKED = ['00', '01', '02', '03'];

/** Takes away the symbology identifier that a scanner may put in front (ISO/IEC 15424). */
export function withoutSymbol(text: string): string {
  return text.replace(SYMBOL, '');
}

/** Whether the scanner, or whoever printed the code, says that it is GS1 data. */
export function saysGs1(text: string): boolean {
  return GS1_SYMBOLS.includes(text.slice(0, 3)) || text.includes(SEPARATOR) || /^\(\d{2,4}\)/.test(text);
}

export function readGs1(scanned: string): Gs1Elements | Gs1Trouble {
  const text = withoutSymbol(scanned);
  const elements = new Map<string, string>();
  const parts = text.startsWith('(') ? inBrackets(text) : inSequence(text);
  if ('trouble' in parts) return parts;
  for (const [identifier, value] of parts) {
    const trouble = elementTrouble(identifier, value);
    if (trouble) return { trouble };
    const other = elements.get(identifier);
    if (other !== undefined && other !== value) return { trouble: `says (${identifier}) twice, and not the same` };
    elements.set(identifier, value);
  }
  return elements;
}

type Parts = (readonly [identifier: string, value: string])[] | Gs1Trouble;

/** As printed for people, and as some scanners are set to send it: `(01)09506000134352(21)A7`. */
function inBrackets(text: string): Parts {
  const starts = [...text.matchAll(/\((\d{2,4})\)/g)].filter(
    ([, identifier]) => IDENTIFIER_DIGITS.get(identifier!.slice(0, 2)) === identifier!.length,
  );
  return starts.map((start, index) => [
    start[1]!,
    text.slice(start.index + start[0].length, starts[index + 1]?.index ?? text.length),
  ]);
}

function inSequence(text: string): Parts {
  const parts: [string, string][] = [];
  let rest = text;
  while (rest !== '') {
    if (rest.startsWith(SEPARATOR)) {
      rest = rest.slice(1);
      continue;
    }
    const prefix = rest.slice(0, 2);
    const digits = IDENTIFIER_DIGITS.get(prefix);
    const identifier = rest.slice(0, digits);
    if (digits === undefined || !/^\d+$/.test(identifier) || identifier.length < digits)
      return { trouble: `has “${rest.slice(0, 4)}” where an application identifier belongs` };
    const fixed = FIXED_LENGTH.get(prefix);
    const next = rest.indexOf(SEPARATOR);
    const end = fixed ?? (next < 0 ? rest.length : next);
    if (fixed !== undefined && rest.length < fixed) return { trouble: `ends within (${identifier})` };
    parts.push([identifier, rest.slice(digits, end)]);
    rest = rest.slice(end);
  }
  return parts;
}

function elementTrouble(identifier: string, value: string): string | null {
  if (value === '') return `says nothing for (${identifier})`;
  const fixed = FIXED_LENGTH.get(identifier.slice(0, 2));
  const longest = fixed === undefined ? (LONGEST.get(identifier) ?? LONGEST_OF_ANY) : fixed - identifier.length;
  if (value.length > longest)
    return `has ${value.length} characters for (${identifier}) where ${longest} are the most; its separator may be missing`;
  if (fixed !== undefined && (value.length < longest || !/^\d+$/.test(value)))
    return `needs ${longest} digits for (${identifier})`;
  if (CHECKED.includes(identifier) && !hasRightCheckDigit(value)) return `has a wrong check digit in (${identifier})`;
  return null;
}

/** Section 7.9: weights 3 and 1 from the right. */
function hasRightCheckDigit(digits: string): boolean {
  const sum = [...digits]
    .toReversed()
    .reduce((total, digit, place) => total + Number(digit) * (place % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}
