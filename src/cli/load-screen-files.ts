/**
 * Whether the files that a procedure's screens show are in its folder on this machine's disk.
 *
 * Above: check.ts and run.ts. Below: #procedure/screen-file-problems.ts.
 */
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Problem, Procedure } from '#procedure/procedure.ts';
import { NO_SUCH_FILE, screenFileProblems, sizeTrouble } from '#procedure/screen-file-problems.ts';

export function missingScreenFiles(folder: string, procedure: Procedure): Promise<Problem[]> {
  return screenFileProblems(procedure, (path) => troubleOf(folder, path));
}

async function troubleOf(folder: string, path: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    const facts = await stat(file);
    if (!file.startsWith(root + sep) || !facts.isFile()) return 'which is no file of the folder';
    return sizeTrouble(facts.size);
  } catch {
    return NO_SUCH_FILE;
  }
}
