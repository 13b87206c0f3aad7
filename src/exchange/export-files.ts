/**
 * Runs as files of one format: what each is called, and what is in it.
 *
 * CSV and ATML hold any number of runs in one file, OpenHTF one. Above: the command line and the station, which put the
 * files somewhere. Knows nothing of disks and archives.
 */
import { writeAtml } from '#exchange/atml/write-atml.ts';
import { writeCsv } from '#exchange/csv/write-csv.ts';
import type { ExchangedRun } from '#exchange/exchanged-run.ts';
import { writeOpenHtf } from '#exchange/openhtf/write-openhtf.ts';
import type { RunRecord } from '#record/run-record.ts';

export const EXPORT_FORMATS = ['openhtf', 'csv', 'atml'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportFile {
  readonly name: string;
  readonly text: string;
}

/** @param runs at least one */
export async function exportFiles(runs: readonly ExchangedRun[], format: ExportFormat): Promise<ExportFile[]> {
  const records = runs.map(({ record }) => record);
  const [first] = records;
  const together = records.length === 1 && first ? stemOf(first) : 'runs';
  switch (format) {
    case 'csv':
      return [{ name: `${together}.csv`, text: writeCsv(records) }];
    case 'atml':
      return [{ name: `${together}.atml.xml`, text: writeAtml(records) }];
    case 'openhtf': {
      const files: ExportFile[] = [];
      for (const run of runs) files.push({ name: `${stemOf(run.record)}.openhtf.json`, text: await writeOpenHtf(run) });
      return files;
    }
  }
}

/** The id makes it unique, the serial number is for people; whatever a unit is called, its file can be kept on any disk. */
export function stemOf({ serial_number, id }: Pick<RunRecord, 'serial_number' | 'id'>): string {
  return `${serial_number.replaceAll(/[^\w.-]+/g, '-').slice(0, LONGEST_SERIAL)}-${id}`;
}

/** Of a file's name; file systems take 255 bytes in all. */
const LONGEST_SERIAL = 60;
