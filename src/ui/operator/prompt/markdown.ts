/**
 * The part of Markdown that instructions need, as data: headings, paragraphs, lists, code, rules; bold, italic, code.
 *
 * Whatever it does not know stays the text that it is: no links, no pictures, no HTML. Pure; components make elements of
 * it, so no markup is ever parsed by the browser.
 */
export type Inline = { readonly kind: 'text' | 'strong' | 'em' | 'code'; readonly text: string };

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly inlines: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'rule' };

const HEADING = /^(#{1,6})\s+(.+?)\s*#*$/;
const ITEM = /^\s{0,3}(?:[-*+]|(\d{1,3})[.)])\s+(.+)$/;
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const FENCE = /^\s{0,3}```/;
/** The first that closes: `code`, **bold**, __bold__, *italic*, _italic_. */
const INLINE =
  /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|(?<![A-Za-z0-9])_([^_\s][^_]*)_(?![A-Za-z0-9])/g;

export function markdownBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  let paragraph: string[] = [];
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', inlines: inlinesOf(paragraph.join(' ')) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    if (FENCE.test(line)) {
      endParagraph();
      const end = lines.findIndex((one, index) => index > at && FENCE.test(one));
      const stop = end < 0 ? lines.length : end;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, stop).join('\n') });
      at = stop;
    } else if (line.trim() === '') endParagraph();
    else if (RULE.test(line)) {
      endParagraph();
      blocks.push({ kind: 'rule' });
    } else if (heading) {
      endParagraph();
      blocks.push({ kind: 'heading', level: heading[1]!.length, inlines: inlinesOf(heading[2]!) });
    } else if (item) {
      endParagraph();
      addItem(blocks, item[1] !== undefined, inlinesOf(item[2]!));
    } else paragraph.push(line.trim());
  }
  endParagraph();
  return blocks;
}

/** Items that follow each other are one list. */
function addItem(blocks: Block[], isOrdered: boolean, inlines: readonly Inline[]): void {
  const last = blocks.at(-1);
  if (last?.kind === 'list' && last.isOrdered === isOrdered)
    blocks[blocks.length - 1] = { ...last, items: [...last.items, inlines] };
  else blocks.push({ kind: 'list', isOrdered, items: [inlines] });
}

function inlinesOf(text: string): Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  const add = (kind: Inline['kind'], words: string) => {
    if (words !== '') inlines.push({ kind, text: words });
  };
  for (const found of text.matchAll(INLINE)) {
    const [whole, code, ...rest] = found;
    add('text', text.slice(from, found.index));
    if (code !== undefined) add('code', code);
    else add((rest[0] ?? rest[1]) ? 'strong' : 'em', rest.find((one) => one !== undefined) ?? '');
    from = found.index + whole.length;
  }
  add('text', text.slice(from));
  return inlines;
}
