/**
 * A gauge study by analysis of variance: two crossed random factors, parts and operators.
 *
 * An interaction that is not significant is taken into the repeatability, as the manual does it. Variances that come out
 * below zero are zero.
 *
 * @see AIAG MSA, 4th edition, appendix A, tables A 3 to A 5
 */
import { fisherAbove } from '#analysis/statistics/distributions.ts';
import { sumOf, summaryOf } from '#analysis/statistics/summary.ts';
import { type GaugeResult, totals } from './gauge-result.ts';
import { type GaugeTable, sizeOf } from './gauge-table.ts';

export interface AnovaRow {
  readonly source: 'operator' | 'part' | 'interaction' | 'repeatability' | 'total';
  readonly degrees: number;
  readonly squares: number;
  /** null of the total. */
  readonly meanSquare: number | null;
  /** Against repeatability, as table A 4 has it; null of repeatability and total. */
  readonly f: number | null;
  readonly p: number | null;
}

export interface GaugeAnova extends GaugeResult {
  readonly rows: readonly AnovaRow[];
  /** The interaction was taken into the repeatability. */
  readonly isPooled: boolean;
}

/** Of the F test of the interaction: table A 4. */
const SIGNIFICANCE = 0.05;

/** @returns null where the table is no study */
export function gaugeAnova(table: GaugeTable): GaugeAnova | null {
  const size = sizeOf(table);
  if (!size) return null;
  const { operators: k, parts: n, trials: r } = size;
  const { readings } = table;
  const grand = meanOf(readings.flat(2));
  const squares = {
    operator: n * r * squaresOf(readings.map((row) => meanOf(row.flat()) - grand)),
    part: k * r * squaresOf(readings[0]!.map((_, part) => meanOf(readings.flatMap((row) => row[part]!)) - grand)),
    repeatability: squaresOf(readings.flat().flatMap((cell) => cell.map((one) => one - meanOf(cell)))),
    total: squaresOf(readings.flat(2).map((one) => one - grand)),
  };
  const cells = r * squaresOf(readings.flat().map((cell) => meanOf(cell) - grand));
  const between = Math.max(0, cells - squares.operator - squares.part);
  const degrees = { operator: k - 1, part: n - 1, interaction: (k - 1) * (n - 1), repeatability: n * k * (r - 1) };
  const error = { squares: squares.repeatability, degrees: degrees.repeatability };
  const row = (source: Exclude<AnovaRow['source'], 'total' | 'repeatability'>, sum: number) =>
    rowOf(source, sum, degrees[source], error);
  const interaction = row('interaction', between);
  const rows: AnovaRow[] = [
    ...(k > 1 ? [row('operator', squares.operator)] : []),
    row('part', squares.part),
    ...(k > 1 ? [interaction] : []),
    {
      source: 'repeatability',
      degrees: error.degrees,
      squares: error.squares,
      meanSquare: error.squares / error.degrees,
      f: null,
      p: null,
    },
    { source: 'total', degrees: n * k * r - 1, squares: squares.total, meanSquare: null, f: null, p: null },
  ];
  const isPooled = k > 1 && !((interaction.p ?? 1) < SIGNIFICANCE);
  const own = error.squares / error.degrees;
  const pooled = isPooled ? (between + error.squares) / (degrees.interaction + error.degrees) : own;
  // What parts and operators are held against.
  const base = isPooled || k === 1 ? pooled : between / degrees.interaction;
  const root = (variance: number) => Math.sqrt(Math.max(0, variance));
  const ev = root(pooled);
  const av = k === 1 ? null : root((squares.operator / degrees.operator - base) / (n * r));
  const both = k === 1 ? null : isPooled ? 0 : root((base - own) / r);
  const pv = root((squares.part / degrees.part - base) / (k * r));
  return { method: 'anova', ev, av, interaction: both, ...totals(ev, av, both, pv), rows, isPooled };
}

function rowOf(
  source: AnovaRow['source'],
  squares: number,
  degrees: number,
  error: { readonly squares: number; readonly degrees: number },
): AnovaRow {
  const meanSquare = squares / degrees;
  const f = meanSquare / (error.squares / error.degrees);
  const isKnown = Number.isFinite(f);
  return {
    source,
    degrees,
    squares,
    meanSquare,
    f: isKnown ? f : null,
    p: isKnown ? fisherAbove(f, degrees, error.degrees) : null,
  };
}

function meanOf(values: readonly number[]): number {
  return summaryOf(values).mean;
}

function squaresOf(values: readonly number[]): number {
  return sumOf(values.length, (at) => values[at]! ** 2);
}
