/**
 * Writes the files of a station into a folder: nothing twice, and nothing over what a person changed.
 *
 * Beside the files lies a list of the hashes with which they were written last. A file that has another one now was changed
 * by hand. Above: provision.ts. Knows nothing of what the files are.
 */
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { messageOf } from '#base/fault.ts';
import { provisionFault } from './provision-fault.ts';

export interface FileToKeep {
  /** With slashes, below the folder. */
  readonly path: string;
  readonly text: string;
  /** Permissions, e.g. 0o600. */
  readonly mode: number;
}

export interface KeptFile {
  readonly path: string;
  readonly what: 'written' | 'changed' | 'replaced' | 'unchanged' | 'left' | 'no longer needed';
}

const LIST = 'provisioned.json';
type Hashes = Readonly<Record<string, string>>;

/**
 * @param force what was changed by hand is replaced, and kept beside it as `<path>.by-hand`
 * @throws {Fault} `cannot-write`
 */
export async function keepFiles(folder: string, files: readonly FileToKeep[], force: boolean): Promise<KeptFile[]> {
  try {
    const before = await readList(folder);
    const said: KeptFile[] = [];
    const after: Record<string, string> = { ...before };
    for (const file of files) {
      const kept = await keep(folder, file, before[file.path], force);
      if (kept !== 'left') after[file.path] = hashOf(file.text);
      said.push({ path: file.path, what: kept });
    }
    const gone = Object.keys(before).filter((path) => !files.some((file) => file.path === path));
    for (const path of gone) if (await textOf(join(folder, path))) said.push({ path, what: 'no longer needed' });
    await writeList(folder, before, after);
    return said;
  } catch (thrown) {
    const remedy = 'Name another folder with --out, or let this user write there.';
    throw provisionFault('cannot-write', `${folder} cannot be written: ${messageOf(thrown)}.`, remedy, thrown);
  }
}

async function keep(
  folder: string,
  { path, text, mode }: FileToKeep,
  writtenBefore: string | undefined,
  force: boolean,
): Promise<KeptFile['what']> {
  const file = join(folder, path);
  const present = await textOf(file);
  if (present === text) {
    if (((await stat(file)).mode & 0o777) !== mode) await chmod(file, mode);
    return 'unchanged';
  }
  const isOurs = present === undefined || hashOf(present) === writtenBefore;
  if (!isOurs && !force) return 'left';
  if (!isOurs) await replace(`${file}.by-hand`, present, mode);
  await replace(file, text, mode);
  return present === undefined ? 'written' : isOurs ? 'changed' : 'replaced';
}

async function readList(folder: string): Promise<Hashes> {
  const text = await textOf(join(folder, LIST));
  if (text === undefined) return {};
  const data: unknown = JSON.parse(text);
  if (typeof data !== 'object' || data === null) throw new Error(`${LIST} is not the list that was written there`);
  return data as Hashes;
}

async function writeList(folder: string, before: Hashes, after: Hashes): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(after).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify(sorted, null, 2)}\n`;
  if (text !== `${JSON.stringify(before, null, 2)}\n`) await replace(join(folder, LIST), text, 0o644);
}

/** Whole or not at all; a secret is never readable by others, not for a moment. */
async function replace(file: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: mode === 0o600 ? 0o700 : 0o755 });
  const unfinished = `${file}.new`;
  await writeFile(unfinished, text, { mode });
  await chmod(unfinished, mode);
  await rename(unfinished, file);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw thrown;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
