/**
 * Where a position of compiled code was in the file that an author wrote: source maps, format 3, read only.
 *
 * Pure. Knows nothing of compilers; compile-script.ts writes what is read here.
 * @see ECMA-426, section 9 (Base64 VLQ)
 */
import type { Place } from '#engine/script/script-host.ts';

export interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Each digit has five bits of a number, and one that says whether another follows. */
const BITS = 5;

/** @param line,column 1-based */
export function originalPlace({ sources, mappings }: SourceMap, line: number, column: number): Place | null {
  // Source, line and column count on from segment to segment through the whole text.
  let [source, originalLine, originalColumn] = [0, 0, 0];
  const lines = mappings.split(';');
  for (const [index, segments] of lines.entries()) {
    let generated = 0;
    let best: Place | null = null;
    for (const segment of segments === '' ? [] : segments.split(',')) {
      const [step = 0, inSource, inLine = 0, inColumn = 0] = numbersIn(segment);
      generated += step;
      if (inSource === undefined) continue;
      source += inSource;
      originalLine += inLine;
      originalColumn += inColumn;
      const file = sources[source];
      if (generated < column && file !== undefined) best = { file, line: originalLine + 1, column: originalColumn + 1 };
    }
    if (index === line - 1) return best;
  }
  return null;
}

function numbersIn(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) * 2 ** shift;
    shift += BITS;
    if (digit & 32) continue;
    numbers.push(value % 2 === 1 ? -((value - 1) / 2) : value / 2);
    [value, shift] = [0, 0];
  }
  return numbers;
}
