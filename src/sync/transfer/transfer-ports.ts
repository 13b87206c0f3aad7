/**
 * What import and export need from this machine: the station's own runs, and the runs that it carries for others.
 *
 * The stores implement these; tests hand in others. Knows nothing of IndexedDB.
 */
import type { Attachment } from '#record/attachment.ts';
import type { RunRow } from '#record/run-row.ts';
import type { OutboxStore } from '#sync/outbox/ports.ts';
import type { BundledFile } from '#sync/transfer/bundled-files.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

/** The station's own runs. */
export type OwnRuns = Pick<
  OutboxStore,
  'undelivered' | 'sealed' | 'move' | 'attachments' | 'attachmentBytes' | 'moveAttachment'
>;

/** The station's own runs as far as a lost one comes back to them. */
export interface LostRuns {
  /** Those that are here, in any state. */
  rows(ids: readonly string[]): Promise<RunRow[]>;
  /** Bytes and files of a run that cannot be read here any more. @returns false when they are not those that were sealed */
  giveBack(run: {
    readonly id: string;
    readonly body: string;
    readonly files: readonly BundledFile[];
  }): Promise<boolean>;
  /** The next number comes after this one. */
  numbersFollow(seq: number): Promise<void>;
}

/** A run that came in a file: never counted among the station's own, and never part of its sequence. */
export interface CarriedRow extends RunRow {
  readonly carried_from: string;
  /** Of its exact bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Wall clock, ISO 8601, of the last receipt that names it; absent before the first. */
  readonly receipted_at?: string;
}

export interface CarriedRun {
  readonly row: CarriedRow;
  readonly body: string;
  readonly files: readonly { readonly file: Attachment; readonly bytes: Bytes }[];
}

export interface CarriedRuns extends OwnRuns {
  rows(ids: readonly string[]): Promise<CarriedRow[]>;
  /** Rows, bodies and files in one strict transaction; those that are here already stay as they are. */
  add(runs: readonly CarriedRun[]): Promise<void>;
  /** Highest number that ever came from a station; 0 before the first. */
  lastSeqOf(station: string): Promise<number>;
  delivered(station: string): Promise<CarriedRow[]>;
  markReceipted(ids: readonly string[], at: string): Promise<void>;
  /** Fingerprint of the key that a station signs with, as last accepted here. */
  keyOf(station: string): Promise<string | undefined>;
  acceptKey(station: string, fingerprint: string): Promise<void>;
}
