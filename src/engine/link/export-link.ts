/**
 * What page and bench worker say to each other about runs as files of other programs; part of station-link.ts.
 *
 * Plain data only. Knows nothing of the formats.
 */
import type { TransferFile } from '#engine/link/transfer-link.ts';

export type ExportFormat = 'openhtf' | 'csv' | 'atml';

/** One run, or all that `history` finds with this search; all of the station's with an empty one. */
export type ExportedWhich = { readonly id: string } | { readonly search: string };

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
