/**
 * Keys: the short names by which phases, measurements and plugs are known to code, tests and screens.
 *
 * Derived from names exactly as TofuPilot derives them, so that a file has the same keys here and there.
 */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Letters that Unicode does not take apart into a base letter and a mark. */
const UNDECOMPOSED: Readonly<Record<string, string>> = { æ: 'a', œ: 'o', ø: 'o', ł: 'l', đ: 'd', ı: 'i' };

export const LONGEST_KEY = 100;

/** Empty when the name has no letter that a key can have; then the author must state one. */
export function deriveKey(name: string): string {
  const key = name
    .trim()
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[æœøłđı]/g, (letter) => UNDECOMPOSED[letter]!)
    .replaceAll(/[\s-]/g, '_')
    .replaceAll(/[^a-z0-9_]/g, '')
    .replaceAll(/_+/g, '_')
    .replaceAll(/^_|_$/g, '');
  return /^[0-9]/.test(key) ? `_${key}` : key;
}

/** @returns why the key is refused; null when it is good */
export function keyProblem(key: string): string | null {
  if (key === '') return 'is empty';
  if (key.length > LONGEST_KEY) return `is longer than ${LONGEST_KEY} characters`;
  return IDENTIFIER.test(key) ? null : 'may have only letters, digits and _ and must not begin with a digit';
}
