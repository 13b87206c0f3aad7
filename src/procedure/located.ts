/**
 * A file's data with the place of every part, so that whatever is wrong can be pointed at.
 *
 * Made by parse.ts, the only file that knows YAML; read by read/. Knows nothing of procedures.
 */
export interface Place {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: readonly LocatedEntry[];
  readonly place: Place;
}

export interface LocatedEntry {
  readonly key: string;
  readonly place: Place;
  readonly value: Located;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly place: Place;
}

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it is written, without quotes. */
  readonly text: string;
  /** How it is written, which tells where its first character stands. */
  readonly style: 'plain' | 'single' | 'double' | 'block';
  readonly place: Place;
}

export type Located = LocatedMap | LocatedList | LocatedScalar;

/** Place of a character inside a text, for languages of their own such as conditions. */
export function placeInside({ place, style, text }: LocatedScalar, offset: number): Place {
  if (style === 'block') return place;
  const before = text.slice(0, offset);
  // The opening quote, and a second character for each one that had to be escaped.
  const escaped = style === 'single' ? /'/g : style === 'double' ? /["\\]/g : /$^/g;
  const extra = style === 'plain' ? 0 : 1 + (before.match(escaped)?.length ?? 0);
  return { line: place.line, column: place.column + offset + extra };
}

/** What a person sees there, for messages: `the text "abc"`, `a list`. */
export function describe(node: Located): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'nothing';
  // A paragraph in the wrong place must not fill the message.
  const text = node.text.length > 60 ? `${node.text.slice(0, 60)}…` : node.text;
  if (typeof node.value === 'string') return `the text ${JSON.stringify(text)}`;
  return `${typeof node.value === 'number' ? 'the number' : 'the truth value'} ${text}`;
}
