/**
 * Where a position stands in a YAML text that is being typed: below which keys, and is it a key or a value?
 *
 * Reads indentation and brackets, not grammar: half a line is no YAML yet, and that is when it is asked. Pure. Knows
 * nothing of procedures.
 */

/** `[]` stands for an item of a list. */
export type YamlPath = readonly string[];

export interface YamlPlace {
  /** Of the map or list that it stands in; of a value, with its key. */
  readonly path: YamlPath;
  readonly kind: 'key' | 'value';
  /** What stands there before the position. */
  readonly prefix: string;
  /** Where that begins. */
  readonly from: number;
  /** Keys that the map has already. */
  readonly siblings: readonly string[];
}

interface Line {
  /** Columns of its dashes. */
  readonly dashes: readonly number[];
  /** Column of what follows them. */
  readonly column: number;
  readonly content: string;
  readonly key: string | null;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s#'"[\]{},&*!|>%@`-][^:#{}[\],]*?|[^\s:]+)\s*:(?=\s|$)/;

export function yamlPlace(text: string, offset: number): YamlPlace {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const head = lineOf(text.slice(start, offset));
  const above = text.slice(0, start).split('\n').slice(0, -1);
  const [, ...below] = text.slice(start).split('\n');
  const path = [...ancestors(head, above), ...head.dashes.map(() => '[]')];
  const at = (within: number) => start + head.column + within;
  const key = KEY.exec(head.content);
  if (key && head.key !== null) {
    const rest = head.content.slice(key[0].length);
    const skipped = rest.length - rest.trimStart().length;
    return inside(rest.trimStart(), at(key[0].length + skipped), [...path, head.key]);
  }
  if (/^[[{]/.test(head.content)) return inside(head.content, at(0), path);
  const siblings = siblingsOf(head, above, below);
  return { path, kind: 'key', prefix: head.content, from: at(0), siblings };
}

function lineOf(text: string): Line {
  const dashes: number[] = [];
  let column = text.length - text.trimStart().length;
  while (/^-(\s|$)/.test(text.slice(column))) {
    dashes.push(column);
    const rest = text.slice(column + 1);
    column += 1 + (rest.length - rest.trimStart().length);
  }
  const content = text.slice(column);
  return { dashes, column, content, key: unquoted(KEY.exec(content)?.[1]) };
}

function unquoted(key: string | undefined): string | null {
  return key === undefined ? null : key.replace(/^(["'])(.*)\1$/, '$2');
}

const isBlank = (text: string) => /^\s*(#.*)?$/.test(text);

/** Keys and items that enclose a line, outermost first. */
function ancestors(head: Line, above: readonly string[]): string[] {
  const path: string[] = [];
  let limit = head.dashes[0] ?? head.column;
  /** A list may begin in the column of its key. */
  let isItem = head.dashes.length > 0;
  for (let at = above.length - 1; at >= 0 && (limit > 0 || isItem); at -= 1) {
    const text = above[at]!;
    if (isBlank(text)) continue;
    const line = lineOf(text);
    if (line.key !== null && (line.column < limit || (isItem && line.column <= limit && line.dashes.length === 0))) {
      path.unshift(line.key);
      limit = line.column;
      isItem = false;
    }
    for (const dash of line.dashes.toReversed())
      if (dash < limit && line.column >= limit) {
        path.unshift('[]');
        limit = dash;
        isItem = true;
      }
  }
  return path;
}

function siblingsOf(head: Line, above: readonly string[], below: readonly string[]): string[] {
  const keys: string[] = [];
  /** @returns whether the map goes on */
  const take = (text: string, isAbove: boolean): boolean => {
    if (isBlank(text)) return true;
    const line = lineOf(text);
    if (line.column === head.column && line.key !== null && (isAbove || line.dashes.length === 0)) keys.push(line.key);
    const begins = line.dashes[0] ?? line.column;
    return begins >= head.column;
  };
  if (head.dashes.length === 0) for (const text of above.toReversed()) if (!take(text, true)) break;
  for (const text of below) if (!take(text, false)) break;
  return keys;
}

interface Frame {
  readonly kind: 'map' | 'list';
  key: string | null;
  readonly keys: string[];
}

/** In `{ … }` and `[ … ]` of one line, or a plain value. */
function inside(text: string, from: number, path: YamlPath): YamlPlace {
  const frames: Frame[] = [];
  let token = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    const frame = frames.at(-1);
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if ((sign === '"' || sign === "'") && text.slice(token, at).trim() === '') quote = sign;
    else if (sign === '$' && text[at + 1] === '{') {
      // A parameter, not a map.
      const end = text.indexOf('}', at);
      if (end < 0) break;
      at = end;
    } else if ((sign === '{' || sign === '[') && text.slice(token, at).trim() === '') {
      frames.push({ kind: sign === '{' ? 'map' : 'list', key: null, keys: [] });
      token = at + 1;
    } else if (frame && (sign === '}' || sign === ']')) {
      frames.pop();
      token = at + 1;
    } else if (frame?.kind === 'map' && sign === ':' && frame.key === null && /\s|$/.test(text[at + 1] ?? ' ')) {
      frame.key = unquoted(text.slice(token, at).trim());
      frame.keys.push(frame.key ?? '');
      token = at + 1;
    } else if (frame && sign === ',') {
      frame.key = null;
      token = at + 1;
    }
  }
  const full = [...path, ...frames.flatMap(({ kind, key }) => (kind === 'list' ? ['[]'] : key === null ? [] : [key]))];
  const raw = text.slice(token);
  const prefix = raw.trimStart();
  const last = frames.at(-1);
  const isKey = last?.kind === 'map' && last.key === null;
  return {
    path: full,
    kind: isKey ? 'key' : 'value',
    prefix,
    from: from + token + (raw.length - prefix.length),
    siblings: isKey ? last.keys : [],
  };
}
