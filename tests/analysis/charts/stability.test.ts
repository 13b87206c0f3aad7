import { describe, expect, test } from 'vitest';
import type { ControlChart } from '#analysis/charts/control-chart.ts';
import { brokenRules, NELSON_RULES } from '#analysis/charts/nelson-rules.ts';
import { isChance, poissonAbove, unstableRules } from '#analysis/charts/stability.ts';

const [first, second] = NELSON_RULES;
/** Ten points apart, so that each is broken by itself. */
const times = (count: number, step = 10) => Array.from({ length: count }, (_, at) => at * step);
const chartOf = (z: readonly number[]): ControlChart => ({
  points: Float64Array.from(z),
  centre: 0,
  lower: -3,
  upper: 3,
  sigma: 1,
});
/** Between the lines, without a pattern. */
const quiet = Array.from({ length: 400 }, (_, at) => [0.4, -0.9, 1.2, -0.2, -1.3, 0.7][at % 6]!);
const told = (z: readonly number[]) =>
  unstableRules(chartOf(z), brokenRules(chartOf(z))).map(({ rule }) => rule.number);

describe('rule 9: a stable process', () => {
  test('chance breaks rule 1 once in 100 points, twice in 400, and hardly four times', () => {
    expect(isChance({ rule: first!, at: times(1) }, 100)).toBe(true);
    expect(isChance({ rule: first!, at: times(3) }, 100)).toBe(false);
    expect(isChance({ rule: first!, at: times(3) }, 400)).toBe(true);
    expect(isChance({ rule: first!, at: times(5) }, 400)).toBe(false);
  });

  test('a long run breaks rule 2 at many points, and only once', () => {
    expect(isChance({ rule: second!, at: times(6, 1) }, 200)).toBe(true);
    expect(isChance({ rule: second!, at: times(6) }, 200)).toBe(false);
  });

  test('a point that one of so many hardly reaches is no chance, although it is the only one', () => {
    expect(told([...quiet, 3.2])).toEqual([]);
    expect(told([...quiet, 6])).toEqual([1]);
  });

  test('rules that do not ask for the mean are not held against a process', () => {
    expect(told(quiet.map((z) => z / 2))).toEqual([]);
  });

  test('the probability, worked out by hand: more than one where 0.27 are expected is 1 - 1.27 e^-0.27', () => {
    expect(poissonAbove(1, 0.27)).toBeCloseTo(1 - 1.27 * Math.exp(-0.27), 15);
    expect(poissonAbove(-1, 3)).toBe(1);
  });
});
