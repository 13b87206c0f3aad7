/**
 * The identity of a run that came without one: made from what it says, so that the same file is always the same run.
 *
 * Knows nothing of formats.
 */
import { hex } from '#exchange/base64.ts';

/** Of nothing else: ids that other programs make from the same text differ. */
const NAMESPACE = 'fieldbench run ';

/**
 * UUID version 8 (RFC 9562, 5.8) from SHA-256; the order of members and white space do not matter.
 * @param content parsed JSON
 */
export async function contentId(content: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(NAMESPACE + canonical(content));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).slice(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return hex(digest).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}
