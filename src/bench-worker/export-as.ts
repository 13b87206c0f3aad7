/**
 * Runs of this station as one file in the format of another program.
 *
 * Joins the store and exchange/. Changes nothing: no run is marked, sent or moved. Knows nothing of what a format is.
 */
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { ExportedAs, ExportedWhich } from '#engine/link/export-link.ts';
import type { ExchangedRun, RunFile } from '#exchange/exchanged-run.ts';
import { exportFiles, type ExportFormat } from '#exchange/export-files.ts';
import type { RunRecord } from '#record/run-record.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { writeZip } from '#sync/transfer/zip.ts';

type Runs = Pick<LocalStore, 'history' | 'record' | 'attachments' | 'attachmentBytes'>;

/** At 20 kB a run in the widest format, about what a tab can hold twice: as text and in the archive. */
export const MOST_RUNS = 2000;
const PAGE_RUNS = 100;

/** @throws {Fault} `nothing` */
export async function exportAs(store: Runs, format: ExportFormat, which: ExportedWhich): Promise<ExportedAs> {
  const { records, ...rest } = 'id' in which ? await oneOf(store, which.id) : await found(store, which.search);
  if (records.length === 0)
    throw new Fault('nothing', 'There is no run to export.', 'Look for another serial number, or test a unit first.');
  const runs: ExchangedRun[] = [];
  for (const record of records)
    runs.push({ record, files: format === 'openhtf' ? await filesOf(store, record.id) : [] });
  const files = await exportFiles(runs, format);
  const told = { runs: runs.length, ...rest };
  const encode = (text: string) => new TextEncoder().encode(text);
  const [first, ...others] = files;
  if (first && others.length === 0) return { ...told, name: first.name, bytes: encode(first.text) };
  const entries = new Map(files.map(({ name, text }) => [name, encode(text)]));
  return { ...told, name: `runs.${format}.zip`, bytes: await writeZip(entries, new Date(systemClock.nowMs())) };
}

interface Found {
  readonly records: RunRecord[];
  readonly hasMore: boolean;
  readonly cleared: number;
}

async function oneOf(store: Runs, id: string): Promise<Found> {
  const kept = await store.record(id);
  return { records: kept ? [kept.record] : [], hasMore: false, cleared: kept ? 0 : 1 };
}

/** Newest first, as the screen lists them. */
async function found(store: Runs, search: string): Promise<Found> {
  const records: RunRecord[] = [];
  let cleared = 0;
  for (let beforeSeq = Infinity; ;) {
    const rows = await store.history({ limit: PAGE_RUNS, beforeSeq, ...(search === '' ? {} : { search }) });
    for (const { id } of rows) {
      if (records.length === MOST_RUNS) return { records, hasMore: true, cleared };
      const kept = await store.record(id);
      if (kept) records.push(kept.record);
      else cleared += 1;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_RUNS) return { records, hasMore: false, cleared };
    beforeSeq = last.seq;
  }
}

async function filesOf(store: Runs, id: string): Promise<RunFile[]> {
  const files: RunFile[] = [];
  for (const { id: file, name, content_type: contentType } of await store.attachments(id)) {
    const bytes = await store.attachmentBytes(file);
    if (bytes) files.push({ name, contentType, bytes });
  }
  return files;
}
