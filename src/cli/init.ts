/**
 * `fieldbench init`: a small procedure with comments, a simulated bench, and what an editor needs to complete and check.
 *
 * Writes into a new or empty folder and never over a file. Above: command-line.ts. Below: init-files.ts.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { deriveKey } from '#procedure/key.ts';
import { initFiles } from './init-files.ts';
import type { Terminal } from './terminal.ts';

/** The folder is not empty; `sysexits.h` calls it EX_CANTCREAT. */
const CANNOT_CREATE = 73;

export async function init(folder: string, terminal: Terminal): Promise<number> {
  const there = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  if (there.length > 0) {
    terminal.err(`${folder} is not empty, and nothing in it is written over. Name a new folder.`);
    return CANNOT_CREATE;
  }
  const files = initFiles(nameOf(folder));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    // `wx`: a file that has appeared since then is not ours to replace.
    await writeFile(join(folder, path), text, { flag: 'wx' });
    terminal.out(join(folder, path));
  }
  terminal.out(`Next: fieldbench check ${folder}, then fieldbench run ${folder} --simulated`);
  return 0;
}

/** `power-board` becomes `Power board`; a folder without a usable name is just a board. */
function nameOf(folder: string): string {
  const words = deriveKey(basename(resolve(folder)))
    .replaceAll('_', ' ')
    .trim()
    .slice(0, 60);
  return words === '' ? 'Board' : words[0]!.toUpperCase() + words.slice(1);
}
