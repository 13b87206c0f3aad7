/**
 * How well a process fits between its limits: Cp and Cpk by the sigma of neighbours, Pp and Ppk by the spread of all.
 *
 * The numbers are worked out wherever they can be, and beside them stands what they need and do not have: enough values, a
 * stable process, values that look normal. A figure without its conditions is worse than none. Above: screens. Knows
 * nothing of runs.
 *
 * @see NIST/SEMATECH e-Handbook, 6.1.6; ISO 22514-2:2017; AIAG Statistical Process Control, 2nd edition, chapter IV
 */
import { normalityOf, type Normality } from '#analysis/statistics/normality.ts';
import { summaryOf, type Summary } from '#analysis/statistics/summary.ts';
import { type ChartPair, individualsChart } from './control-chart.ts';
import { type BrokenRule, brokenRules } from './nelson-rules.ts';
import { unstableRules } from './stability.ts';

/** One-sided where an end is null. */
export interface SpecLimits {
  readonly low: number | null;
  readonly high: number | null;
}

export interface Indices {
  /** Cp or Pp; null with one limit only. */
  readonly potential: number | null;
  /** Cpk or Ppk: the nearer side. */
  readonly actual: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface Capability {
  readonly summary: Summary;
  readonly limits: SpecLimits;
  /** Of neighbours: moving range of two. */
  readonly sigma: number;
  /** Cp, Cpk; null where there is no limit or no spread. */
  readonly within: Indices | null;
  /** Pp, Ppk. */
  readonly overall: Indices | null;
  /** 95 % interval of Ppk; null where there is none. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly chart: ChartPair;
  /** Rules that speak against a stable process; none: nothing does. */
  readonly unstable: readonly BrokenRule[];
  readonly normality: Normality | null;
  /** Values outside of the limits, as counted. */
  readonly outside: number;
}

/** AIAG SPC: 25 groups, or 100 values, for a study; below 30 the interval is wider than half of the figure itself. */
export const FEW_VALUES = 30;
/** 97.5 % point of the normal distribution. */
const Z_95 = 1.959963984540054;

/** @param values finite, in the order of time @returns null for fewer than two */
export function capabilityOf(values: ArrayLike<number>, limits: SpecLimits): Capability | null {
  const chart = individualsChart(values);
  if (!chart) return null;
  const summary = summaryOf(values);
  const overall = indicesOf(summary.mean, summary.deviation, limits);
  const { low, high } = limits;
  const isOutside = (one: number) => (low !== null && one < low) || (high !== null && one > high);
  return {
    summary,
    limits,
    sigma: chart.sigma,
    within: indicesOf(summary.mean, chart.sigma, limits),
    overall,
    interval: overall && intervalOf(overall.actual, summary.n),
    chart,
    unstable: unstableRules(chart.location, brokenRules(chart.location)),
    normality: normalityOf(values),
    outside: chart.location.points.filter(isOutside).length,
  };
}

/** @returns null without a limit, or without a spread: then every figure would be infinite */
export function indicesOf(mean: number, sigma: number, { low, high }: SpecLimits): Indices | null {
  if (!(sigma > 0) || (low === null && high === null)) return null;
  const lower = low === null ? null : (mean - low) / (3 * sigma);
  const upper = high === null ? null : (high - mean) / (3 * sigma);
  return {
    potential: low === null || high === null ? null : (high - low) / (6 * sigma),
    actual: Math.min(lower ?? Infinity, upper ?? Infinity),
    lower,
    upper,
  };
}

/** Approximate: e-Handbook 6.1.6, after Zhang, Stenback and Wardrop 1990; for n of 25 and more. */
export function intervalOf(index: number, n: number): readonly [low: number, high: number] {
  const half = Z_95 * Math.sqrt(1 / (9 * n) + index ** 2 / (2 * (n - 1)));
  return [index - half, index + half];
}
