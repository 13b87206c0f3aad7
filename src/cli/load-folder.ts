/**
 * A procedure's folder as read from this machine's disk: the procedure, its bench, the hash of what is there.
 *
 * Above: check.ts, run.ts and migrate.ts. Below: #procedure/parse.ts. Knows nothing of runs.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, messageOf } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import { driverFacts, driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { parseBench, type SimulatedBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { parse, parseData, type Parsed } from '#procedure/parse.ts';

/** In the order in which TofuPilot looks for them. */
const PROCEDURE_FILES = ['procedure.yaml', 'procedure.yml'];
const BENCH_FILE = 'bench.yaml';
/** What procedures may name. */
export const DRIVERS = { drivers: knownDrivers, readings: driverReadings, facts: driverFacts };

/** @throws {Fault} `no-procedure`, `procedure-unreadable` */
export async function loadProcedure(folder: string): Promise<Parsed> {
  const { file, text } = await readProcedureFile(folder);
  return parse(text, file, { ...DRIVERS, lints: true });
}

/** @throws {Fault} `no-procedure` when there is no such folder, or no procedure in it; `procedure-unreadable` */
export async function readProcedureFile(folder: string): Promise<{ path: string; file: string; text: string }> {
  for (const file of PROCEDURE_FILES) {
    const path = join(folder, file);
    const text = await textOf(path, 'procedure-unreadable');
    if (text !== null) return { path, file, text };
  }
  const remedy = 'Name the folder that holds it.';
  throw new Fault('no-procedure', `There is no ${PROCEDURE_FILES[0]} in ${folder}.`, remedy);
}

/**
 * @param file of the command line; absent: `bench.yaml` in the folder, which may be missing
 * @returns null when there is none
 * @throws {Fault} `bench-unreadable`
 */
export async function loadBench(folder: string, file?: string, seed?: number): Promise<SimulatedBench | null> {
  const text = await textOf(file ?? join(folder, BENCH_FILE), 'bench-unreadable');
  if (text === null && file === undefined) return null;
  try {
    if (text === null) throw new Error('there is no such file');
    return parseBench(parseData(text), seed);
  } catch (thrown) {
    const remedy = 'Correct the simulated bench.';
    throw new Fault('bench-unreadable', `${file ?? BENCH_FILE} cannot be used: ${messageOf(thrown)}`, remedy);
  }
}

/** As fleet/distribution/manifest.ts defines a release: the hash over `<path> <hash>` of every file, hidden ones aside. */
export async function releaseOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.')))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const lines: string[] = [];
  for (const path of paths) lines.push(`${path} ${await sha256(new Uint8Array(await readFile(join(folder, path))))}`);
  return sha256(new TextEncoder().encode(lines.join('\n')));
}

/** @param code of the fault when it is there and cannot be read: a folder, no permission */
async function textOf(path: string, code: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    const { code: cause = 'unknown' } = thrown as NodeJS.ErrnoException;
    if (cause === 'ENOENT' || cause === 'ENOTDIR') return null;
    throw new Fault(code, `${path} cannot be read: ${cause}.`, 'Check what it is and who may read it.', {
      cause: thrown,
    });
  }
}
