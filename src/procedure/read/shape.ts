/**
 * Checks the shape of parts that this version knows but does not run: screens, axes, slots and the like.
 *
 * Such a part must still be written right, so that a file that loads here also loads where it can run. Data in, problems
 * out; nothing is kept. Above: the readers, which report the part as an obstacle as well.
 */
import type { Located } from '#procedure/located.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';

export type Shape =
  | 'any'
  | 'number'
  | 'flag'
  | 'duration'
  | 'pattern'
  /** A text; its longest length. */
  | number
  | { readonly integer: readonly [low: number, high: number] }
  | { readonly oneOf: readonly (string | number)[] }
  | { readonly list: Shape; readonly max?: number; readonly min?: number }
  /** Keys whose name ends in `!` must be there. */
  | { readonly fields: Readonly<Record<string, Shape>> };

export function checkShape(
  context: Context,
  node: Located,
  what: string,
  fields: Readonly<Record<string, Shape>>,
): void {
  const bare = Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key.replace(/!$/, ''), shape]));
  const read = new Fields(context, node, what, Object.keys(bare));
  if (node.kind !== 'map') return;
  for (const key of Object.keys(fields)) if (key.endsWith('!')) read.require(key.slice(0, -1));
  for (const [key, shape] of Object.entries(bare)) if (read.has(key)) checkValue(read, key, shape);
}

function checkValue(read: Fields, key: string, shape: Shape): void {
  if (shape === 'any') return;
  if (typeof shape === 'number') return void read.text(key, { max: shape, parameters: 'literal', mayBeEmpty: true });
  if (shape === 'number') return void read.number(key);
  if (shape === 'flag') return void read.flag(key);
  if (shape === 'duration') return void read.duration(key);
  if (shape === 'pattern') {
    const pattern = read.text(key, { max: 500, parameters: 'literal' });
    const trouble = pattern === undefined ? null : patternTrouble(pattern);
    if (trouble) read.refuse('pattern', key, trouble);
  } else if ('integer' in shape) read.integer(key, ...shape.integer);
  else if ('oneOf' in shape) read.oneOf(key, shape.oneOf);
  else if ('fields' in shape) checkShape(read.context, read.node(key)!, `${read.what}, “${key}”`, shape.fields);
  else checkList(read, key, shape);
}

function checkList(
  read: Fields,
  key: string,
  { list, min = 0, max = Infinity }: Extract<Shape, { list: Shape }>,
): void {
  const items = read.list(key);
  if (!items) return;
  if (items.length < min || items.length > max)
    read.refuse('length', key, `has ${items.length} entries; ${min} to ${max} are allowed`);
  for (const item of items) {
    const what = `${read.what}, an entry of “${key}”`;
    if (typeof list === 'object' && 'fields' in list) checkShape(read.context, item, what, list.fields);
    else
      checkShape(
        read.context,
        { kind: 'map', entries: [{ key: 'item', place: item.place, value: item }], place: item.place },
        what,
        { item: list },
      );
  }
}
