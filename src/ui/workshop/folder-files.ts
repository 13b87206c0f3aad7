/**
 * A procedure's folder on the person's disk, through File System Access: what lies in it, and writing one file back.
 *
 * The same for files that were chosen or dropped one by one, which can only be read. Knows nothing of procedures.
 */
import { Fault } from '#base/fault.ts';

/** As it was read last; another size or time means that somebody else has written it. */
export interface Stamp {
  readonly size: number;
  readonly modifiedMs: number;
}

export interface FoundFile {
  readonly path: string;
  readonly file: File;
  readonly stamp: Stamp;
}

/** More is no procedure's folder, but a disk. */
const MOST_FILES = 500;
const DEEPEST = 5;
/** What a person writes by hand is some hundred kilobytes at most. */
const LONGEST_TEXT_BYTES = 1_000_000;
const TEXT = /\.(ya?ml|[jt]s|zpl|epl|prn|md)$/i;

export const stampOf = ({ size, lastModified }: File): Stamp => ({ size, modifiedMs: lastModified });

export function isText({ path, file }: Pick<FoundFile, 'path' | 'file'>): boolean {
  return TEXT.test(path) && file.size <= LONGEST_TEXT_BYTES;
}

/** Hidden ones and what packages bring are left out, as a release leaves them out. @throws {Fault} `folder-large` */
export async function filesIn(folder: FileSystemDirectoryHandle): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const look = async (handle: FileSystemDirectoryHandle, below: string, depth: number): Promise<void> => {
    for await (const [name, entry] of handle.entries()) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      if (entry instanceof FileSystemDirectoryHandle) {
        if (depth < DEEPEST) await look(entry, `${below}${name}/`, depth + 1);
        continue;
      }
      const file = await (entry as FileSystemFileHandle).getFile();
      found.push({ path: below + name, file, stamp: stampOf(file) });
      if (found.length > MOST_FILES)
        throw new Fault(
          'folder-large',
          `“${folder.name}” holds more than ${MOST_FILES} files.`,
          'Open the folder of one procedure.',
        );
    }
  };
  await look(folder, '', 0);
  return found;
}

/** Chosen or dropped; those of a folder say where in it they lay. */
export function filesOf(list: Iterable<File>): FoundFile[] {
  return [...list].map((file) => {
    const path = file.webkitRelativePath.split('/').slice(1).join('/') || file.name;
    return { path, file, stamp: stampOf(file) };
  });
}

/** @returns null when there is no such file */
export async function fileAt(folder: FileSystemDirectoryHandle, path: string): Promise<File | null> {
  try {
    const { handle, name } = await placeOf(folder, path, false);
    return await (await handle.getFileHandle(name)).getFile();
  } catch (thrown) {
    if (thrown instanceof DOMException && (thrown.name === 'NotFoundError' || thrown.name === 'TypeMismatchError'))
      return null;
    throw thrown;
  }
}

/** All or nothing: the browser writes beside the file, and puts it in its place when it is closed. */
export async function writeInto(folder: FileSystemDirectoryHandle, path: string, text: string): Promise<Stamp> {
  const { handle, name } = await placeOf(folder, path, true);
  const file = await handle.getFileHandle(name, { create: true });
  const writable = await file.createWritable();
  try {
    await writable.write(text);
    await writable.close();
  } catch (thrown) {
    await writable.abort().catch(() => undefined);
    throw thrown;
  }
  return stampOf(await file.getFile());
}

async function placeOf(folder: FileSystemDirectoryHandle, path: string, create: boolean) {
  const parts = path.split('/');
  const name = parts.pop() ?? path;
  let handle = folder;
  for (const part of parts) handle = await handle.getDirectoryHandle(part, { create });
  return { handle, name };
}
