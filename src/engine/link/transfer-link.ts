/**
 * What page and bench worker say to each other about files of the air gap; part of station-link.ts.
 *
 * Plain data only. Knows nothing of how a file is made or checked.
 */
export interface TransferFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many it holds or names. */
  readonly runs: number;
}

export interface ExportedFile extends TransferFile {
  /** Runs that no earlier file held; given back to `forgetExport` when this one was not kept. */
  readonly firstTime: readonly string[];
  /** Runs that did not fit and are in no file yet. */
  readonly left: number;
}

/** new: merged. delivered: by a receipt. known: was here before. foreign, damaged: left aside. */
export type TransferResult = 'new' | 'delivered' | 'known' | 'foreign' | 'damaged';

interface TransferWord {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface OpenedFile {
  readonly kind: 'runs' | 'receipt';
  /** Who made it. */
  readonly station: string;
  readonly madeAt: string;
  /** Of the key that it is signed with, for people to compare. */
  readonly fingerprint: string;
  /** Why nothing of it was taken in; `other-key` can be answered with the fingerprint. */
  readonly refusal: TransferWord | null;
  readonly runs: readonly { readonly id: string; readonly seq: number; readonly result: TransferResult }[];
  readonly problems: readonly TransferWord[];
}

/** Runs of another station that came here in a file. */
export interface CarriedStation {
  readonly station: string;
  readonly waiting: number;
  readonly parked: number;
  readonly delivered: number;
  /** Of the delivered ones, those that a receipt names. */
  readonly receipted: number;
}

export interface TransferState {
  readonly carried: readonly CarriedStation[];
  /** Of this station's own key; empty while it has none, or in a browser that cannot sign. */
  readonly fingerprint: string;
}

export interface TransferCommands {
  /** Every undelivered run of this station in one file; each is marked as exported before the file exists. */
  exportRuns(): ExportedFile;
  forgetExport(ids: readonly string[]): void;
  /** @param acceptedKey fingerprint that a person has compared with the one at the other station */
  openTransfer(bytes: Uint8Array<ArrayBuffer>, acceptedKey?: string): OpenedFile;
  /** For the runs of `origin` that were delivered from here. */
  writeReceipt(origin: string): TransferFile;
  transfers(): TransferState;
}
