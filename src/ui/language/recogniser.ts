/**
 * Says in another language what was said in English: the whole sentence, or its template with the same values.
 *
 * Sentences come from everywhere, the bench worker and old records among them, and always in English. What is not
 * known stays as it is. Pure. Above it: speak.ts. Knows nothing of the page.
 */
import { FEW_LETTERS, filled, isShort, templateOf, type Template } from '#ui/language/template.ts';

/** English to the other language; with a count in it, one text for each of that language's plurals. */
export type Catalogue = Readonly<Record<string, string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>>>;

export interface Tongue {
  readonly language: string;
  readonly isRightToLeft: boolean;
}

/** A screen says some hundred things; a log may say many more. */
const MOST_KEPT = 4000;
/** `phase 2 of 5 · 3.1 s`, `Left: Testing`, and sentences behind one another. */
const SEAMS = [/( · )/, /(?<=[.!?])( )/, /(: )/] as const;
const DEEPEST = 4;
/** A value and its unit stand together with a thin space: what else has a point in it is no quantity. */
const QUANTITY_POINT = /(?<=\d)\.(?=\d+\u202f)/g;
const FIRST_STRONG = { left: '\u2066', any: '\u2068', end: '\u2069' } as const;
const RIGHT_TO_LEFT = /[\u0590-\u05ff]/;
const LEFT_TO_RIGHT = /[\p{Script=Latin}\d]/u;

export class Recogniser {
  readonly #catalogue: ReadonlyMap<string, Catalogue[string]>;
  readonly #templates: readonly Template[];
  readonly #plurals: Intl.PluralRules;
  readonly #point: string;
  readonly #isRightToLeft: boolean;
  readonly #kept = new Map<string, string>();

  constructor(catalogue: Catalogue, { language, isRightToLeft }: Tongue) {
    this.#catalogue = new Map(Object.entries(catalogue));
    this.#templates = Object.keys(catalogue)
      .filter((key) => key.includes('{0}'))
      .map(templateOf)
      .sort((one, other) => other.weight - one.weight || other.key.length - one.key.length);
    this.#plurals = new Intl.PluralRules(language);
    this.#point = new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === 'decimal')!.value;
    this.#isRightToLeft = isRightToLeft;
  }

  /** @param isData it is a value rather than a sentence: only what is known as a whole */
  said(text: string, isData = false): string {
    const key = isData ? `\0${text}` : text;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const [, before = '', core = '', after = ''] = /^([ \n\t]*)([^]*?)([ \n\t]*)$/.exec(text) ?? [];
    const plain = core.replace(/[ \n\t]+/g, ' ');
    const found = isData ? this.#whole(plain) : this.#find(plain, DEEPEST);
    const said = before + this.#ordered(this.#quantities(found ?? core)) + after;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, said);
    return said;
  }

  /** Sentences behind one another come before a template that has few words of its own, and would take them all. */
  #find(text: string, depth: number): string | null {
    if (text === '' || depth === 0) return null;
    return (
      this.#whole(text) ??
      this.#template(text, depth, ({ weight }, values) => weight >= FEW_LETTERS || values.every(isShort)) ??
      this.#pieces(text, depth) ??
      this.#template(text, depth, (_, values) => values.every((one) => isShort(one) || this.#find(one, depth - 1)))
    );
  }

  #whole(text: string): string | null {
    const entry = this.#catalogue.get(text);
    return typeof entry === 'string' ? entry : null;
  }

  #template(
    text: string,
    depth: number,
    isMeant: (template: Template, values: readonly string[]) => boolean,
  ): string | null {
    for (const template of this.#templates) {
      const values = template.match(text);
      if (values && isMeant(template, values))
        return filled(this.#form(template.key, values), (index) => this.#value(values[index] ?? '', depth));
    }
    return null;
  }

  /** The text for this count, if it counts. */
  #form(key: string, values: readonly string[]): string {
    const entry = this.#catalogue.get(key)!;
    if (typeof entry === 'string') return entry;
    const count = Number(values.find((value) => /^\d+$/.test(value)) ?? 0);
    return entry[this.#plurals.select(count)] ?? entry.other ?? key;
  }

  #value(value: string, depth: number): string {
    const found = this.#find(value, depth - 1) ?? value;
    if (!this.#isRightToLeft) return found;
    const start = RIGHT_TO_LEFT.test(found) ? FIRST_STRONG.any : FIRST_STRONG.left;
    return start + found + FIRST_STRONG.end;
  }

  #pieces(text: string, depth: number): string | null {
    for (const seam of SEAMS) {
      const pieces = text.split(seam);
      if (pieces.length === 1) continue;
      const found = pieces.map((piece, index) => (index % 2 ? piece : this.#sentence(piece, depth - 1)));
      if (found.some((piece, index) => index % 2 === 0 && piece !== null))
        return found.map((piece, index) => piece ?? this.#ordered(pieces[index] ?? '')).join('');
    }
    return null;
  }

  /** `Testing.` is said where `Testing` is known. */
  #sentence(text: string, depth: number): string | null {
    const found = this.#find(text, depth);
    if (found !== null || !text.endsWith('.')) return found;
    const bare = this.#find(text.slice(0, -1), depth);
    return bare === null ? null : `${bare}.`;
  }

  #quantities(text: string): string {
    return this.#point === '.' ? text : text.replace(QUANTITY_POINT, this.#point);
  }

  /** What stays in Latin letters keeps its own order in a page that runs from right to left. */
  #ordered(text: string): string {
    if (!this.#isRightToLeft || RIGHT_TO_LEFT.test(text) || !LEFT_TO_RIGHT.test(text)) return text;
    return FIRST_STRONG.left + text + FIRST_STRONG.end;
  }
}
