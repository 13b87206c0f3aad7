/**
 * “Did you mean …?”: the known word that a mistyped one is closest to.
 *
 * Pure. Knows nothing of what the words name.
 */

/** @returns `; did you mean “timeout”?`, or nothing when no known word is near */
export function proposal(word: string, known: readonly string[]): string {
  // A third of the letters wrong is still a slip; more is another word.
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best = '';
  let bestDistance = limit + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  // The beginning of a longer word: `serial` for `serial_number`.
  if (best === '' && word.length >= 3) best = known.find((one) => one.startsWith(word.toLowerCase())) ?? '';
  return best === '' ? '' : `; did you mean “${best}”?`;
}

/** Insertions, deletions, replacements and swapped neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const differs = a[row - 1] === b[column - 1] ? 0 : 1;
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + differs);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}
