/**
 * What of a file a person can look at without another program: a picture, a table, a wire log, a text, or nothing.
 *
 * Decides by the type that the phase gave it, and by its name where that says nothing. Never more than a screen can
 * hold; the whole is in the file. Pure.
 */
export type Preview =
  | { readonly kind: 'image' }
  | { readonly kind: 'wire' }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[]; readonly isCut: boolean }
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'none' };

/** Bitmaps that every browser shows, and drawings, which run no script where they are shown as a picture. */
const IMAGES = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$/;
const IMAGE_NAMES = /\.(png|jpe?g|gif|webp|avif|bmp|svg)$/i;
const WIRE_LOG = /\.wire(?:-\d+)?\.json$/;
const TEXT_NAMES = /\.(txt|log|json|jsonl|ya?ml|xml|ini|md|hex|csv|tsv)$/i;
/** A second's reading, and what a page draws at once. */
const MOST_TEXT = 100_000;
const MOST_ROWS = 200;
const MOST_COLUMNS = 40;

export function isWireLog(name: string): boolean {
  return WIRE_LOG.test(name);
}

/** Whether it is worth fetching. */
export function canPreview(name: string, contentType: string): boolean {
  return isImage(name, contentType) || isText(name, contentType);
}

export function previewOf(name: string, contentType: string, bytes: Uint8Array): Preview {
  if (isWireLog(name)) return { kind: 'wire' };
  if (isImage(name, contentType)) return { kind: 'image' };
  if (!isText(name, contentType)) return { kind: 'none' };
  // A character may be cut in two at the end: it becomes the sign for what cannot be read.
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_TEXT));
  const isCut = bytes.length > MOST_TEXT;
  if (/csv|tab-separated/.test(contentType) || /\.(csv|tsv)$/i.test(name)) return tableOf(text, isCut);
  if (!isCut && (/json/.test(contentType) || /\.json$/i.test(name)))
    return { kind: 'text', text: laidOut(text), isCut };
  return { kind: 'text', text, isCut };
}

/** The type for showing it: one that is said, else by its name. */
export function imageType(name: string, contentType: string): string {
  if (IMAGES.test(contentType)) return contentType;
  const ending = IMAGE_NAMES.exec(name)?.[1]?.toLowerCase() ?? 'png';
  return `image/${{ jpg: 'jpeg', svg: 'svg+xml' }[ending] ?? ending}`;
}

function isImage(name: string, contentType: string): boolean {
  return IMAGES.test(contentType) || (IMAGE_NAMES.test(name) && !isSaid(contentType));
}

function isText(name: string, contentType: string): boolean {
  return /^text\/|json|xml|yaml/.test(contentType) || (TEXT_NAMES.test(name) && !isSaid(contentType));
}

/** `application/octet-stream` is what is said when nothing is known. */
function isSaid(contentType: string): boolean {
  return contentType !== '' && contentType !== 'application/octet-stream';
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).slice(0, MOST_TEXT);
  } catch {
    return text;
  }
}

function tableOf(text: string, isCut: boolean): Preview {
  const [head = ''] = text.split('\n', 1);
  const separator = ['\t', ';', ','].find((one) => head.includes(one)) ?? ',';
  const rows = readTable(text, separator, MOST_ROWS + 1);
  return { kind: 'table', rows: rows.slice(0, MOST_ROWS), isCut: isCut || rows.length > MOST_ROWS };
}

/** RFC 4180, and its variants with another separator; a quote that nobody closes ends with the text. */
export function readTable(text: string, separator: string, mostRows: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    if (row.length < MOST_COLUMNS) row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length && rows.length < mostRows; at += 1) {
    const character = text[at]!;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (character === '"' && cell === '') isQuoted = true;
    else if (character === separator) endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  if (rows.length < mostRows && (cell !== '' || row.length > 0)) endRow();
  return rows;
}
