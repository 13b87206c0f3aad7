/** Names of stations with `*` for any part of one. Knows nothing of what they are for. */

/** @param pattern with `*` for any characters, none too */
export function isLike(name: string, pattern: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(name);
}
