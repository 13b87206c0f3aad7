/**
 * A run as lists show it and as the outbox moves it: small, indexed, without the measurements.
 *
 * The states are those of the outbox (sync/outbox/RULES.md); `RUNNING` is a run whose end is not on disk yet.
 */
import type { RunFacts } from '#record/searched-facts.ts';
import type { RunOutcome } from '#record/run-record.ts';

export type UploadState = 'RUNNING' | 'QUEUED' | 'CREATING' | 'AMBIGUOUS' | 'ATTACHING' | 'PARKED' | 'DELIVERED';

export interface RunRow {
  readonly id: string;
  readonly seq: number;
  readonly serial_number: string;
  /** Serial number in upper case: TofuPilot matches without case, so order per unit does too. */
  readonly serial_key: string;
  /** Of what is built into it, in upper case; absent when nothing is known to be. */
  readonly sub_keys?: readonly string[];
  readonly procedure_id: string;
  readonly procedure_name: string;
  readonly outcome: RunOutcome | null;
  /** First decisive reason in words; empty for PASS. */
  readonly reason: string;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly simulated: boolean;
  readonly interrupted: boolean;
  /** What it is searched by besides; absent while it is under way, and on rows of versions that did not keep it. */
  readonly facts?: RunFacts;

  readonly state: UploadState;
  /** Wall clock, ms: not to be tried before this. */
  readonly next_at_ms: number;
  /** How many POSTs were begun. */
  readonly attempts: number;
  /** Wall clock, ms, of the last POST begun; 0 before the first. */
  readonly sent_at_ms: number;
  /** The same moment on the server's clock, at the latest; absent where its answers did not tell. */
  readonly sent_server_ms?: number | undefined;
  /** The run's id in TofuPilot, once known; written once. */
  readonly remote_id: string;
  /** Why it waits or is parked, in words; empty when nothing is wrong. */
  readonly upload_reason: string;
  /** Local calendar day of delivery, `2026-11-20`; empty before. */
  readonly delivered_day: string;
  /** Wall clock, ISO 8601, of the last file that took this run along; absent when none did. */
  readonly exported_at?: string;
  /** Wall clock, ISO 8601: since then it also lies in the folder that the person picked; absent when it does not. */
  readonly copied_at?: string;
  /** The station whose run this is, when it came here in a file; absent on the station's own runs. */
  readonly carried_from?: string;
  /** It was lost here and came back from the second copy: what became of its files is not known. */
  readonly came_back?: boolean;
  /** How many files go with it, and how many of them the server has whole; absent when there are none. */
  readonly attachments?: number;
  readonly attached?: number;
  /** Its place in the station's chain of sealed runs, written when it is sealed (storage/store/chain.ts). */
  readonly chain?: { readonly n: number; readonly head: string; readonly body: string };
  /** Corrections of what is sent, the oldest first, each with its own place in the chain (record/correction.ts). */
  readonly corrections?: readonly { readonly text: string; readonly n: number; readonly head: string }[];
}
