/**
 * Markdown to a tree of plain data, as the app shows it.
 *
 * Above: read-docs.ts, which knows the files. Below: marked's lexer; its own HTML is never made. Markup in the text is
 * left out, and an image is its description: what comes out holds nothing but words and the tags of doc-node.ts.
 */
import { lexer, type Token, type Tokens } from 'marked';
import type { DocElement, DocNode, DocTag } from '../../ui/help/doc-node.ts';

/** @returns the address of a link in the app; null: it leads to nothing that is there, so it is no link */
export type Leads = (href: string) => string | null;

export interface MarkdownPage {
  readonly title: string;
  readonly body: readonly DocNode[];
}

export function markdownPage(text: string, leads: Leads): MarkdownPage {
  const tokens = lexer(text);
  const first = tokens.findIndex((token) => token.type === 'heading' && token['depth'] === 1);
  const title = first < 0 ? '' : (tokens[first] as Tokens.Heading).text.replaceAll('`', '');
  const ids = new Set<string>();
  return { title, body: tokens.filter((_, at) => at !== first).flatMap((token) => block(token, leads, ids)) };
}

/** As GitHub names a heading. */
export function headingId(words: string, taken: Set<string>): string {
  const plain = words
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
  let id = plain;
  for (let n = 1; taken.has(id); n++) id = `${plain}-${n}`;
  taken.add(id);
  return id;
}

function block(token: Token, leads: Leads, ids: Set<string>): DocNode[] {
  switch (token.type) {
    case 'heading': {
      const { depth, tokens, text } = token as Tokens.Heading;
      const tag = `h${Math.min(Math.max(depth, 2), 4)}` as DocTag;
      return [{ tag, id: headingId(text, ids), kids: inlines(tokens, leads) }];
    }
    case 'paragraph': {
      const { tokens } = token as Tokens.Paragraph;
      const [only] = tokens;
      // A line that is bold as a whole is a heading below all others.
      if (tokens.length === 1 && only?.type === 'strong') return [{ tag: 'h3', kids: inlines(only.tokens, leads) }];
      return [{ tag: 'p', kids: inlines(tokens, leads) }];
    }
    case 'text':
      return inline(token, leads);
    case 'list':
      return [list(token as Tokens.List, leads, ids)];
    case 'table':
      return [table(token as Tokens.Table, leads)];
    case 'code':
      return [{ tag: 'pre', kids: [(token as Tokens.Code).text] }];
    case 'blockquote':
      return [
        {
          tag: 'blockquote',
          kids: ((token as Tokens.Blockquote).tokens ?? []).flatMap((one) => block(one, leads, ids)),
        },
      ];
    case 'hr':
      return [{ tag: 'hr' }];
    default:
      return [];
  }
}

function list({ ordered, start, items }: Tokens.List, leads: Leads, ids: Set<string>): DocElement {
  const kids = items.map((item): DocElement => ({
    tag: 'li',
    kids: item.tokens.flatMap((one) => block(one, leads, ids)),
  }));
  return {
    tag: ordered ? 'ol' : 'ul',
    ...(typeof start === 'number' && start !== 1 ? { start } : {}),
    kids,
  };
}

function table({ header, rows }: Tokens.Table, leads: Leads): DocElement {
  const row = (cells: readonly Tokens.TableCell[], tag: DocTag): DocElement => ({
    tag: 'tr',
    kids: cells.map((cell) => ({ tag, kids: inlines(cell.tokens, leads) })),
  });
  return {
    tag: 'table',
    kids: [
      { tag: 'thead', kids: [row(header, 'th')] },
      { tag: 'tbody', kids: rows.map((cells) => row(cells, 'td')) },
    ],
  };
}

function inlines(tokens: readonly Token[] | undefined, leads: Leads): DocNode[] {
  return (tokens ?? []).flatMap((token) => inline(token, leads));
}

function inline(token: Token, leads: Leads): DocNode[] {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [{ tag: token.type, kids: inlines(token.tokens, leads) }];
    case 'codespan':
      return [{ tag: 'code', kids: [(token as Tokens.Codespan).text] }];
    case 'br':
      return [{ tag: 'br' }];
    case 'link': {
      const { href, tokens } = token as Tokens.Link;
      const address = leads(href);
      const kids = inlines(tokens, leads);
      return address === null ? kids : [{ tag: 'a', href: address, kids }];
    }
    case 'image':
      return [(token as Tokens.Image).text];
    case 'escape':
      return [(token as Tokens.Escape).text];
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return tokens ? inlines(tokens, leads) : [text.replaceAll(/\s*\n\s*/g, ' ')];
    }
    default:
      return [];
  }
}
