/**
 * The words before a colon in a search, and what each looks at. Data only.
 *
 * Above: the reading of a search (find-query.ts), its matching (run-matches.ts), and the screens, which press them.
 */
export const FIND_KEYS = [
  'outcome',
  'serial',
  'part',
  'revision',
  'batch',
  'procedure',
  'release',
  'operator',
  'fixture',
  'phase',
  'measurement',
  'reason',
  'upload',
  'on',
  'after',
  'before',
] as const;
export type FindKey = (typeof FIND_KEYS)[number];

export const TIME_KEYS: readonly FindKey[] = ['on', 'after', 'before'];

/** As a person says them, in the order in which they are offered. */
export const OUTCOME_VALUES = ['fail', 'error', 'timeout', 'aborted', 'pass'] as const;
export const UPLOAD_VALUES = ['waiting', 'parked', 'uploaded'] as const;
export type UploadValue = (typeof UPLOAD_VALUES)[number];

export function isFindKey(word: string): word is FindKey {
  return (FIND_KEYS as readonly string[]).includes(word);
}
