/**
 * The rank-sum test of Wilcoxon, Mann and Whitney on counted steps: whether the second of two samples is larger.
 *
 * The large-sample approximation, with the correction for ties, of which counted steps are made. Pure.
 *
 * @see M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods (1973), 4.1, equations (4.9) and (4.13)
 */
import { normalBelow } from './distributions.ts';

/** How many lie in each step; steps in ascending order. */
export type Counted = readonly (readonly [step: number, count: number])[];

/** One-sided p for "`after` is larger"; 1 where one is empty or all lie in one step. */
export function rankSumGreater(before: Counted, after: Counted): number {
  const [m, n] = [total(after), total(before)];
  const all = m + n;
  const afterAt = new Map(after);
  const beforeAt = new Map(before);
  const steps = [...new Set([...afterAt.keys(), ...beforeAt.keys()])].toSorted((a, b) => a - b);
  let [u, below, ties] = [0, 0, 0];
  for (const step of steps) {
    const [mine, theirs] = [afterAt.get(step) ?? 0, beforeAt.get(step) ?? 0];
    u += mine * (below + theirs / 2);
    below += theirs;
    const tied = mine + theirs;
    ties += tied ** 3 - tied;
  }
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  return variance > 0 ? normalBelow(-(u - (m * n) / 2) / Math.sqrt(variance)) : 1;
}

/** The step in which the middle one lies; null of none. */
export function medianStep(counted: Counted): number | null {
  const half = total(counted) / 2;
  let sum = 0;
  for (const [step, count] of counted) {
    sum += count;
    if (sum >= half && count > 0) return step;
  }
  return null;
}

export function total(counted: Counted): number {
  return counted.reduce((sum, [, count]) => sum + count, 0);
}
