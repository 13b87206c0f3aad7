/** Every message that a person may see has a page, with its cause and what to do; and no page is about nothing. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sectionOf, wordsIn, type DocElement, type DocNode } from '#ui/help/doc-node.ts';
import { readDocs, readPage } from '../../../src/cli/docs/read-docs.ts';
import { raisedCodes, raisedIn } from './raised-codes.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { pages, codes } = readDocs(root);
const raised = raisedCodes(root);

/** In this order under every code's heading. */
const PARTS = ['Why', 'What to do', 'Meanwhile', 'Who can help'] as const;
const FAMILIES = pages.filter(({ group }) => group === 'codes').map(({ id }) => `docs/${id}.md`);

const wanted = (code: string, places: readonly string[]) =>
  `“${code}” (${places[0]}) has no page. Add a section to the one of ${FAMILIES.join(', ')} that it belongs to:

## \`${code}\`: what happened, as a sentence without a capital

What the person sees, in a sentence or two.

**Why**

1. The most common cause first; by operating system where it differs.

**What to do**

1. Step by step.

**Meanwhile:** what is safe, and what is not touched.

**Who can help:** whom to ask.
`;

test('every code that can reach the screen has a page', () => {
  const missing = [...raised.codes].filter(([code]) => !codes.has(code)).map(([code, at]) => wanted(code, at));
  expect(missing.join('\n')).toBe('');
});

test('every page about a code is about one that can be raised', () => {
  const idle = [...codes].filter(([code]) => !raised.codes.has(code));
  expect(
    idle.map(([code, { page }]) => `docs/${page}.md: nothing raises “${code}”; take it out, or correct its spelling`),
  ).toEqual([]);
});

test('every code in the sources can be told from them', () => {
  const hint = 'its type is no closed list, so no page can be demanded for it: give it one, or write the code itself';
  expect(raised.unknown.map((place) => `${place}: ${hint}`)).toEqual([]);
  // The sources are really read: a few of each kind of raising.
  expect(raised.codes.size).toBeGreaterThan(100);
  for (const code of ['fixture-missing', 'storage-full', 'python-phase', 'screen-missing', 'signature', 'payment'])
    expect([...raised.codes.keys()]).toContain(code);
});

test('no code has two pages', () => {
  const all = pages.filter(({ group }) => group === 'codes').flatMap(({ body }) => body.flatMap(codesIn));
  expect(all.filter((code, at) => all.indexOf(code) !== at)).toEqual([]);
});

const isElement = (node: DocNode): node is DocElement => typeof node !== 'string';
const codesIn = (node: DocNode) =>
  isElement(node) && node.tag === 'h2'
    ? (node.kids ?? []).filter(isElement).flatMap((kid) => (kid.tag === 'code' ? wordsIn([kid]) : []))
    : [];

/** `Why` of a line that is nothing else, and of a paragraph that begins with `Why:` in bold; else empty. */
function labelOf({ tag, kids = [] }: DocElement): string {
  const [first] = kids;
  if (tag === 'h3') return wordsIn(kids);
  if (tag !== 'p' || !first || !isElement(first) || first.tag !== 'strong') return '';
  const words = wordsIn([first]);
  return words.endsWith(':') ? words.replace(/:$/, '') : '';
}

/** What is wrong with the form of a code's section. */
function complaints(body: readonly DocNode[], section: string): string[] {
  const nodes = sectionOf(body, section).filter(isElement);
  const firsts = nodes.map(labelOf);
  const found: string[] = [];
  if (nodes[0]?.tag !== 'p' || firsts[0] !== '') found.push('does not begin with what the person sees');
  const order = firsts.filter(Boolean);
  if (order.join() !== PARTS.join()) found.push(`has the parts ${order.join(', ')} instead of ${PARTS.join(', ')}`);
  for (const name of ['Why', 'What to do'])
    if (nodes[firsts.indexOf(name) + 1]?.tag !== 'ol') found.push(`has no numbered list under ${name}`);
  for (const name of ['Meanwhile', 'Who can help'])
    if (wordsIn(nodes[firsts.indexOf(name)]?.kids?.slice(1) ?? []).trim().length < 5)
      found.push(`says nothing under ${name}`);
  return found;
}

describe('every page about a code says what is seen, why, what to do, what is safe, and who can help', () => {
  test.each([...codes].map(([code, { page, section }]) => ({ code, page, section })))('$code', ({ page, section }) => {
    expect(complaints(pages.find(({ id }) => id === page)!.body, section)).toEqual([]);
  });

  test('one that does not is found', () => {
    const { body } = readPage(
      'codes/x.md',
      '# X\n\n## `x`: it is so\n\n**Why**\n\nSo.\n\n**Meanwhile:** a\n',
      new Set(),
    );
    expect(complaints(body, 'x-it-is-so')).toEqual([
      'does not begin with what the person sees',
      'has the parts Why, Meanwhile instead of Why, What to do, Meanwhile, Who can help',
      'has no numbered list under Why',
      'has no numbered list under What to do',
      'says nothing under Meanwhile',
      'says nothing under Who can help',
    ]);
  });
});

test('the reader sees every way in which a code is raised, and what cannot be told', () => {
  const { codes, unknown } = raisedIn(`
    type Code = 'a' | 'b';
    declare class OwnFault { constructor(code: string, message: string) }
    declare const code: Code, open: string, thrown: { code: string }, problems: any;
    const CONSTANT = 'c';
    new Fault(code, '', '');
    new OwnFault(CONSTANT, '');
    export const words = { code: \`room-\${code}\`, message: '', remedy: '' };
    export const either = { code: open ? 'd' : 'e', message: '', remedy: '' };
    export const handed = { code: thrown.code ?? 'f', message: '', remedy: '' };
    export const noWords = { code: 'g' };
    problems.obstacle('h', 0, '');
    new Fault(open, '', '');
    new Fault(\`x-\${open}\`, '', '');
  `);
  expect([...codes.keys()].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'h', 'room-a', 'room-b']);
  expect(unknown).toEqual(['raised.ts:13: open', 'raised.ts:14: `x-${open}`']);
});
