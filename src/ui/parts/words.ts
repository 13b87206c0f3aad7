/** What outcomes and states are called in a sentence, and which mark stands beside them. Data only. */
import type { RunOutcome } from '#record/run-record.ts';
import type { RunRow, UploadState } from '#record/run-row.ts';

export type MarkShape =
  | 'pass'
  | 'fail'
  | 'error'
  | 'timeout'
  | 'aborted'
  | 'run'
  | 'skip'
  | 'todo'
  | 'refused'
  | 'up'
  | 'menu'
  | 'warning'
  | 'info'
  | 'file'
  | 'person'
  | 'ready';

export const OUTCOME_MARKS: Readonly<Record<RunOutcome | 'SKIP', MarkShape>> = {
  PASS: 'pass',
  FAIL: 'fail',
  ERROR: 'error',
  TIMEOUT: 'timeout',
  ABORTED: 'aborted',
  SKIP: 'skip',
};

/** What an outcome that is not a verdict on the unit asks of the operator. */
export const OUTCOME_ADVICE: Readonly<Record<RunOutcome, string>> = {
  PASS: '',
  FAIL: '',
  ERROR: 'The test itself broke: no verdict on the unit.',
  TIMEOUT: 'No verdict on the unit.',
  ABORTED: 'No verdict on the unit.',
};

const UPLOAD_WORDS: Readonly<Record<UploadState, string>> = {
  RUNNING: 'Under way',
  QUEUED: 'Waiting',
  CREATING: 'Sending',
  AMBIGUOUS: 'Checking',
  ATTACHING: 'Sending files',
  PARKED: 'Parked',
  DELIVERED: 'Uploaded',
};

export function uploadWord({ state, attempts }: Pick<RunRow, 'state' | 'attempts'>): string {
  return state === 'QUEUED' && attempts > 0 ? 'Waiting to try again' : UPLOAD_WORDS[state];
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** First-pass yield with one decimal, never rounded up to a hundred that it is not. */
export function formatYield(fraction: number): string {
  const percent = Math.floor(fraction * 1000 + 1e-9) / 10;
  return `${percent.toFixed(percent === 100 ? 0 : 1)}\u202f%`;
}
