/** RULES.md 11: every setting is in the table, in the schema and in the reference, and the three agree. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { manifestValues } from '#fleet/config/manifest-values.ts';
import { tierSchema } from '#fleet/config/settings-schema.ts';
import { LISTS, PARAMETERS, SETTINGS } from '#fleet/config/settings-table.ts';
import { DEFAULT_SETTINGS } from '#fleet/distribution/manifest.ts';

interface AnySchema {
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly wrapped?: AnySchema;
}

function keysOf(schema: AnySchema, prefix = ''): string[] {
  const inner = schema.wrapped ?? schema;
  if (!inner.entries) return [prefix];
  return Object.entries(inner.entries).flatMap(([key, one]) => keysOf(one, prefix ? `${prefix}.${key}` : key));
}

const nested = (key: string, value: unknown): object =>
  key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as object;
const isGood = (key: string, value: unknown) => v.safeParse(tierSchema, nested(key, value)).success;

test('the schema has what the table has, and what merging needs besides', () => {
  const others = [...LISTS.map(({ key }) => key), PARAMETERS, 'product', 'locked'];
  expect(keysOf(tierSchema as AnySchema).toSorted()).toEqual([...SETTINGS.map(({ key }) => key), ...others].toSorted());
});

test('what is built in is in its own range, and the range in words is that of the schema', () => {
  for (const { key, builtIn, range } of SETTINGS) {
    if (builtIn !== null) expect([key, isGood(key, builtIn)]).toEqual([key, true]);
    const [, least, most] = /(-?\d+) to (\d+)$/.exec(range) ?? [];
    const from = least ?? /from (\d+)/.exec(range)?.[1];
    if (from !== undefined) {
      expect([key, isGood(key, Number(from)), isGood(key, Number(from) - 1)]).toEqual([key, true, false]);
      if (range.startsWith('whole')) expect([key, isGood(key, Number(from) + 0.5)]).toEqual([key, false]);
    }
    if (most !== undefined)
      expect([key, isGood(key, Number(most)), isGood(key, Number(most) + 1)]).toEqual([key, true, false]);
    if (from === undefined && !/folder|expression/.test(range)) {
      for (const word of range.split(', '))
        expect([key, word, isGood(key, word === 'true' ? true : word === 'false' ? false : word)]).toEqual([
          key,
          word,
          true,
        ]);
      expect([key, isGood(key, 'other')]).toEqual([key, false]);
    }
  }
});

test('the reference has one line for each, made of the table', () => {
  const path = fileURLToPath(new URL('../../../docs/reference/configuration.md', import.meta.url));
  const text = readFileSync(path, 'utf8');
  const lines = SETTINGS.map(
    ({ key, range, builtIn, byServer, meaning }) =>
      `| \`${key}\` | ${range} | ${builtIn ?? '–'} | ${byServer ? 'fleet' : 'all'} | ${meaning} |`,
  );
  expect(text.split('\n').filter((line) => /^\| `[a-z_.]+` \|/.test(line) && line.split('|').length === 7)).toEqual(
    lines,
  );
});

test('a manifest that says nothing of its own says nothing at all', () => {
  expect(manifestValues({ ...DEFAULT_SETTINGS, signed_only: true })).toEqual([]);
  expect(manifestValues({ ...DEFAULT_SETTINGS, simulated: true })).toMatchObject([
    { path: ['simulated'], tier: 'fleet' },
  ]);
});
