/**
 * One text for each value, so that a hash or a signature over it means the value and not how somebody laid it out.
 *
 * RFC 8785 (JSON Canonicalization Scheme) for what our documents hold: texts, numbers, true and false, lists and
 * objects. Members that are undefined are left out. Knows nothing of signatures.
 */

/** @throws {TypeError} for a number that is not finite, or anything else that is no such value */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  // As ECMAScript writes numbers, which is what RFC 8785, 3.2.2.3 wants.
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === undefined) throw new TypeError(`${String(value)} has no canonical text`);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    // By UTF-16 code units, as RFC 8785, 3.2.3 wants it; that is what `<` compares.
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`);
  return `{${members.join(',')}}`;
}

export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalText(value));
}
