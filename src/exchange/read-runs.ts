/**
 * Whatever text holds runs: which format it is, and the runs in it.
 *
 * One JSON value, a list of them, or one a line, as `fieldbench run --json` and bulk exports write them. Above: the
 * command line and the station. Below: one reader a format.
 */
import { exchangeFault } from '#exchange/exchange-fault.ts';
import type { ReadRun } from '#exchange/exchanged-run.ts';
import { isBody, readBody } from '#exchange/fieldbench/read-body.ts';
import { Located, parseJson } from '#exchange/located-json.ts';
import { isOffline, readOffline } from '#exchange/offline/read-offline.ts';
import { isOpenHtf, readOpenHtf } from '#exchange/openhtf/read-openhtf.ts';

/** Windows editors put it in front of a text. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * @param fileTimeMs when the file was written: stands in where it does not say when its run was
 * @throws {ExchangeFault} when any part of it cannot be read: then there is no run
 */
export async function readRuns(text: string, fileTimeMs: number): Promise<ReadRun[]> {
  const whole = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const runs: ReadRun[] = [];
  for (const { file, source } of valuesOf(whole)) {
    const read = await readOne(file, source, fileTimeMs);
    if (read) runs.push(read);
  }
  if (runs.length === 0) throw exchangeFault('unknown-format', 'There is no run in this file.');
  return runs;
}

interface Value {
  readonly file: Located;
  /** Its text, where it stands alone. */
  readonly source: string | undefined;
}

function valuesOf(text: string): Value[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 1 && isWhole(lines[0]!))
    return lines.map((line, index) => ({ file: new Located(parseLine(line, index)), source: line.trim() }));
  const value = parseJson(text);
  if (!Array.isArray(value)) return [{ file: new Located(value), source: text.trim() }];
  return value.map((one, index) => ({ file: new Located(one, `[${index}]`), source: undefined }));
}

function isWhole(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

function parseLine(line: string, index: number): unknown {
  try {
    return parseJson(line);
  } catch (thrown) {
    throw exchangeFault('not-json', `Line ${index + 1} is not JSON.`, thrown);
  }
}

/** @returns null for a line that tells of a run and holds none */
async function readOne(file: Located, source: string | undefined, fileTimeMs: number): Promise<ReadRun | null> {
  const event = file.get('event');
  if (event.value === 'run') {
    const run = file.get('run');
    return readBody(run, JSON.stringify(run.value));
  }
  if (typeof event.value === 'string') return null;
  if (isBody(file)) return readBody(file, source ?? JSON.stringify(file.value));
  if (isOpenHtf(file)) return readOpenHtf(file);
  if (isOffline(file)) return readOffline(file, fileTimeMs);
  throw exchangeFault(
    'unknown-format',
    `${file.place ? `${file.place} is` : 'This is'} no run in a format that is known here.`,
  );
}
