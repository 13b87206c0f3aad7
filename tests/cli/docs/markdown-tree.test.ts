/** Markdown becomes a tree of words and a closed list of tags; nothing else gets through. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { wordsIn, type DocElement, type DocNode } from '#ui/help/doc-node.ts';
import { markdownPage } from '../../../src/cli/docs/markdown-tree.ts';
import { readDocs, readPage } from '../../../src/cli/docs/read-docs.ts';

const nowhere = () => null;
const { pages } = readDocs(fileURLToPath(new URL('../../../', import.meta.url)));

test('headings, lists, tables, code and emphasis', () => {
  const text = [
    '# The page',
    'A **bold** and *soft* `word`.',
    '## A part, of it',
    '3. three\n   - under it\n4. four',
    '| a | b |\n|---|---|\n| `1` | 2 |',
    '```yaml\nkey: <value>\n```',
    '> said',
  ].join('\n\n');
  const { title, body } = markdownPage(text, nowhere);
  expect(title).toBe('The page');
  expect(body).toEqual([
    {
      tag: 'p',
      kids: [
        'A ',
        { tag: 'strong', kids: ['bold'] },
        ' and ',
        { tag: 'em', kids: ['soft'] },
        ' ',
        { tag: 'code', kids: ['word'] },
        '.',
      ],
    },
    { tag: 'h2', id: 'a-part-of-it', kids: ['A part, of it'] },
    {
      tag: 'ol',
      start: 3,
      kids: [
        { tag: 'li', kids: ['three', { tag: 'ul', kids: [{ tag: 'li', kids: ['under it'] }] }] },
        { tag: 'li', kids: ['four'] },
      ],
    },
    {
      tag: 'table',
      kids: [
        {
          tag: 'thead',
          kids: [
            {
              tag: 'tr',
              kids: [
                { tag: 'th', kids: ['a'] },
                { tag: 'th', kids: ['b'] },
              ],
            },
          ],
        },
        {
          tag: 'tbody',
          kids: [
            {
              tag: 'tr',
              kids: [
                { tag: 'td', kids: [{ tag: 'code', kids: ['1'] }] },
                { tag: 'td', kids: ['2'] },
              ],
            },
          ],
        },
      ],
    },
    { tag: 'pre', kids: ['key: <value>'] },
    { tag: 'blockquote', kids: [{ tag: 'p', kids: ['said'] }] },
  ]);
});

test('markup in the text becomes nothing, and a link that leads nowhere is its words', () => {
  const { body } = markdownPage('<script>bad()</script>\n\nA [link](javascript:bad) <b onclick=bad>here</b>.', nowhere);
  expect(wordsIn(body).trim()).toBe('A link here.');
  expect(tagsOf(body)).toEqual(['p']);
});

test('a link leads to the page in the app, to a place on it, or to a page elsewhere', () => {
  const known = new Set(['guides/a.md', 'reference/b.md']);
  const text = '[1](../reference/b.md#x) [2](#y) [3](https://example.com/) [4](../../src/a.ts) [5](b.md) [6](a.md)';
  const { body } = readPage('guides/a.md', text, known);
  expect(linksOf(body)).toEqual(['/help/reference/b#x', '/help/guides/a#y', 'https://example.com/', '/help/guides/a']);
});

test('two headings of one name have two ids, as on GitHub', () => {
  const { body } = markdownPage('## Who (and `why`)?\n\n## Who (and `why`)?\n', nowhere);
  expect(body.map((node) => (node as DocElement).id)).toEqual(['who-and-why', 'who-and-why-1']);
});

test('every page of docs/ has a title and something to read, and every link between pages lands', () => {
  expect(pages.length).toBeGreaterThan(25);
  const places = new Set(
    pages.flatMap(({ id, body }) => [`/help/${id}`, ...idsOf(body).map((place) => `/help/${id}#${place}`)]),
  );
  for (const { id, title, body } of pages) {
    expect(title, id).not.toBe('');
    expect(wordsIn(body).length, id).toBeGreaterThan(50);
    for (const link of linksOf(body).filter((href) => href.startsWith('/')))
      expect([...places], `docs/${id}.md leads to ${link}`).toContain(link);
  }
});

function elementsOf(nodes: readonly DocNode[]): DocElement[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elementsOf(node.kids ?? [])]));
}
function tagsOf(nodes: readonly DocNode[]): string[] {
  return elementsOf(nodes).map(({ tag }) => tag);
}
function linksOf(nodes: readonly DocNode[]): string[] {
  return elementsOf(nodes).flatMap(({ href }) => href ?? []);
}
function idsOf(nodes: readonly DocNode[]): string[] {
  return elementsOf(nodes).flatMap(({ id }) => id ?? []);
}
