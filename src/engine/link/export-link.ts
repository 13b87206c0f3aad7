/**
 * What page and bench worker say to each other about runs as files of other programs; part of station-link.ts.
 *
 * Plain data only. Knows nothing of the formats.
 */
import type { TransferFile } from '#engine/link/transfer-link.ts';

/** `json`: as they are posted, one a line. `report`: a file to read and print, one a unit. */
export type ExportFormat = 'openhtf' | 'csv' | 'atml' | 'json' | 'report';

/** One run, or those that a search has found, the newest first. @see history-link.ts for their ids */
export type ExportedWhich =
  | { readonly id: string }
  | {
      readonly ids: readonly string[];
      /** The search has found more than these. */
      readonly hasMore: boolean;
    };

export interface ExportedAs extends TransferFile {
  /** There are older ones that are not in the file. */
  readonly hasMore: boolean;
  /** Found, and no longer whole on this machine: delivered long ago, and cleared away but for a line. */
  readonly cleared: number;
}

export interface ExportCommands {
  /** Several files come in one ZIP. No run is marked: what was uploaded, or will be, stays as it is. */
  exportAs(format: ExportFormat, which: ExportedWhich): ExportedAs;
}
