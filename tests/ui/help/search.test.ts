/** The search of the help: what is found, in which order, and how it is shown. */
import { expect, test } from 'vitest';
import type { CodePlace, DocNode, DocPage } from '#ui/help/doc-node.ts';
import { find, partsOf } from '#ui/help/search.ts';

const PAGE: DocPage = {
  id: 'codes/fixture',
  title: 'Fixture',
  group: 'codes',
  lead: '',
  sections: [
    { id: 'fixture-missing-it-is-not-there', title: 'fixture-missing: it is not there' },
    { id: 'the-cable', title: 'The cable' },
  ],
};
const BODY: readonly DocNode[] = [
  { tag: 'p', kids: ['Before all of it.'] },
  {
    tag: 'h2',
    id: 'fixture-missing-it-is-not-there',
    kids: [{ tag: 'code', kids: ['fixture-missing'] }, ': it is not there'],
  },
  { tag: 'p', kids: ['Look at the ', { tag: 'strong', kids: ['cable'] }, ' and at C++ (a+b).'] },
  { tag: 'h2', id: 'the-cable', kids: ['The cable'] },
  {
    tag: 'ul',
    kids: [
      { tag: 'li', kids: ['one'] },
      { tag: 'li', kids: ['two'] },
    ],
  },
];
const PLACE: CodePlace = {
  page: 'codes/fixture',
  section: 'fixture-missing-it-is-not-there',
  title: 'It is not there',
  codes: ['fixture-missing'],
};
const parts = partsOf(PAGE, BODY, [PLACE]);
const hrefs = (query: string) => find(parts, query).map(({ href }) => href);

test('each section is a part of its own, and a code’s leads to its page', () => {
  expect(parts.map(({ href, title, text }) => [href, title, text])).toEqual([
    ['/help/codes/fixture', 'Fixture', 'Before all of it.'],
    ['/help/code/fixture-missing', 'It is not there', 'Look at the cable and at C++ (a+b).'],
    ['/help/codes/fixture#the-cable', 'The cable', 'one two'],
  ]);
});

test('every word has to be there, in whatever capitals, whole or in part', () => {
  expect(hrefs('CABLE look')).toEqual(['/help/code/fixture-missing']);
  expect(hrefs('cable nothing')).toEqual([]);
  expect(hrefs('  ')).toEqual([]);
});

test('a heading goes before the text, and a code before all', () => {
  expect(hrefs('cable')).toEqual(['/help/codes/fixture#the-cable', '/help/code/fixture-missing']);
  expect(hrefs('fixture-missing')[0]).toBe('/help/code/fixture-missing');
});

test('what was looked for is marked where it stands, whatever it means to a pattern', () => {
  const marked = (query: string) =>
    find(parts, query)[0]!
      .snippet.map(({ text, isHit }) => (isHit ? `[${text}]` : text))
      .join('');
  expect(marked('look CABLE')).toBe('[Look] at the [cable] and at C++ (a+b).');
  expect(marked('c++')).toContain('[C++]');
  expect(marked('(a+b)')).toContain('[(a+b)]');
});

test('a long text is cut around the first word', () => {
  const long = `${'before '.repeat(60)}needle ${'after '.repeat(60)}`;
  const [hit] = find([{ href: '/', title: 'x', page: '', text: long, codes: [] }], 'needle');
  const shown = hit!.snippet.map(({ text }) => text).join('');
  expect(shown.length).toBeLessThan(220);
  expect(shown).toMatch(/^… (before )+needle (after )+aft?e?r? ?…$/);
});
