/**
 * A table as CSV (RFC 4180), for any spreadsheet.
 *
 * Numbers are written with a point and all their digits; a text that a spreadsheet would take for a formula gets an
 * apostrophe in front. Pure.
 */
export type Cell = string | number | null;

export function csvOf(head: readonly string[], rows: readonly (readonly Cell[])[]): Uint8Array<ArrayBuffer> {
  const text = [head, ...rows].map((row) => row.map(cellText).join(',')).join('\r\n');
  return new TextEncoder().encode(`${text}\r\n`);
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
