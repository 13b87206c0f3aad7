/** What searches and their filters are called, for people. Data and sentences only. */
import type { Reads } from '#engine/link/history-link.ts';
import type { FindTerm } from '#record/find/find-query.ts';
import { TIME_KEYS, type FindKey } from '#record/find/keys.ts';
import { timeSpan } from '#record/find/time-span.ts';
import { counted } from '#ui/parts/words.ts';

/** What can be typed before a colon, an example, and what it looks at. */
export const KEY_WORDS: Readonly<Record<FindKey, readonly [example: string, means: string]>> = {
  outcome: ['outcome:fail,error', 'how the run ended: pass, fail, error, timeout, aborted; a comma is “or”'],
  serial: ['serial:000123', 'any part of the serial number'],
  part: ['part:PWR-BOARD', 'the part number'],
  revision: ['revision:B', 'the revision of the part'],
  batch: ['batch:2026-W47', 'the batch'],
  procedure: ['procedure:"Power board"', 'the name of the procedure'],
  release: ['release:4f2a9c', 'the beginning of the release’s hash, or the version'],
  operator: ['operator:ana', 'who started it'],
  fixture: ['fixture:FX0001', 'what the plugs answered: model, serial number, firmware'],
  phase: ['phase:"power rails"', 'a phase that failed'],
  measurement: ['measurement:rail', 'a measurement that failed'],
  reason: ['reason:3.05', 'the reason in words'],
  upload: ['upload:parked', 'waiting, parked or uploaded'],
  on: ['on:2026-11-20', 'one day or month; today and yesterday, too'],
  after: ['after:2026-11-01', 'from that day on; 7d is the last seven days'],
  before: ['before:2026-11-01', 'until the day before'],
};

export interface Preset {
  readonly value: string;
  readonly word: string;
}
export const OUTCOMES: readonly Preset[] = [
  { value: 'fail', word: 'Fail' },
  { value: 'error', word: 'Error' },
  { value: 'timeout', word: 'Timeout' },
  { value: 'aborted', word: 'Aborted' },
  { value: 'pass', word: 'Pass' },
];
export const UPLOADS: readonly Preset[] = [
  { value: 'waiting', word: 'Waiting' },
  { value: 'parked', word: 'Parked' },
];
export const TIMES: readonly Preset[] = [
  { value: 'today', word: 'Today' },
  { value: '7d', word: '7 days' },
  { value: '30d', word: '30 days' },
];

const KEY_NAMES: Readonly<Record<FindKey, string>> = {
  outcome: 'Outcome',
  serial: 'Serial number',
  part: 'Part',
  revision: 'Revision',
  batch: 'Batch',
  procedure: 'Procedure',
  release: 'Release',
  operator: 'Operator',
  fixture: 'Fixture',
  phase: 'Failing phase',
  measurement: 'Failing measurement',
  reason: 'Reason',
  upload: 'Upload',
  on: 'On',
  after: 'From',
  before: 'Before',
};

/** A filter as a person reads it; one that says nothing yet says so. */
export function termWords({ key, values }: FindTerm, nowMs: number): string {
  if (key === null) return values.join(' ');
  const isOpen = TIME_KEYS.includes(key) && values.every((value) => timeSpan(value, nowMs) === null);
  return `${KEY_NAMES[key]}: ${values.join(' or ')}${isOpen ? ' (not a day yet)' : ''}`;
}

/** How many were found, and how far the answer reaches. */
export function foundWords(total: number, isSearch: boolean, reads: Reads | null): string {
  const runs = isSearch ? `${counted(total, 'run')} found` : counted(total, 'run');
  if (!reads) return runs;
  if (reads.isWhole && total === 0 && !isSearch) return '';
  if (!reads.isWhole) return `${runs} so far; older runs are still being read`;
  if (isSearch && reads.detailsLeft > 0)
    return `${runs}; who ran it, with what, and what failed is still being read of ${counted(reads.detailsLeft, 'run')}`;
  return runs;
}

/** What a search cannot see, in words; empty when it sees everything. */
export function bareWords({ bare }: Reads): string {
  if (bare === 0) return '';
  return `Of ${counted(bare, 'older run')} only the line is left: ${bare === 1 ? 'it is' : 'they are'} found by serial number, procedure, outcome, reason, day and upload.`;
}
