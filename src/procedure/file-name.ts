/**
 * Names of files that a procedure attaches: safe on every disk, and telling by their ending what is inside.
 *
 * Pure. Read by read/read-steps.ts, so that a name that cannot be used is found before a unit is touched. Knows nothing of runs.
 */

/** TofuPilot takes 255 characters, most file systems 255 bytes; a second one of a name gets a number behind it. */
const LONGEST_BYTES = 200;
/** What Windows, macOS or Linux refuse or read as part of a path. */
const FORBIDDEN = /[\p{Cc}\p{Cf}/\\:*?"<>|]/u;
/** Devices to Windows, whatever their ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)\./i;
const ENDING = /\.([A-Za-z0-9]{1,10})$/;

/** What instruments and fixtures write; anything else is bytes to whoever opens it. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  json: 'application/json',
  xml: 'application/xml',
  pdf: 'application/pdf',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  bmp: 'image/bmp',
};

/** @returns what is wrong with the name, in words; null when nothing is */
export function fileNameTrouble(name: string): string | null {
  const [forbidden] = FORBIDDEN.exec(name) ?? [];
  if (forbidden !== undefined)
    return `has ${JSON.stringify(forbidden)} in it, which a file name cannot have on every machine`;
  if (name.startsWith('.') || RESERVED.test(name)) return 'is a name that some machines keep for themselves';
  if (new TextEncoder().encode(name).length > LONGEST_BYTES) return `is longer than ${LONGEST_BYTES} bytes`;
  return ENDING.test(name) ? null : 'needs an ending such as .csv or .txt, which says what is inside';
}

/** By the name's ending. */
export function mediaTypeOf(name: string): string {
  return MEDIA_TYPES[ENDING.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
