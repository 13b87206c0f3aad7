/**
 * What the outbox needs from the world: a store, a way to the server, time and chance.
 *
 * The store implements `OutboxStore`, sync/tofupilot implements `RunCarrier`; tests hand in others. Knows nothing of
 * IndexedDB or HTTP.
 */
import type { Attachment } from '#record/attachment.ts';
import type { RunRow } from '#record/run-row.ts';

export interface OutboxStore {
  /** Every row that is not DELIVERED and not RUNNING, by `seq`. */
  undelivered(): Promise<RunRow[]>;
  /** The exact bytes that were sealed, and what the look-up needs. */
  sealed(id: string): Promise<{ body: string; procedureId: string; serial: string } | undefined>;
  /**
   * Replaces a row if it is still as `from` says (state and attempts), strict.
   * @returns false when someone else changed it first; then nothing was written
   */
  move(from: Pick<RunRow, 'id' | 'state' | 'attempts'>, to: Partial<RunRow>): Promise<boolean>;
  /** Files of a run, in the order in which they were added. */
  attachments(runId: string): Promise<Attachment[]>;
  /** undefined when they cannot be read as they were written. */
  attachmentBytes(id: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** As `move`, for a file. */
  moveAttachment(
    from: Pick<Attachment, 'id' | 'state' | 'attempts'>,
    to: Partial<Pick<Attachment, 'state' | 'remote_id' | 'attempts' | 'reason'>>,
  ): Promise<boolean>;
  /** Why nothing may be sent at all; undefined when the queue is open. */
  hold(): Promise<Hold | undefined>;
  setHold(hold: Hold | undefined): Promise<void>;
  /** Wall clock, ms: the server asked this station for quiet until then; 0 when it never did. */
  notBefore(): Promise<number>;
  setNotBefore(atMs: number): Promise<void>;
}

export interface Hold {
  readonly code: 'unauthorised' | 'payment';
  readonly message: string;
  readonly since_ms: number;
}

/** Nothing was done, for sure: try later, no look-up needed. */
export interface Throttled {
  readonly kind: 'throttled';
  /** 0 when the server named no time. */
  readonly retryAfterMs: number;
  readonly message: string;
}

/** Nobody's run will be accepted until a person acts. */
export interface Refused {
  readonly kind: 'unauthorised' | 'payment';
  readonly message: string;
}

/** The server may or may not have done it: look before doing it again. */
export interface Doubtful {
  readonly kind: 'doubtful';
  readonly message: string;
  /** Whoever answered asked for quiet this long; 0 when for no time that it named. */
  readonly retryAfterMs?: number;
}

/** What came of a POST, sorted by what may be done next (offline-sync, section 4.3). */
export type PostAnswer =
  | { readonly kind: 'created'; readonly remoteId: string }
  | Throttled
  | Doubtful
  /** This run will never be accepted as it is. `isHearsay`: by the word of one who cannot know whether it was accepted before. */
  | { readonly kind: 'rejected'; readonly message: string; readonly isHearsay?: boolean }
  | Refused;

export type LookupAnswer =
  /** Oldest first. */
  | { readonly kind: 'found'; readonly remoteIds: readonly string[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly message: string }
  | Throttled
  | Refused;

/** Whether a POST is worth trying at all. */
export type ReachAnswer =
  { readonly kind: 'online' } | { readonly kind: 'offline'; readonly message: string } | Throttled | Refused;

/** It did not work this time; doing it again does no harm. */
export interface Failed {
  readonly kind: 'failed';
  readonly message: string;
}

/** It will never work as it is. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly message: string;
}

export type SlotAnswer =
  | { readonly kind: 'slot'; readonly remoteId: string; readonly address: string }
  | Failed
  | Rejected
  | Throttled
  | Refused;
/** `expired`: the address is no longer taken; ask for another. */
export type StoreAnswer =
  { readonly kind: 'stored' } | { readonly kind: 'expired'; readonly message: string } | Failed | Rejected;
/** `unknown`: the server has forgotten the file, or never had its bytes. */
export type FinalizeAnswer =
  | { readonly kind: 'finalized' }
  | { readonly kind: 'unknown'; readonly message: string }
  | Failed
  | Rejected
  | Throttled
  | Refused;
export type LinkAnswer =
  | { readonly kind: 'linked' }
  /** They may be linked, or be linked yet. */
  | Doubtful
  | Rejected
  | Throttled
  | Refused;
export interface LinkedFile {
  readonly remoteId: string;
  readonly name: string;
  /** null where the server has not read its bytes. */
  readonly size: number | null;
}
export type LinkedAnswer =
  { readonly kind: 'files'; readonly files: readonly LinkedFile[] } | Failed | Throttled | Refused;

/** Files, step by step: a slot, the bytes, "read it", and last the run that they belong to. */
export interface FileCarrier {
  /** A new file at the server, of no run yet, and where its bytes go; asked for just before they do. */
  slot(name: string, signal: AbortSignal): Promise<SlotAnswer>;
  store(
    address: string,
    bytes: Uint8Array<ArrayBuffer>,
    contentType: string,
    signal: AbortSignal,
  ): Promise<StoreAnswer>;
  finalize(remoteId: string, signal: AbortSignal): Promise<FinalizeAnswer>;
  /** Adds the files to those that the run has. */
  link(runRemoteId: string, remoteIds: readonly string[], signal: AbortSignal): Promise<LinkAnswer>;
  /** The files that the run has. */
  linked(runRemoteId: string, signal: AbortSignal): Promise<LinkedAnswer>;
}

/** The server's clock now, as its answers tell: somewhere between the two, whatever is done to this machine's clock. */
export interface ServerTime {
  readonly earliestMs: number;
  readonly latestMs: number;
}

export interface RunCarrier {
  post(body: string, signal: AbortSignal): Promise<PostAnswer>;
  /** Looks a run up by its `client_run_id`; `body` is what was posted, for servers that cannot search for the id. */
  lookup(
    run: { id: string; procedureId: string; serial: string; body: string },
    signal: AbortSignal,
  ): Promise<LookupAnswer>;
  /** A cheap GET: is the server there, and does it take this key? */
  reach(signal: AbortSignal): Promise<ReachAnswer>;
  /** Knows from then on which server process it speaks to; asks only if no answer has told it. */
  meet(signal: AbortSignal): Promise<ReachAnswer>;
  readonly files: FileCarrier;
  /** null before the first answer that tells; absent where answers never tell. */
  serverTime?(): ServerTime | null;
}
