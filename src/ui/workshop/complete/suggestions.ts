/**
 * What may be typed at a place of a procedure: keys by the format, words that it lists, and names of the procedure's own.
 *
 * Pure. Above: code-editor.ts. Below: yaml-place.ts, schema-at.ts.
 */
import type { DriverWords, WrittenNames } from '#engine/link/editing-link.ts';
import type { SchemaAt } from '#ui/workshop/complete/schema-at.ts';
import { yamlPlace, type YamlPath } from '#ui/workshop/complete/yaml-place.ts';

export interface Suggestion {
  readonly label: string;
  /** What is written; it may say more than the label. */
  readonly insert: string;
  readonly info: string;
  readonly kind: 'key' | 'value' | 'name';
  /** First in the list. */
  readonly isNeeded: boolean;
}

export interface Suggestions {
  readonly from: number;
  readonly list: readonly Suggestion[];
}

export interface Vocabulary {
  readonly schema: SchemaAt;
  readonly drivers: readonly DriverWords[];
  /** Of the last text that was read whole. */
  readonly names: WrittenNames | null;
}

export function suggestionsAt(text: string, offset: number, words: Vocabulary): Suggestions {
  const place = yamlPlace(text, offset);
  const parameter = /\$\{(\w*)$/.exec(place.prefix);
  if (parameter) {
    const list = (words.names?.parameters ?? []).map((name) => aName(name, `${name}}`));
    return { from: offset - parameter[1]!.length, list };
  }
  const { path, kind, from, siblings } = place;
  if (kind === 'value') return { from, list: valuesAt(path, words) };
  const known = new Set(siblings);
  const keys = words.schema.keys(path).filter(({ key }) => !known.has(key));
  const list = keys.map(({ key, description, isNeeded, isNested }) => ({
    label: key,
    insert: isNested ? `${key}:` : `${key}: `,
    info: description,
    kind: 'key' as const,
    isNeeded,
  }));
  // An item of a list of plain words is a value that stands where a key would.
  return { from, list: [...list, ...valuesAt(path, words)] };
}

/** What the key or the word at an offset is for; null where nothing is said. */
export function hoverAt(
  text: string,
  offset: number,
  { schema }: Pick<Vocabulary, 'schema'>,
): { readonly from: number; readonly to: number; readonly info: string } | null {
  const [before] = /[\w-]*$/.exec(text.slice(0, offset)) ?? [''];
  const [after] = /^[\w-]*/.exec(text.slice(offset)) ?? [''];
  const word = before + after;
  const [from, to] = [offset - before.length, offset + after.length];
  if (word === '' || !/^\s*["']?\s*:/.test(text.slice(to))) return null;
  const place = yamlPlace(text, from);
  const info = place.kind === 'key' ? schema.description([...place.path, word]) : '';
  return info === '' ? null : { from, to, info };
}

function valuesAt(path: YamlPath, { schema, drivers, names }: Vocabulary): Suggestion[] {
  const listed = schema.values(path).map((value) => ({ ...aName(value), kind: 'value' as const }));
  return [...listed, ...namesAt(path, drivers, names).map((name) => aName(name))];
}

function namesAt(path: YamlPath, drivers: readonly DriverWords[], names: WrittenNames | null): readonly string[] {
  const [above, key] = [path.at(-2), path.at(-1)];
  const used = new Set(names?.plugs.map(({ driver }) => driver));
  const ofPlugs = drivers.filter(({ driver }) => used.size === 0 || used.has(driver));
  if (key === 'driver') return drivers.map(({ driver }) => driver);
  if (key === 'plug') return names?.plugs.map((plug) => plug.key) ?? [];
  if (key === 'read') return [...new Set(ofPlugs.flatMap(({ readings }) => readings))];
  if (key === 'set' && above === 'write') return [...new Set(ofPlugs.flatMap(({ settings }) => settings))];
  if (key === 'name' && (above === 'measure' || above === 'query' || above === 'set' || above === 'until'))
    return names?.measurements ?? [];
  return key === '[]' && above === 'depends_on' ? (names?.phases ?? []) : [];
}

function aName(label: string, insert = label): Suggestion {
  return { label, insert, info: '', kind: 'name', isNeeded: false };
}
