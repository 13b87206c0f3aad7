/**
 * Whether the files that a procedure shows and prints are there, in the shape of the procedure's own problems.
 *
 * Above: the command line and the workshop, which hand in where they look. Below: screen-file.ts.
 */
import type { Problem, Procedure } from '#procedure/procedure.ts';
import { LONGEST_SCREEN_FILE_BYTES, screenFiles, screenMediaType } from '#procedure/screen-file.ts';

export const NO_SUCH_FILE = 'and there is no such file in the folder';

/** @param troubleOf what is wrong with a file, as the end of a sentence; null: nothing */
export async function screenFileProblems(
  procedure: Procedure,
  troubleOf: (path: string) => Promise<string | null>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, phase, does, line } of screenFiles(procedure)) {
    // A path that cannot be shown at all was said when it was read.
    const trouble = screenMediaType(path) === null ? null : await troubleOf(path);
    if (trouble === null) continue;
    const message = `phase “${phase}” ${does} ${path}, ${trouble}`;
    problems.push({ severity: 'error', code: 'screen-file', message, file: 'procedure.yaml', line, column: 1 });
  }
  return problems;
}

/** @returns null when it is not too large */
export function sizeTrouble(bytes: number): string | null {
  if (bytes <= LONGEST_SCREEN_FILE_BYTES) return null;
  return `which has ${Math.ceil(bytes / 2 ** 20)} MiB; ${LONGEST_SCREEN_FILE_BYTES / 2 ** 20} are allowed`;
}
