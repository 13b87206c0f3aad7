/**
 * Whether the files that a procedure's screens show are in its folder, in the shape of the procedure's own problems.
 *
 * Above: check.ts and run.ts. Below: #procedure/screen-file.ts.
 */
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Problem, Procedure } from '#procedure/procedure.ts';
import { LONGEST_SCREEN_FILE_BYTES, screenFiles, screenMediaType } from '#procedure/screen-file.ts';

export async function screenFileProblems(folder: string, procedure: Procedure): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, phase, does, line } of screenFiles(procedure)) {
    // A path that cannot be shown at all was said when it was read.
    const trouble = screenMediaType(path) === null ? null : await troubleOf(folder, path);
    if (trouble === null) continue;
    const message = `phase “${phase}” ${does} ${path}, ${trouble}`;
    problems.push({ severity: 'error', code: 'screen-file', message, file: 'procedure.yaml', line, column: 1 });
  }
  return problems;
}

async function troubleOf(folder: string, path: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    const facts = await stat(file);
    if (!file.startsWith(root + sep) || !facts.isFile()) return 'which is no file of the folder';
    if (facts.size <= LONGEST_SCREEN_FILE_BYTES) return null;
    return `which has ${Math.ceil(facts.size / 2 ** 20)} MiB; ${LONGEST_SCREEN_FILE_BYTES / 2 ** 20} are allowed`;
  } catch {
    return 'and there is no such file in the folder';
  }
}
