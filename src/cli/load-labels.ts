/**
 * The label files of a procedure's folder, and what is wrong with them, by file, line and column.
 *
 * A file that is not there is said by load-screen-files.ts. Above: check.ts and run.ts. Below: #procedure/label.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLabelFiles, type LabelFiles } from '#procedure/label/label-files.ts';
import type { Procedure } from '#procedure/procedure.ts';

export function loadLabels(folder: string, procedure: Procedure): Promise<LabelFiles> {
  return readLabelFiles(procedure, (path) => readFile(join(folder, path)).catch(() => null));
}
