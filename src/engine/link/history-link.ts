/**
 * What page and history worker say to each other: searches, and how far the runs on this disk have been read.
 *
 * Plain data only. Knows nothing of how a search is done.
 */
import type { Word } from '#engine/link/station-link.ts';
import type { RunLine } from '#record/find/found-run.ts';
import type { FindChoices } from '#record/find/run-index.ts';

export interface Reads {
  /** Runs that can be found so far. */
  readonly runs: number;
  /** All runs are among them. */
  readonly isWhole: boolean;
  /** Runs of which it is not read yet who, with what, and which phase and measurement failed. */
  readonly detailsLeft: number;
  /** Runs of which that is not kept any more: only their rows are. */
  readonly bare: number;
  /** Why reading has stopped; null while all is well. */
  readonly problem: Word | null;
}

export interface Found {
  /** What `lines` and `ids` refer to; a later search makes it void. */
  readonly number: number;
  readonly total: number;
  /** The newest of them. */
  readonly lines: readonly RunLine[];
  /** Where that run stands among them; -1: it does not. */
  readonly anchorAt: number;
  readonly reads: Reads;
}

export interface HistoryCommands {
  /** @param anchor number of a run whose place is asked for, so that a list can stay where it is */
  find(text: string, anchor?: number): Found;
  /** From that place on; null when another search has come since. */
  lines(found: number, from: number): readonly RunLine[] | null;
  /** Ids of what was found, the newest first; null as above. */
  ids(found: number, limit: number): readonly string[] | null;
  choices(): FindChoices;
  /** All runs of a unit, the newest first. */
  ofUnit(serial: string): readonly RunLine[];
  /** Runs with the same procedure that ended before this one, the newest first. */
  earlier(run: Pick<RunLine, 'seq' | 'procedure_id'>, limit: number): readonly RunLine[];
}

/** Lines that one question is answered with: about four screens. */
export const LINES_AT_ONCE = 100;

export type HistoryNews =
  /** There are runs that were not there before, or some have changed. */
  | { readonly kind: 'changed' }
  /** The worker is gone, and answers nothing any more. */
  | { readonly kind: 'ended'; readonly word: Word };
