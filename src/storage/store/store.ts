/**
 * What stays on this machine: runs, their journal, what the fleet gave, and a few settings.
 *
 * This file is the door's view of the room; `open.ts` opens it. Every write that a person relies on is one strict
 * transaction, and its promise resolves only when that transaction is on disk. Knows nothing of engine or network.
 */
import type { Attachment, NewAttachment } from '#record/attachment.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';

export interface Store {
  /**
   * Takes the next sequence number and writes `run-started` and the run's row, in one strict transaction.
   * @throws {StorageFault} `full`, `failed`: then no number was taken and no run exists
   */
  beginRun(header: Omit<RunHeader, 'seq'>): Promise<RunHeader>;
  /** Appends to the journal; strict. */
  append(runId: string, events: readonly RunEvent[]): Promise<void>;
  /** A file that goes with an open run; on disk as a whole, strict, when this resolves. */
  addAttachment(runId: string, file: NewAttachment): Promise<Attachment>;
  /**
   * Seals a run: the last events, the exact bytes to send, and the row (state QUEUED), in one strict transaction.
   * @param body UTF-8 JSON text as it will be posted
   */
  seal(runId: string, lastEvents: readonly RunEvent[], record: RunRecord, body: string): Promise<void>;
  /** Runs that have no `run-ended` in their journal, oldest first, rebuilt from it. */
  unfinished(): Promise<RunRecord[]>;

  recent(limit: number): Promise<RunRow[]>;
  /** Newest first; `search` matches serial numbers from their start, without case. */
  history(query: { readonly beforeSeq?: number; readonly limit: number; readonly search?: string }): Promise<RunRow[]>;
  /** Everything not delivered: parked runs first, since they need a person, then in the order in which it will be sent. */
  queue(limit: number): Promise<RunRow[]>;
  record(id: string): Promise<{ row: RunRow; record: RunRecord } | null>;
  counts(day: string): Promise<{ waiting: number; parked: number; uploadedToday: number }>;
  /** Runs begun on this local calendar day and how many serial numbers passed at first try. */
  today(dayStart: string): Promise<{ runs: number; firstPassYield: number }>;
  /** How many runs of this unit with this procedure were begun since then (ISO 8601); without case. */
  runsOfUnit(serial: string, procedureId: string, since: string): Promise<number>;
  /** Median duration in ms of the last passing runs of a procedure; 0 when there are none. */
  usualMs(procedureId: string): Promise<number>;

  /** A small setting by name, structured-cloneable. */
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;

  /** A procedure release by hash: the parsed procedure, its bench, its files. */
  release(hash: string): Promise<StoredRelease | undefined>;
  saveRelease(release: StoredRelease): Promise<void>;

  /** Called after every commit that changes rows, whichever tab or worker made it. */
  onChange(listener: () => void): () => void;
  close(): void;
}

export interface StoredRelease {
  readonly release: string;
  readonly folder: string;
  readonly saved_at: string;
  /** The parsed Procedure (plain data; storage does not look inside). */
  readonly procedure: unknown;
  /** The parsed bench.yaml, or null. */
  readonly bench: unknown;
}
