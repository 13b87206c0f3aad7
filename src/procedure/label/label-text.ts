/**
 * The text of a label with its placeholders: what is wrong with it, and what it says when they are filled in.
 *
 * What is put in is data and never a command. In ZPL a placeholder stands in a field (`^FD … ^FS`), and what would end the
 * field is written in hexadecimal (`^FH`); in any other language such a value is refused. Pure. Above: the reader,
 * label-uses.ts, the engine. Knows nothing of printers and of where values come from.
 *
 * @see Zebra, Programming Guide: `^FH` stands before `^FD` or `^FV`, its indicator is `_` unless stated; `^CC`, `^CT` give
 * the two prefixes other characters.
 */
import { Fault } from '#base/fault.ts';
import type { Place } from '#procedure/located.ts';

export const LABEL_LANGUAGES = ['zpl', 'raw'] as const;
export type LabelLanguage = (typeof LABEL_LANGUAGES)[number];

export interface LabelTrouble {
  /** Of its first character, in the label's text. */
  readonly offset: number;
  readonly message: string;
}

/** The data of one field of ZPL. */
interface Field {
  /** Of its `^FD`. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
  /** What its `^FH` states; null: it has none. */
  readonly hex: string | null;
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const USUAL_HEX = '_';
/** What ends a field or begins a command in ZPL; control characters are commands to some printers' lines. */
const ZPL_COMMAND = /[\p{Cc}^~]/gu;
/** What ends a line, a text in quotes or a text as such in the languages of label printers. */
const RAW_COMMAND = /[\p{Cc}"\\]/u;

/** @param troubleOf why there is no such placeholder, in words; null when there is */
export function labelTroubles(
  text: string,
  language: LabelLanguage,
  troubleOf: (name: string) => string | null,
): readonly LabelTrouble[] {
  const { fields, changesAt } = language === 'zpl' ? readZpl(text) : { fields: null, changesAt: null };
  const troubles: LabelTrouble[] = placeholdersIn(text).flatMap(({ name, offset }) => {
    const trouble = troubleOf(name);
    if (trouble !== null) return { offset, message: trouble };
    if (!fields || fields.some(({ from, to }) => from <= offset && offset < to)) return [];
    return { offset, message: `“{{${name}}}” stands outside of a field (^FD … ^FS), where it would be a command` };
  });
  if (changesAt !== null)
    troubles.push({
      offset: changesAt,
      message: 'gives ^ or ~ another meaning (^CC, ^CT), so nothing can be put in safely',
    });
  return troubles.toSorted((a, b) => a.offset - b.offset);
}

/** Names of the placeholders, as often as they stand there. */
export function placeholdersIn(text: string): readonly { readonly name: string; readonly offset: number }[] {
  return [...text.matchAll(PLACEHOLDER)].map(({ 1: name = '', index }) => ({ name: name.trim(), offset: index }));
}

/** 1-based. */
export function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/**
 * @param text one without troubles
 * @throws {Fault} `label-value` when what is to be put in could be a command
 */
export function fillLabel(text: string, language: LabelLanguage, valueOf: (name: string) => string): string {
  if (language === 'zpl') return fillZpl(text, valueOf);
  return withValues(text, (name) => {
    const value = valueOf(name);
    const [found] = RAW_COMMAND.exec(value) ?? [];
    if (found === undefined) return value;
    throw new Fault(
      'label-value',
      `“${name}” has ${JSON.stringify(found)} in it, which could be a command to the label printer.`,
      'Leave it off the label, or print the label in ZPL.',
    );
  });
}

function fillZpl(text: string, valueOf: (name: string) => string): string {
  let filled = '';
  let done = 0;
  for (const { start, from, to, hex } of readZpl(text).fields) {
    const data = text.slice(from, to);
    if (placeholdersIn(data).length === 0) continue;
    const values = new Map(placeholdersIn(data).map(({ name }) => [name, valueOf(name)]));
    const mustEscape = [...values.values()].some((value) => value.search(ZPL_COMMAND) >= 0);
    const mark = hex ?? (mustEscape ? USUAL_HEX : null);
    const isOurs = hex === null && mark !== null;
    // Without `^FH` the author's own `_` is a character like any other, and must stay one.
    const own = (words: string) => (isOurs ? words.replaceAll(mark, () => inHex(mark, mark)) : words);
    const parts = data.split(PLACEHOLDER);
    filled += text.slice(done, start) + (isOurs ? `^FH${mark}` : '') + text.slice(start, from);
    filled += parts.map((part, at) => (at % 2 === 0 ? own(part) : escaped(values.get(part.trim())!, mark))).join('');
    done = to;
  }
  return filled + text.slice(done);
}

function escaped(value: string, mark: string | null): string {
  if (mark === null) return value;
  return value.replaceAll(mark, () => inHex(mark, mark)).replaceAll(ZPL_COMMAND, (one) => inHex(one, mark));
}

/** The bytes of a character, each as the indicator and two digits. */
function inHex(character: string, mark: string): string {
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => mark + byte.toString(16).toUpperCase().padStart(2, '0'),
  ).join('');
}

function withValues(text: string, valueOf: (name: string) => string): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) => valueOf(name.trim()));
}

/** A command is a prefix and two characters; its parameters reach to the next prefix. */
function readZpl(text: string): { readonly fields: readonly Field[]; readonly changesAt: number | null } {
  const fields: Field[] = [];
  let changesAt: number | null = null;
  let hex: string | null = null;
  for (const { index: start } of text.matchAll(/[\^~]/g)) {
    const code = text.slice(start + 1, start + 3).toUpperCase();
    const from = start + 3;
    const next = text.slice(from).search(/[\^~]/);
    const to = next < 0 ? text.length : from + next;
    if (code === 'CC' || code === 'CT') changesAt ??= start;
    if (code === 'FH') hex = /^[!-}]/.exec(text.slice(from, to))?.[0] ?? USUAL_HEX;
    if (code === 'FD' || code === 'FV') fields.push({ start, from, to, hex });
    if (code === 'FD' || code === 'FV' || code === 'FS') hex = null;
  }
  return { fields, changesAt };
}
