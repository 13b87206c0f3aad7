/**
 * What a drain is given and what it gives back.
 *
 * Plain shapes; drain.ts and courier.ts share them.
 */
import type { Clock } from '#base/clock.ts';
import type { RunRow } from '#record/run-row.ts';
import type { OutboxStore, RunCarrier } from '#sync/outbox/ports.ts';

export interface SyncSettings {
  /** How long a run whose upload has an unknown outcome waits before it may be posted again. */
  readonly ambiguousWaitMs: number;
  /** Units side by side, at most. */
  readonly concurrency: number;
  /**
   * Requests per second of this station; 0: no limit. For a large fleet five sixths of what the server takes, divided
   * by the number of stations: a thousand that came back together needed no request more than runs, at a peak of 26 in
   * a second where the server took 20 (tests/sync/outbox/herd.test.ts).
   */
  readonly ratePerS: number;
}

export interface DrainOptions {
  readonly store: OutboxStore;
  readonly carrier: RunCarrier;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly settings: SyncSettings;
  readonly signal: AbortSignal;
  /** No request is begun after this long; those under way end. */
  readonly budgetMs?: number;
  /** true: files wait for a better moment, while runs go; asked before each. */
  readonly filesWait?: () => boolean;
  /** Local calendar day, for the count of uploads. */
  readonly today: () => string;
  /** After every change of a row. */
  readonly onProgress?: (row: RunRow) => void;
}

export interface DrainResult {
  readonly delivered: number;
  /** Neither delivered nor parked. */
  readonly left: number;
  /** Wall clock, ms, when a drain is worth calling again; null when nothing is left. */
  readonly nextAtMs: number | null;
  /** false: it was tried, and no server answered. */
  readonly reachable: boolean;
}
