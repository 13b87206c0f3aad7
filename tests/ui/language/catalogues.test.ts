/**
 * The catalogues against the sources: nothing that an operator reads is missing in any of them, nothing is left over,
 * and each text has the same places for values in every language. `src/ui/language/RULES.md` has the numbers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '#ui/language/languages.ts';
import type { Catalogue } from '#ui/language/recogniser.ts';
import { placesIn } from '#ui/language/template.ts';
import { filesBelow, sentencesOf } from './collect.ts';
import { AS_IT_IS } from './as-it-is.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const FOLDER = `${ROOT}src/ui/language/catalogues/`;
const TAGS = (Object.keys(LANGUAGES) as Language[]).filter((tag) => tag !== 'en');
/** What an operator sees all day: every word of it is there in every language. */
const OPERATOR = ['operator', 'wall', 'parts', 'people', 'App.svelte', 'LaterScreen.svelte', 'router.svelte.ts'];
const OPERATOR_FILES = OPERATOR.flatMap((name) => filesBelow(`${ROOT}src/ui/${name}`));
const SOURCES = filesBelow(`${ROOT}src`).filter((file) => !file.endsWith('.d.ts'));

const catalogues = new Map(
  TAGS.map((tag) => [tag, JSON.parse(readFileSync(`${FOLDER}${tag}.json`, 'utf8')) as Catalogue]),
);
const said = new Set(SOURCES.flatMap(sentencesOf).map(({ key }) => key));
/** With whatever in its places, nothing among it. */
const templates = [...said]
  .filter((key) => key.includes('{0}') && /\p{L}{3}/u.test(key))
  .map(
    (key) =>
      new RegExp(
        `^${key
          .split(/\{\d+\}/)
          .map(escaped)
          .join('(.*?)')}$`,
      ),
  );

/** Said as it is, or put together of what is said. */
function isSaid(key: string): boolean {
  if (isPart(key)) return true;
  // `at least {0}`: words before their value (limit.ts).
  if (isPart(key.replace(/ \{0\}$/, ''))) return true;
  // `The serial number {0} does not fit this procedure.`: the field's key, and what is wrong with it (identify.ts).
  if (/^The (serial number|code) \{0\} /.test(key)) return isPart(key.replace(/^The .*? \{0\} /, '').slice(0, -1));
  return templates.some((template) =>
    template
      .exec(key)
      ?.slice(1)
      .every((value) => value === '' || isPart(value)),
  );
}

/** `has {1} characters; {2} to {3} are allowed` counts anew by itself. */
function isPart(text: string): boolean {
  let count = 0;
  return /^[“(]?\{\d\}[”)]?$/.test(text) || said.has(text.replace(/\{\d\}/g, () => `{${count++}}`));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

const formsOf = (entry: Catalogue[string]) => (typeof entry === 'string' ? [entry] : Object.values(entry));

describe.each(TAGS)('%s', (tag) => {
  const catalogue = catalogues.get(tag)!;

  test('1: has everything that an operator reads', () => {
    const isRead = ({ key, kind }: { key: string; kind: string }) =>
      !AS_IT_IS.has(key) && /[a-z]{2}/.test(key) && (kind !== 'string' || /^[A-Z][a-z]{2}/.test(key));
    const wanted = OPERATOR_FILES.flatMap(sentencesOf).filter(isRead);
    const missing = wanted
      .filter(({ key }) => !(key in catalogue))
      .map(({ key, file }) => `${key} (${file.slice(ROOT.length)})`);
    expect([...new Set(missing)]).toEqual([]);
  });

  test('2: has the same places for values in every text', () => {
    for (const [key, entry] of Object.entries(catalogue))
      for (const form of formsOf(entry)) expect(placesIn(form), key).toEqual(placesIn(key));
  });

  test('3: has a text for each plural of the language', () => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
    for (const [key, entry] of Object.entries(catalogue)) {
      if (typeof entry === 'string') continue;
      for (const category of pluralCategories)
        expect(entry[category] ?? (category === 'one' ? entry.other : undefined), `${key} ${category}`).toBeTypeOf(
          'string',
        );
    }
  });

  test('4: says nothing with an empty text, and no outcome in other words', () => {
    for (const [key, entry] of Object.entries(catalogue))
      for (const form of formsOf(entry)) {
        expect(form.trim(), key).not.toBe('');
        // Before and after, the same words stand for a verdict.
        for (const outcome of key.match(/\b(PASS|FAIL|ERROR|TIMEOUT|ABORTED)\b/g) ?? [])
          expect(form, key).toContain(outcome);
      }
  });
});

test('5: what a catalogue has is said somewhere in the sources', () => {
  const keys = new Set([...catalogues.values()].flatMap((catalogue) => Object.keys(catalogue)));
  expect([...keys].filter((key) => !isSaid(key))).toEqual([]);
});

test('6: there is a catalogue for each language that can be chosen, and no other', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(TAGS.map((tag) => `${tag}.json`).sort());
});

test('7: all have the same texts', () => {
  const [first] = catalogues.values();
  for (const [tag, catalogue] of catalogues) expect(Object.keys(catalogue), tag).toEqual(Object.keys(first!));
});

test('8: no two templates are the same sentence with other numbers', () => {
  const bare = Object.keys([...catalogues.values()][0]!).map((key) => key.replace(/\{\d\}/g, '{}'));
  expect(bare.filter((key, index) => bare.indexOf(key) !== index)).toEqual([]);
});
