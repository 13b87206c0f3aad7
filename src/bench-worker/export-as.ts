/**
 * Runs of this station as one file: in the format of another program, as they are posted, or to be read and printed.
 *
 * Joins the store and the rooms that write. Changes nothing: no run is marked, sent or moved. Knows nothing of what a
 * format is.
 */
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { ExportedAs, ExportedWhich, ExportFormat } from '#engine/link/export-link.ts';
import type { ExchangedRun, RunFile } from '#exchange/exchanged-run.ts';
import { type ExportFile, exportFiles, stemOf } from '#exchange/export-files.ts';
import type { RunRow } from '#record/run-row.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { toRunBody } from '#sync/tofupilot/run-body.ts';
import { writeZip } from '#sync/transfer/zip.ts';

type Runs = Pick<LocalStore, 'record' | 'attachments' | 'attachmentBytes'>;

/** At 20 kB a run in the widest format, about what a tab can hold twice: as text and in the archive. */
export const MOST_RUNS = 2000;

interface KeptRun extends ExchangedRun {
  readonly row: RunRow;
}

/** @throws {Fault} `nothing` */
export async function exportAs(store: Runs, format: ExportFormat, which: ExportedWhich): Promise<ExportedAs> {
  const { ids, hasMore } = 'id' in which ? { ids: [which.id], hasMore: false } : which;
  const runs: KeptRun[] = [];
  let cleared = 0;
  for (const id of ids.slice(0, MOST_RUNS)) {
    const kept = await store.record(id);
    if (kept) runs.push({ ...kept, files: hasFiles(format) ? await filesOf(store, id) : [] });
    else cleared += 1;
  }
  if (runs.length === 0)
    throw new Fault('nothing', 'There is no run to export.', 'Look for another serial number, or test a unit first.');
  const files = await written(runs, format);
  const told = { runs: runs.length, hasMore: hasMore || ids.length > MOST_RUNS, cleared };
  const encode = (text: string) => new TextEncoder().encode(text);
  const [first, ...others] = files;
  if (first && others.length === 0) return { ...told, name: first.name, bytes: encode(first.text) };
  const entries = new Map(files.map(({ name, text }) => [name, encode(text)]));
  return { ...told, name: `runs.${format}.zip`, bytes: await writeZip(entries, new Date(systemClock.nowMs())) };
}

function hasFiles(format: ExportFormat): boolean {
  return format === 'openhtf' || format === 'report';
}

async function written(runs: readonly KeptRun[], format: ExportFormat): Promise<ExportFile[]> {
  switch (format) {
    case 'json':
      return [jsonLines(runs)];
    case 'report': {
      // Of no use to a station that exports nothing.
      const { unitReports } = await import('#ui/report/unit-reports.ts');
      return unitReports(runs);
    }
    default:
      return exportFiles(runs, format);
  }
}

/** One a line, so that a file of any length can be read line by line; `fieldbench convert` reads it again. */
function jsonLines(runs: readonly KeptRun[]): ExportFile {
  const [first, ...others] = runs;
  const stem = first && others.length === 0 ? stemOf(first.record) : 'runs';
  return { name: `${stem}.json`, text: runs.map(({ record }) => `${JSON.stringify(toRunBody(record))}\n`).join('') };
}

async function filesOf(store: Runs, id: string): Promise<RunFile[]> {
  const files: RunFile[] = [];
  for (const { id: file, name, content_type: contentType } of await store.attachments(id)) {
    const bytes = await store.attachmentBytes(file);
    if (bytes) files.push({ name, contentType, bytes });
  }
  return files;
}
