/**
 * Every page of docs/ but the one of pictures, read and put in order: what the app shows under /help.
 *
 * The order is that of the README's list, of messages that of docs/reference/codes.md, and by name after it. A page below docs/codes/ is about messages: each of its
 * sections is headed by the codes that it is about, then a colon and a sentence. Above: help-plugin.ts, and the tests.
 * Knows nothing of how a page is drawn.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import {
  wordsIn,
  type CodePlace,
  type DocGroup,
  type DocNode,
  type DocPage,
  type DocSection,
} from '../../ui/help/doc-node.ts';
import { markdownPage } from './markdown-tree.ts';

export interface ReadPage extends DocPage {
  readonly file: string;
  readonly body: readonly DocNode[];
}

export interface Docs {
  readonly pages: readonly ReadPage[];
  readonly codes: ReadonlyMap<string, CodePlace>;
}

const GROUPS: Readonly<Record<string, DocGroup>> = { guides: 'guides', codes: 'codes', reference: 'reference' };
const ORDER: readonly DocGroup[] = ['guides', 'codes', 'reference', 'house'];
/** One line on a list of pages. */
const LONGEST_LEAD = 160;

/** @param root the repository */
export function readDocs(root: string): Docs {
  const folder = join(root, 'docs');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    // Pictures are for whoever reads the sources: an app that shows them need not carry them.
    .filter((path) => path.endsWith('.md') && !path.startsWith('screens/'))
    .sort();
  const known = new Set(files);
  const lists = [
    readFileSync(join(root, 'README.md'), 'utf8').replace(/^[^]*^## More$/m, ''),
    readFileSync(join(folder, 'reference', 'codes.md'), 'utf8').replaceAll('](../', '](docs/'),
  ];
  const ranks = ranksIn(lists.join('\n'));
  const pages = files
    .map((path) => readPage(path, readFileSync(join(folder, path), 'utf8'), known))
    .map((page) => ({ ...page, file: join(folder, page.file) }))
    .sort((one, other) => placeOf(one, ranks) - placeOf(other, ranks));
  return { pages, codes: new Map(pages.filter(({ group }) => group === 'codes').flatMap(codesOn)) };
}

/** In which order the pages are named. */
function ranksIn(text: string): ReadonlyMap<string, number> {
  const paths = [...text.matchAll(/\]\(docs\/([\w/-]+)\.md\)/g)].map(([, id]) => id as string);
  return new Map([...new Set(paths)].map((id, rank) => [id, rank]));
}

function placeOf({ id, group }: DocPage, ranks: ReadonlyMap<string, number>): number {
  return ORDER.indexOf(group) * 1000 + (ranks.get(id) ?? 999);
}

/** @param path below docs/ @param known all of them */
export function readPage(path: string, text: string, known: ReadonlySet<string>): ReadPage {
  const id = path.replace(/\.md$/, '');
  const { title, body } = markdownPage(text, (href) => addressOf(href, path, known));
  const lead = body.find((node) => typeof node !== 'string' && node.tag === 'p');
  return {
    id,
    file: path,
    title,
    group: GROUPS[path.split('/')[0]!] ?? 'house',
    lead: lead ? shortened(wordsIn([lead]).trim()) : '',
    sections: body.flatMap(sectionAt),
    body,
  };
}

function shortened(text: string): string {
  const [sentence = ''] = /^.*?[.:](?=\s|$)/.exec(text) ?? [text];
  const line = sentence.replace(/:$/, '.');
  return line.length > LONGEST_LEAD ? `${line.slice(0, line.lastIndexOf(' ', LONGEST_LEAD))} …` : line;
}

function sectionAt(node: DocNode): DocSection[] {
  if (typeof node === 'string' || node.tag !== 'h2' || node.id === undefined) return [];
  return [{ id: node.id, title: wordsIn(node.kids ?? []).trim() }];
}

/** A link as the app has it: another page, a place on one, or a page elsewhere; null for a file that is no page. */
function addressOf(href: string, path: string, known: ReadonlySet<string>): string | null {
  if (/^https?:/.test(href)) return href;
  const [to = '', fragment] = href.split('#');
  const file = to === '' ? path : posix.normalize(posix.join(posix.dirname(path), to));
  if (!known.has(file)) return null;
  return `/help/${file.replace(/\.md$/, '')}${fragment === undefined ? '' : `#${fragment}`}`;
}

function codesOn({ id: page, body }: ReadPage): [string, CodePlace][] {
  return body.flatMap((node) => {
    if (typeof node === 'string' || node.tag !== 'h2' || node.id === undefined) return [];
    const codes = (node.kids ?? []).flatMap((kid) =>
      typeof kid !== 'string' && kid.tag === 'code' ? wordsIn([kid]) : [],
    );
    const sentence = wordsIn(node.kids ?? [])
      .replace(/^[^:]*:\s*/, '')
      .trim();
    const place = { page, section: node.id, title: sentence.charAt(0).toUpperCase() + sentence.slice(1), codes };
    return codes.map((code): [string, CodePlace] => [code, place]);
  });
}
