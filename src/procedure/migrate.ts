/**
 * Writes today's words into a procedure that still has old ones, and leaves every other character where it is.
 *
 * Comments, blanks, quotes and line ends stay, because the text itself is changed and not printed anew. Stands on what
 * the reader found (parse.ts). Above: the command line. Knows nothing of files.
 */
import { parse, type ParseOptions } from '#procedure/parse.ts';
import type { Problem, Procedure } from '#procedure/procedure.ts';

export interface Migrated {
  /** The same text where nothing could be changed. */
  readonly text: string;
  readonly changed: readonly Problem[];
  /** What a person must rewrite; each says how. */
  readonly left: readonly Problem[];
  /** The file does not load, and nothing was changed. */
  readonly errors: readonly Problem[];
}

export function migrate(text: string, file: string, options: ParseOptions): Migrated {
  const before = parse(text, file, options);
  if (!before.procedure) return { text, changed: [], left: [], errors: before.problems };
  const old = oldSpellings(before.problems);
  const written = old.filter((problem) => replaced(text, problem) !== null);
  const changed = written.reduceRight((result, problem) => replaced(result, problem) ?? result, text);
  const after = parse(changed, file, options);
  // A word that is used in two places by an anchor may mean something else in the other one.
  if (!after.procedure || meaningOf(after.procedure) !== meaningOf(before.procedure))
    return { text, changed: [], left: old, errors: [] };
  return { text: changed, changed: written, left: oldSpellings(after.problems), errors: [] };
}

/** In the file's order, each place once: what an alias repeats stands in one place. */
function oldSpellings(problems: readonly Problem[]): Problem[] {
  const found = problems.filter(({ spelling }) => spelling !== undefined);
  return found.filter(({ line, column }, index) => {
    const first = found.findIndex((other) => other.line === line && other.column === column);
    return first === index;
  });
}

/** @returns null where the word is not written plainly, as in `"ru\x6e"` */
function replaced(text: string, { line, column, spelling }: Problem): string | null {
  const { old, now } = spelling!;
  const lineStart = text.split('\n', line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const start = lineStart + column - 1;
  const quote = /['"]/.exec(text[start] ?? '')?.[0] ?? '';
  const end = start + quote.length + old.length;
  if (text.slice(start + quote.length, end) !== old) return null;
  if (quote !== '' && text[end] !== quote) return null;
  return text.slice(0, start + quote.length) + now + text.slice(end);
}

/** Columns are not part of it: a longer word moves what follows it in its line. */
function meaningOf({ obstacles, ...procedure }: Procedure): string {
  return JSON.stringify([procedure, obstacles.map(({ code, line }) => `${code} ${line}`)]);
}
