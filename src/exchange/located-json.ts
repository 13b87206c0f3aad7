/**
 * JSON from strangers: parsed, and asked for what it should hold, with the place in every complaint.
 *
 * Knows nothing of runs.
 */
import { messageOf } from '#base/fault.ts';
import { exchangeFault } from '#exchange/exchange-fault.ts';

/** A text, or one of the words that Python writes where JSON has none. */
const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs;
/** What a person needs to find the place, and no page of it. */
const LONGEST_SHOWN = 60;

/**
 * Python's `json` writes NaN and Infinity, which JSON has not; they become null.
 * @throws {ExchangeFault} `not-json`
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const tamed = text.replaceAll(TEXT_OR_WORD, (found) => (found.startsWith('"') ? found : 'null'));
    try {
      return JSON.parse(tamed);
    } catch (thrown) {
      throw exchangeFault('not-json', `This is not JSON${placeIn(tamed, thrown)}.`, thrown);
    }
  }
}

function placeIn(text: string, thrown: unknown): string {
  const [, position] = /position (\d+)/.exec(messageOf(thrown)) ?? [];
  if (position === undefined) return text.trim() === '' ? ': it is empty' : ': its end is missing';
  const before = text.slice(0, Number(position)).split('\n');
  return `: line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** A value, and where it stands: `phases[2].outcome`. */
export class Located {
  readonly value: unknown;
  readonly place: string;

  constructor(value: unknown, place = '') {
    this.value = value;
    this.place = place;
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  get(name: string): Located {
    const { value, place } = this;
    const inside = place === '' ? name : `${place}.${name}`;
    return new Located(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined, inside);
  }

  /** Members of an object; none when it is absent. */
  entries(): [string, Located][] {
    if (this.isAbsent) return [];
    if (!isObject(this.value)) throw this.wrong('an object');
    return Object.keys(this.value).map((name) => [name, this.get(name)]);
  }

  /** Items of a list; none when it is absent. */
  items(): Located[] {
    if (this.isAbsent) return [];
    if (!Array.isArray(this.value)) throw this.wrong('a list');
    return this.value.map((item, index) => new Located(item, `${this.place}[${index}]`));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.wrong('a text');
    return this.value;
  }

  /** undefined when it is absent or empty. */
  optionalText(): string | undefined {
    return this.isAbsent || this.value === '' ? undefined : this.text();
  }

  number(): number {
    if (typeof this.value !== 'number') throw this.wrong('a number');
    return this.value;
  }

  optionalNumber(): number | undefined {
    return this.isAbsent ? undefined : this.number();
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.wrong('true or false');
    return this.value;
  }

  oneOf<T extends string>(words: readonly T[]): T {
    if (!words.includes(this.value as T)) throw this.wrong(`one of ${words.join(', ')}`);
    return this.value as T;
  }

  /** Milliseconds since 1970, from ISO 8601. */
  moment(): number {
    const ms = Date.parse(this.text());
    if (!Number.isFinite(ms)) throw this.wrong('a moment such as 2026-11-20T08:00:00Z');
    return ms;
  }

  wrong(wanted: string): Error {
    const shown = this.value === undefined ? 'missing' : JSON.stringify(this.value);
    const short = shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown;
    return exchangeFault('shape', `${this.place || 'the file'} is ${short}; it should be ${wanted}.`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
