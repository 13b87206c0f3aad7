/** `sha256:` and the twelve digits that people compare. */
export function shortHash(release: string): string {
  return release.slice(0, 'sha256:'.length + 12);
}
