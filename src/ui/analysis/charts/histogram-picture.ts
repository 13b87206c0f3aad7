/**
 * A histogram as bars on a small picture, with the limits as upright lines and the normal curve of the same mean and spread.
 *
 * A limit that lies so far away that the bars would be one line is not drawn; it is said on which side it is. Pure.
 */
import type { Histogram } from '#analysis/charts/histogram.ts';
import type { SpecLimits } from '#analysis/charts/capability.ts';
import type { Summary } from '#analysis/statistics/summary.ts';

export interface HistogramPicture {
  /** One path for all bars inside of the limits, one for those outside. */
  readonly inside: string;
  readonly outside: string;
  /** Empty where there is no spread. */
  readonly normal: string;
  readonly low: number;
  readonly high: number;
  readonly tallest: number;
  /** Where they are drawn, in parts of the width; null: none, or too far away. */
  readonly lowAt: number | null;
  readonly highAt: number | null;
}

export const WIDTH = 600;
export const HEIGHT = 200;
/** A limit further away than this many times the span of the bars is not drawn. */
const FAR = 3;
const CURVE_POINTS = 80;
/** Between two bars, so that each is seen. */
const GAP = 1;

export function histogramPicture(
  histogram: Histogram,
  { low: lower, high: upper }: SpecLimits,
  summary: Summary,
): HistogramPicture {
  const { width, from, counts } = histogram;
  // Values that are all the same are one bar with room beside it.
  const step = width || Math.abs(from) * 0.1 || 1;
  const start = width ? from : from - step / 2;
  const end = start + step * counts.length;
  const span = end - start;
  const near = (limit: number | null) => limit !== null && limit > start - FAR * span && limit < end + FAR * span;
  const edges = [start, end, ...[lower, upper].filter(near)] as number[];
  const margin = (Math.max(...edges) - Math.min(...edges)) * 0.04;
  const [low, high] = [Math.min(...edges) - margin, Math.max(...edges) + margin];
  const toX = (value: number) => ((value - low) / (high - low)) * WIDTH;
  const normal = normalCurve(histogram, summary);
  const tallest = Math.max(...counts, ...normal.map(({ y }) => y));
  const toY = (count: number) => HEIGHT * (1 - (count / tallest) * 0.96);
  const isOutside = (at: number) => {
    const [left, right] = width ? [start + at * step, start + (at + 1) * step] : [from, from];
    return (lower !== null && right <= lower && left < lower) || (upper !== null && left >= upper && right > upper);
  };
  const bar = (count: number, at: number) => {
    const [left, right] = [toX(start + at * step), toX(start + (at + 1) * step)];
    const gap = right - left > 4 * GAP ? GAP : 0;
    return `M${round(left + gap)},${HEIGHT}V${round(toY(count))}H${round(right - gap)}V${HEIGHT}Z`;
  };
  const bars = (wanted: boolean) =>
    counts.map((count, at) => (count > 0 && isOutside(at) === wanted ? bar(count, at) : '')).join('');
  return {
    inside: bars(false),
    outside: bars(true),
    normal: normal.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${round(toX(x))},${round(toY(y))}`).join(''),
    low,
    high,
    tallest,
    lowAt: near(lower) ? toX(lower!) / WIDTH : null,
    highAt: near(upper) ? toX(upper!) / WIDTH : null,
  };
}

/** As many values as there are, spread over the bins as normal ones would be. */
function normalCurve({ width, from, counts }: Histogram, { n, mean, deviation }: Summary): { x: number; y: number }[] {
  if (!(deviation > 0) || width === 0) return [];
  const span = width * counts.length;
  return Array.from({ length: CURVE_POINTS + 1 }, (_, at) => {
    const x = from + (at / CURVE_POINTS) * span;
    const z = (x - mean) / deviation;
    return { x, y: ((n * width) / (deviation * Math.sqrt(2 * Math.PI))) * Math.exp(-(z * z) / 2) };
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
