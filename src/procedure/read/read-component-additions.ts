/**
 * What we added to TofuPilot's components, each key only where it means something.
 *
 * Above: read-component.ts. Knows nothing of the keys that all components share.
 */
import { deriveKey } from '#procedure/key.ts';
import type { Located } from '#procedure/located.ts';
import type { LocalText } from '#procedure/local-text.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Component, ComponentKind } from '#procedure/screen.ts';
import { Fields } from '#procedure/read/fields.ts';
import { checkFile } from '#procedure/read/check-file.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { stated } from '#procedure/read/stated.ts';

/** Key, the kinds that have it, and whether they cannot do without. */
const BELONGS: Readonly<Record<string, { readonly kinds: readonly ComponentKind[]; readonly needed?: true }>> = {
  source: { kinds: ['image', 'video', 'pdf', 'markdown'] },
  text: { kinds: ['markdown'] },
  header: { kinds: ['table'] },
  cells: { kinds: ['table'], needed: true },
  page: { kinds: ['pdf'] },
  series: { kinds: ['live_chart'], needed: true },
  duration: { kinds: ['countdown'], needed: true },
};
export const ADDITIONS = Object.keys(BELONGS);

interface Scope {
  readonly measurements: ReadonlyMap<string, string>;
}

export function readAdditions(fields: Fields, kind: ComponentKind | undefined, scope: Scope): Partial<Component> {
  if (kind === undefined) return {};
  for (const [key, { kinds, needed }] of Object.entries(BELONGS)) {
    if (fields.has(key) && !kinds.includes(kind))
      fields.error('unknown-key', fields.keyPlace(key), `${fields.what}: “${key}” belongs to ${kinds.join(', ')} only`);
    if (needed && kinds.includes(kind)) fields.require(key);
  }
  if (kind === 'video' || kind === 'pdf') fields.require('source');
  if (kind === 'markdown' && fields.has('text') === fields.has('source'))
    fields.error(
      fields.has('text') ? 'conflict' : 'missing-key',
      fields.place,
      `${fields.what}: markdown needs either “text” or “source”${fields.has('text') ? ', not both' : ''}`,
    );
  const source = fields.text('source', { max: 500, parameters: 'literal' });
  if (source !== undefined) checkFile(fields, 'source', source, kind);
  return stated({
    source,
    text: readLocalText(fields, 'text', 50_000),
    header: readHeader(fields),
    cells: readCells(fields),
    page: fields.integer('page', 1, 100_000),
    series: readSeries(fields, scope),
    durationMs: fields.duration('duration'),
  });
}

function readHeader(fields: Fields): LocalText[] | undefined {
  return fields.list('header')?.map((cell) => readLocalText(single(fields, 'header', cell), 'item', 200) ?? '');
}

/** An entry of a list as a map with one key, so that the same checks apply to it. */
function single(fields: Fields, key: string, value: Located): Fields {
  const { place } = value;
  const node = { kind: 'map', entries: [{ key: 'item', place, value }], place } as const;
  return new Fields(fields.context, node, `${fields.what}, “${key}”`, ['item']);
}

function readRow(fields: Fields): string[] {
  return fields.texts('item', { parameters: 'literal', max: 200, mayBeEmpty: true }) ?? [];
}

function readCells(fields: Fields): string[][] | undefined {
  const rows = fields.list('cells');
  const read = rows?.map((row) => readRow(single(fields, 'cells', row)));
  const width = fields.list('header')?.length ?? read?.[0]?.length;
  const uneven = read?.findIndex((row) => row.length !== width) ?? -1;
  if (uneven >= 0)
    fields.refuse(
      'length',
      'cells',
      `has a row of ${read![uneven]!.length} among rows of ${width}`,
      rows![uneven]!.place,
    );
  return read;
}

function readSeries(fields: Fields, { measurements }: Scope): string[] | undefined {
  return fields.texts('series')?.flatMap((named, index) => {
    const key = measurements.get(named) ?? measurements.get(deriveKey(named));
    if (key !== undefined) return [key];
    const near = proposal(named, [...measurements.keys()]);
    const place = fields.list('series')?.[index]?.place;
    return fields.refuse('unknown-measurement', 'series', `names no measurement: “${named}”${near}`, place) ?? [];
  });
}
