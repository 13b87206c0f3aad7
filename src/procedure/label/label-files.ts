/**
 * The label files that a procedure prints: their texts, and what is wrong with them.
 *
 * Above: a station and the command line, which hand in how a file is read. Below: label-uses.ts.
 */
import { labelFileProblems, labelUses } from '#procedure/label/label-uses.ts';
import type { Problem, Procedure } from '#procedure/procedure.ts';

export interface LabelFiles {
  /** By path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** @param read null: it is not there, which others say */
export async function readLabelFiles(
  procedure: Pick<Procedure, 'phases' | 'unit' | 'parallel'>,
  read: (path: string) => Promise<Uint8Array | null>,
): Promise<LabelFiles> {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { step } of labelUses(procedure)) {
    if (!('file' in step.source) || texts.has(step.source.file)) continue;
    const { file } = step.source;
    const bytes = await read(file);
    const text = bytes && textOf(bytes);
    if (typeof text === 'string') texts.set(file, text);
    else if (bytes)
      problems.push({
        severity: 'error',
        code: 'label',
        message: 'the file is not text in UTF-8',
        file,
        line: 1,
        column: 1,
      });
  }
  return { texts, problems: [...problems, ...labelFileProblems(procedure, texts)] };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
