/**
 * `fieldbench convert`: runs out of files of any known format, into files of one.
 *
 * Above: command-line.ts. Below: #exchange, and #sync/transfer for the files of the air gap. A file that cannot be read
 * is named and keeps no other from being converted.
 */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, messageOf } from '#base/fault.ts';
import { exchangeFault } from '#exchange/exchange-fault.ts';
import type { ReadRun } from '#exchange/exchanged-run.ts';
import { exportFiles, type ExportFile, type ExportFormat, stemOf } from '#exchange/export-files.ts';
import { readRuns } from '#exchange/read-runs.ts';
import { toRunBody, unsendable } from '#sync/tofupilot/run-body.ts';
import { inspect } from '#sync/transfer/inspect.ts';
import type { Terminal } from './terminal.ts';

/** `fieldbench`: the body that is posted. */
export type Target = ExportFormat | 'fieldbench';

const ALL = 0;
const SOME = 1;
const NONE = 2;
/** Local file header of a ZIP, which no JSON begins with. */
const ZIP_BEGIN = [0x50, 0x4b, 0x03, 0x04];

export async function convert(
  files: readonly string[],
  to: Target,
  out: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const runs: ReadRun[] = [];
  let unread = 0;
  for (const file of files) {
    try {
      runs.push(...(await runsOf(file, terminal)));
    } catch (thrown) {
      unread += 1;
      terminal.err(`${file}: ${wordsOf(thrown)}`);
    }
  }
  if (runs.length === 0) return NONE;
  const made = to === 'fieldbench' ? runs.map((run) => bodyFile(run, terminal)) : await exportFiles(runs, to);
  if (out === undefined) for (const { text } of made) terminal.out(text.trimEnd());
  else {
    const unkept = await keep(made, out, terminal);
    if (unkept === made.length) return NONE;
    unread += unkept;
  }
  return unread === 0 ? ALL : SOME;
}

async function runsOf(file: string, terminal: Terminal): Promise<ReadRun[]> {
  const bytes = new Uint8Array(await readFile(file));
  const isZip = ZIP_BEGIN.every((byte, at) => bytes[at] === byte);
  const runs = isZip ? await bundled(bytes, file, terminal) : await readRuns(textOf(bytes), await writtenMs(file));
  for (const { record, differences } of runs)
    for (const words of differences) terminal.err(`${file}: ${record.serial_number}: ${words}`);
  return runs;
}

/** What a station would take in of a file of the air gap, and no more. */
async function bundled(bytes: Uint8Array<ArrayBuffer>, file: string, terminal: Terminal): Promise<ReadRun[]> {
  const { isTrusted, receipt, runs, problems } = await inspect(bytes);
  for (const { message, remedy } of problems) terminal.err(`${file}: ${message} ${remedy}`);
  if (!isTrusted || receipt || runs.length === 0)
    throw exchangeFault('unknown-format', 'There is no run in this file.');
  const read: ReadRun[] = [];
  for (const { body } of runs) read.push(...(await readRuns(body, 0)));
  return read;
}

function bodyFile({ record, body }: ReadRun, terminal: Terminal): ExportFile {
  const trouble = unsendable(record);
  if (trouble !== null) terminal.err(`${record.serial_number}: ${trouble}`);
  return { name: `${stemOf(record)}.run.json`, text: body ?? JSON.stringify(toRunBody(record)) };
}

/** @returns how many files could not be kept; one that exists stays as it is */
async function keep(files: readonly ExportFile[], folder: string, terminal: Terminal): Promise<number> {
  await mkdir(folder, { recursive: true });
  let unkept = 0;
  for (const { name, text } of files) {
    const path = join(folder, name);
    try {
      await writeFile(path, text, { flag: 'wx' });
      terminal.out(path);
    } catch (thrown) {
      unkept += 1;
      terminal.err(`${path}: ${wordsOf(thrown)}`);
    }
  }
  return unkept;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw exchangeFault('not-json', 'This is not text in UTF-8.', thrown);
  }
}

async function writtenMs(file: string): Promise<number> {
  return Math.round((await stat(file)).mtimeMs);
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof Fault) return `${thrown.message} ${thrown.remedy}`;
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === undefined) throw thrown;
  if (code === 'ENOENT') return 'There is no such file.';
  return code === 'EEXIST' ? 'There is such a file already; it was left as it is.' : messageOf(thrown);
}
