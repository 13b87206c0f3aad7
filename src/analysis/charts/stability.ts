/**
 * Whether a process is stable: which of the broken rules chance does not explain.
 *
 * A rule that is broken once among a thousand points says nothing, and a point ten sigma out says everything. Each of rules
 * 1 to 3, which ask whether the mean has moved, is held against what chance makes in 99 of 100 such charts: separate times,
 * since one long run breaks a rule at many points; and the farthest point against how far one of so many gets. Pure.
 */
import { normalBelow } from '#analysis/statistics/distributions.ts';
import type { ControlChart } from './control-chart.ts';
import type { BrokenRule } from './nelson-rules.ts';

/** The others find stratification and mixtures, which need not move the mean. */
const RULES: readonly number[] = [1, 2, 3];
/** What is rarer than this is no chance. */
const RARE = 0.01;

/** @returns those that speak against a stable process; none means that nothing does */
export function unstableRules({ points, centre, sigma }: ControlChart, broken: readonly BrokenRule[]): BrokenRule[] {
  const n = points.length;
  const farthest = points.reduce((most, point) => Math.max(most, Math.abs(point - centre)), 0) / sigma;
  const isFarOut = n * 2 * normalBelow(-farthest) < RARE;
  return broken.filter(
    (one) => RULES.includes(one.rule.number) && (!isChance(one, n) || (one.rule.number === 1 && isFarOut)),
  );
}

/** Broken no more often than chance breaks it in 99 of 100 charts of n points. */
export function isChance({ rule, at }: BrokenRule, n: number): boolean {
  const separate = at.filter((point, index) => index === 0 || point > at[index - 1]! + 1).length;
  return poissonAbove(separate - 1, n * rule.chance) >= RARE;
}

/** Probability of more than `count` where `mean` are expected. */
export function poissonAbove(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k <= count; k += 1) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}
