/**
 * What a page of the documentation is once it has been read: a tree of plain data, and where it stands among the others.
 *
 * Made when the app is built (cli/docs/), so that no parser ships and nothing is ever put into the page as markup.
 * DocNodes.svelte draws it. Knows nothing of Markdown, and nothing of screens.
 */
/** Nothing else is ever made of a text. */
export type DocTag =
  | 'p'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'ul'
  | 'ol'
  | 'li'
  | 'strong'
  | 'em'
  | 'del'
  | 'code'
  | 'pre'
  | 'blockquote'
  | 'hr'
  | 'br'
  | 'a'
  | 'table'
  | 'thead'
  | 'tbody'
  | 'tr'
  | 'th'
  | 'td';

export interface DocElement {
  readonly tag: DocTag;
  readonly kids?: readonly DocNode[];
  /** Of a heading: as GitHub names it. */
  readonly id?: string;
  /** Of a link: an address of this app, or of a page elsewhere. */
  readonly href?: string;
  /** Of a numbered list that does not begin with 1. */
  readonly start?: number;
}

export type DocNode = string | DocElement;

/** A heading that the table of contents lists. */
export interface DocSection {
  readonly id: string;
  readonly title: string;
}

export type DocGroup = 'guides' | 'codes' | 'reference' | 'house';

export interface DocPage {
  /** Path below docs/ without its ending, which is also its address below /help: `guides/technician`. */
  readonly id: string;
  readonly title: string;
  readonly group: DocGroup;
  /** The first sentence. */
  readonly lead: string;
  readonly sections: readonly DocSection[];
}

/** A page whose text is fetched when somebody opens or searches it. */
export interface LoadedPage extends DocPage {
  readonly load: () => Promise<readonly DocNode[]>;
}

/** Where the page of a message's code stands. */
export interface CodePlace {
  /** Id of the page. */
  readonly page: string;
  /** Id of the section on it. */
  readonly section: string;
  /** Begins with a capital. */
  readonly title: string;
  /** Codes that it is about, this one among them. */
  readonly codes: readonly string[];
}

/** The words of a tree, without its form. */
export function wordsIn(nodes: readonly DocNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? node : wordsIn(node.kids ?? []) + gapAfter(node))).join('');
}

const BLOCKS: readonly DocTag[] = ['p', 'li', 'td', 'th', 'pre', 'h2', 'h3', 'h4', 'br'];

/** Two blocks are two words. */
function gapAfter({ tag }: DocElement): string {
  return BLOCKS.includes(tag) ? ' ' : '';
}

/** What stands below a heading, up to the next one of its rank or a higher one. */
export function sectionOf(body: readonly DocNode[], id: string): readonly DocNode[] {
  const at = body.findIndex((node) => typeof node !== 'string' && node.id === id);
  const heading = body[at];
  if (!heading || typeof heading === 'string') return [];
  const rest = body.slice(at + 1);
  const end = rest.findIndex((node) => typeof node !== 'string' && /^h\d$/.test(node.tag) && node.tag <= heading.tag);
  return end < 0 ? rest : rest.slice(0, end);
}
