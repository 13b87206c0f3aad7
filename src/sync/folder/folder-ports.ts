/**
 * What copying needs: a folder, and the station's own runs.
 *
 * picked-folder.ts is the folder; the store implements the rest; tests hand in others. Knows nothing of browsers.
 */
import type { RunRow } from '#record/run-row.ts';
import type { OwnRuns } from '#sync/transfer/transfer-ports.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

/** Files alone; folders inside it are left out. Each method throws a Fault of folder-fault.ts. */
export interface CopyFolder {
  /** As the person knows it. */
  readonly name: string;
  names(): Promise<string[]>;
  /** @throws also when the file is not there */
  size(name: string): Promise<number>;
  read(name: string): Promise<Bytes>;
  /** All or nothing: whoever looks meanwhile sees the old file, or none. */
  write(name: string, bytes: Bytes): Promise<void>;
  /** One that is gone already is no fault. */
  remove(name: string): Promise<void>;
}

export interface CopiedRuns extends Pick<
  OwnRuns,
  'undelivered' | 'sealed' | 'move' | 'attachments' | 'attachmentBytes'
> {
  readonly outside: {
    rows(ids: readonly string[]): Promise<RunRow[]>;
    deliveredSince(seq: number): Promise<string[]>;
    reduced(ids: readonly string[]): Promise<string[]>;
  };
}
