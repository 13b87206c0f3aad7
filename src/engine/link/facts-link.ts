/**
 * What page and bench worker say to each other about kept runs as an analysis takes them; part of station-link.ts.
 *
 * Plain data only. Knows nothing of what is made of it.
 */
import type { FactsPiece } from '#record/run-facts.ts';

export interface FactsQuery {
  /** UUID in TofuPilot; of other procedures only the name is told. */
  readonly procedureId: string;
  /** Only runs with a smaller number. */
  readonly beforeSeq?: number;
  /** Only runs with a larger number; 0: all. */
  readonly afterSeq: number;
}

export interface FactsAnswer extends FactsPiece {
  /** Where the next piece begins: ask again with this as `beforeSeq`; null when there is none. */
  readonly next: number | null;
  /** Largest number that was looked at, of any procedure; 0 where there was none. */
  readonly newestSeq: number;
  /** When the latest and the earliest run that were looked at began, of any procedure; null where there was none. */
  readonly latestMs: number | null;
  readonly earliestMs: number | null;
  /** Procedures of the runs that were looked at. */
  readonly procedures: readonly { readonly id: string; readonly name: string }[];
}

export interface FactsCommands {
  /** One piece, newest first. While a unit is under test a piece is small, and takes its time. */
  facts(query: FactsQuery): FactsAnswer;
}
