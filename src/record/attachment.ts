/**
 * A file that goes with a run: what it is, and how far it has come on its way to TofuPilot.
 *
 * The bytes lie beside it in chunks (storage/store/attachments.ts). Knows nothing of servers.
 */

/**
 * STAGED: on this disk only. STORED: the server has the bytes, and has not been told to read them. FINALIZED: whole at
 * the server, of no run yet. LINKING: perhaps the run's. LINKED: the run's. PARKED: refused for good.
 */
export type AttachmentState = 'STAGED' | 'STORED' | 'FINALIZED' | 'LINKING' | 'LINKED' | 'PARKED';

export interface Attachment {
  readonly id: string;
  /** The run that it belongs to. */
  readonly run: string;
  /** 0, 1, 2 … within the run. */
  readonly n: number;
  /** With its extension, 1 to 255 characters. */
  readonly name: string;
  readonly content_type: string;
  readonly size: number;
  /** Of its bytes: `sha256:` and 64 hexadecimal digits. */
  readonly sha256: string;
  readonly state: AttachmentState;
  /** The server's id for it; empty before STORED. */
  readonly remote_id: string;
  /** How often something about it was tried in vain. */
  readonly attempts: number;
  /** Why it waits or is parked, in words. */
  readonly reason: string;
}

/** What a run brings along. */
export interface NewAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a tablet's browser can hash in one piece, and a slow line carries in half an hour. */
export const LONGEST_FILE_BYTES = 100 * 1024 * 1024;
/** One link names them all (tofupilot-api 7.2); a phase in a loop must not fill the disk. */
export const MOST_FILES = 100;
