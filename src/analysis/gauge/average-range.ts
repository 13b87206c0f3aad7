/**
 * A gauge study by averages and ranges, as the form of the AIAG manual does it by hand.
 *
 * It cannot see whether operators treat some parts differently; gauge-anova.ts can.
 *
 * @see AIAG MSA, 4th edition, figures III-B 15 and III-B 16; Duncan 1986, appendix D3 (d2*)
 */
import { meanRange, rangeDeviation } from '#analysis/charts/chart-constants.ts';
import { summaryOf } from '#analysis/statistics/summary.ts';
import { type GaugeResult, totals } from './gauge-result.ts';
import { type GaugeSize, type GaugeTable, sizeOf } from './gauge-table.ts';

/** What the form takes from its data sheet. */
export interface RangeFigures {
  /** R̄: mean range of a cell. */
  readonly meanRange: number;
  /** X̄ DIFF: largest less smallest mean of an operator. */
  readonly operatorDifference: number;
  /** Rp: largest less smallest mean of a part. */
  readonly partRange: number;
}

export function rangeFigures({ readings }: GaugeTable): RangeFigures {
  const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  const mean = (values: readonly number[]) => summaryOf(values).mean;
  const parts = (readings[0] ?? []).map((_, part) => mean(readings.flatMap((row) => row[part]!)));
  return {
    meanRange: mean(readings.flatMap((row) => row.map(span))),
    operatorDifference: span(readings.map((row) => mean(row.flat()))),
    partRange: span(parts),
  };
}

/** @returns null where the table is no study, or has more of something than the constants are known for */
export function averageRange(table: GaugeTable): GaugeResult | null {
  const size = sizeOf(table);
  return size && resultOf(rangeFigures(table), size);
}

/** The lower half of the form. */
export function resultOf(figures: RangeFigures, { operators, parts, trials }: GaugeSize): GaugeResult | null {
  const ev = figures.meanRange * k1(trials);
  const spread = (figures.operatorDifference * oneGroup(operators)) ** 2 - ev ** 2 / (parts * trials);
  const av = operators === 1 ? null : Math.sqrt(Math.max(0, spread));
  const pv = figures.partRange * oneGroup(parts);
  if (!Number.isFinite(ev + (av ?? 0) + pv)) return null;
  return { method: 'average-range', ev, av, interaction: null, ...totals(ev, av, null, pv) };
}

/** K1 = 1/d2: there are many cells. */
export function k1(trials: number): number {
  return printed(1 / meanRange(trials));
}

/** K2 and K3 = 1/d2* of a single group, where d2* = √(d2² + d3²). */
export function oneGroup(size: number): number {
  return printed(1 / Math.hypot(meanRange(size), rangeDeviation(size)));
}

/** As the form prints them. */
function printed(value: number): number {
  return Number(value.toFixed(4));
}
