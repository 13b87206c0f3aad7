/** What a report is made of: a run as it is kept, its line, and those of its files whose bytes are here. Types only. */
import type { RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';

export interface ReportFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ReportRun {
  readonly row: RunRow;
  readonly record: RunRecord;
  /** Those of its files whose bytes are here. */
  readonly files: readonly ReportFile[];
}
