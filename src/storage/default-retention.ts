/** What stays whole of runs that TofuPilot has, where nobody says otherwise. Numbers only; store/retention.ts goes by them. */
export interface Retention {
  /** Delivered runs that stay whole, newest first. */
  readonly keepRuns: number;
  /** Delivered runs older than this are reduced to their row, however few there are. */
  readonly keepDays: number;
}

/** A quarter is what a customer's question reaches back; 20,000 runs of 20 KB are 400 MB. */
export const DEFAULT_RETENTION: Retention = { keepRuns: 20_000, keepDays: 90 };
