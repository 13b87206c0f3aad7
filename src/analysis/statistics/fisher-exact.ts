/**
 * Fisher's exact test on two shares: how likely chance alone makes the second one at least as much larger.
 *
 * Exact for the smallest numbers, which is what a first ring has. Pure.
 *
 * @see R. A. Fisher, The Design of Experiments (1935), chapter II: the lady tasting tea
 */
import { lnGamma } from './gamma.ts';

export interface Share {
  /** Of those that count, such as units that failed. */
  readonly hits: number;
  readonly all: number;
}

/** One-sided: P(as many hits or more in `after`), given how many hits there are in both together. 1 where one is empty. */
export function fisherGreater(before: Share, after: Share): number {
  const hits = before.hits + after.hits;
  const all = before.all + after.all;
  const most = Math.min(hits, after.all);
  const lnWays = lnChoose(all, after.all);
  let sum = 0;
  for (let at = after.hits; at <= most; at += 1)
    if (after.all - at <= all - hits)
      sum += Math.exp(lnChoose(hits, at) + lnChoose(all - hits, after.all - at) - lnWays);
  return Math.min(1, sum);
}

function lnChoose(all: number, some: number): number {
  return lnGamma(all + 1) - lnGamma(some + 1) - lnGamma(all - some + 1);
}
