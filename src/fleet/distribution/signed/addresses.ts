/**
 * Where published releases stand: in the folder that is published, and under `/fleet/` of whatever serves it.
 *
 * Names only. Used by whoever writes them, serves them and asks for them.
 */
export const RELEASES = 'releases';
export const INDEX_FILE = 'index.json';
export const KEYS_FILE = 'keys.json';
/** Every content under the digits of its hash. */
export const CONTENT_FOLDER = 'files';

export function addressOf(hash: string): string {
  return `/fleet/${RELEASES}/${CONTENT_FOLDER}/${hash.replace(/^sha256:/, '')}`;
}
