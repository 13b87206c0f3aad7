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

/** What came of one QR code that was read. */
export interface TakenFrame {
  readonly result: 'new' | 'known' | 'refused';
  readonly problem: TransferWord | null;
  /** Codes of the series that was begun; 0 before the first. */
  readonly total: number;
  /** Their numbers that are here, ascending. */
  readonly have: readonly number[];
  /** With the last missing code: the file, whole. */
  readonly file: Uint8Array<ArrayBuffer> | null;
}

export interface TransferState {
  readonly carried: readonly CarriedStation[];
  /** Of this station's own key; empty while it has none, or in a browser that cannot sign. */
  readonly fingerprint: string;
}

export interface TransferCommands {
  /**
   * Every undelivered run of this station in one file, or as many as a person would read as QR codes; each is marked as
   * exported before the file exists.
   */
  exportRuns(as: 'file' | 'codes'): ExportedFile;
  forgetExport(ids: readonly string[]): void;
  /** @param acceptedKey fingerprint that a person has compared with the one at the other station */
  openTransfer(bytes: Uint8Array<ArrayBuffer>, acceptedKey?: string): OpenedFile;
  /** For the runs of `origin` that were delivered from here. */
  writeReceipt(origin: string): TransferFile;
  transfers(): TransferState;
  /** The same file as lines of letters, for ways that carry text alone. */
  asText(bytes: Uint8Array<ArrayBuffer>): string;
  /** The same file as texts for QR codes, in their order. */
  framesOf(bytes: Uint8Array<ArrayBuffer>): readonly string[];
  /** What a camera or a scanner has read; the first one opens its series. */
  takeFrame(text: string): TakenFrame;
  /** The series that was begun is given up. */
  forgetFrames(): void;
}
