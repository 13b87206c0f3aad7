/**
 * Why the selected procedure cannot run here: its script, a picture, a label, or that it cannot be read.
 *
 * Said before a unit is touched. Used by fixture.ts. Pure. Knows nothing of hardware.
 */
import type { Word } from '#engine/link/station-link.ts';
import type { LabelFiles } from '#procedure/label/label-files.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { LONGEST_SCREEN_FILE_BYTES, screenFiles } from '#procedure/screen-file.ts';
import type { Selected } from './procedures.ts';

/** A script that is not there, or has mistakes: said before a unit is touched. */
export function scriptWord({ offered, parsed }: Selected, { phases }: Procedure): Word | null {
  const compiled = new Map(parsed.scripts);
  for (const { name, script, skip } of phases) {
    if (script === undefined || skip !== undefined) continue;
    const one = compiled.get(script);
    if (one && 'script' in one) continue;
    const { file, line, column, message } = one?.problem ?? {
      file: script,
      line: 1,
      column: 1,
      message: 'it is missing',
    };
    return {
      code: 'script-unreadable',
      message: `${offered.name} cannot run: the script of “${name}”, ${file}, line ${line}, column ${column}: ${message}`,
      remedy: 'Correct the script; it is fetched again by itself.',
    };
  }
  return null;
}

/** A picture that an operator has to look at and that is not there: said before a unit is touched. */
export function screenFileWord(
  { offered }: Selected,
  procedure: Procedure,
  here: ReadonlyMap<string, string>,
): Word | null {
  const missing = screenFiles(procedure).find(({ path }) => !here.has(path));
  if (!missing) return null;
  const { path, phase, does } = missing;
  const file = offered.files.find((one) => one.path === path);
  const isLarge = (file?.size ?? 0) > LONGEST_SCREEN_FILE_BYTES;
  const why = !file
    ? 'which is not in its release'
    : isLarge
      ? `which has more than ${LONGEST_SCREEN_FILE_BYTES / 2 ** 20} MiB`
      : 'which is not on this station’s disk yet';
  return {
    code: 'screen-file',
    message: `${offered.name} cannot run: “${phase}” ${does} ${path}, ${why}.`,
    remedy: file && !isLarge ? 'It is fetched as soon as the server can be reached.' : 'Release the procedure anew.',
  };
}

/** A label that could not be filled in: said before a unit is touched. */
export function labelWord({ offered }: Selected, { problems: [problem] }: LabelFiles): Word | null {
  if (!problem) return null;
  const { file, line, column, message } = problem;
  return {
    code: 'label',
    message: `${offered.name} cannot run: ${file}, line ${line}, column ${column}: ${message}.`,
    remedy: 'Correct the label; it is fetched again by itself.',
  };
}

export const NO_PROCEDURE: Word = {
  code: 'no-procedure',
  message: 'This station has no procedure to run.',
  remedy: 'Connect it to its server once, or ask whoever looks after the fleet’s procedures.',
};

export function unreadable({ offered, parsed }: Selected): Word {
  const problem = parsed.problems.find(({ severity }) => severity === 'error');
  const where = problem ? ` ${problem.file}, line ${problem.line}, column ${problem.column}: ${problem.message}` : '';
  return {
    code: 'procedure-unreadable',
    message: `${offered.name} cannot be read.${where}`,
    remedy: 'Correct the procedure’s file; it is fetched again by itself.',
  };
}
