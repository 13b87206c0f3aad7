/**
 * A run on its way between formats: the record, and the files that go with it.
 *
 * What every reader makes and every writer takes. Knows nothing of any format.
 */
import type { RunRecord } from '#record/run-record.ts';

export interface RunFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ExchangedRun {
  readonly record: RunRecord;
  readonly files: readonly RunFile[];
}

export interface ReadRun extends ExchangedRun {
  /** What the file says and a record cannot hold, or what was judged otherwise than the file does; in words. */
  readonly differences: readonly string[];
  /** The exact text in which Fieldbench posts it, where the file had that. */
  readonly body?: string;
}
