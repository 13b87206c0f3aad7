/**
 * Points in order as a line on a small picture, with level lines, marks and a trend.
 *
 * Of more points than the picture has columns the smallest and the largest of every column are drawn, so that a single
 * one far out is seen; marked points are all drawn. y downwards, in a box of the asked size. Pure.
 */
export interface LineData {
  /** Ascending; the same number as `y`. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Levels that must be in sight. */
  readonly levels?: readonly number[];
  /** Indexes of points that are drawn as marks. */
  readonly marks?: readonly number[];
  /** y starts here whatever the points are, such as 0 and 1 of a share. */
  readonly range?: { readonly low: number; readonly high: number };
}

export interface LinePicture {
  readonly line: string;
  /** Every point by itself; empty where there are too many to be told apart. */
  readonly dots: string;
  readonly marks: string;
  readonly low: number;
  readonly high: number;
  toX(x: number): number;
  toY(y: number): number;
}

export const WIDTH = 600;
export const HEIGHT = 160;
/** Closer than four units together, dots run into each other. */
const MOST_DOTS = WIDTH / 4;
/** Part of the height that stays free above and below. */
const MARGIN = 0.08;

export function linePicture({ x, y, levels = [], marks = [], range }: LineData): LinePicture {
  const n = y.length;
  let [low, high] = range ? [range.low, range.high] : [Math.min(...levels), Math.max(...levels)];
  for (let at = 0; at < n; at += 1) {
    low = Math.min(low, y[at]!);
    high = Math.max(high, y[at]!);
  }
  const margin = (high - low || Math.abs(high) || 1) * MARGIN;
  [low, high] = [low - margin, high + margin];
  const [first, last] = [x[0] ?? 0, x[n - 1] ?? 0];
  const toX = (value: number) => (last > first ? ((value - first) / (last - first)) * WIDTH : WIDTH / 2);
  const toY = (value: number) => (1 - (value - low) / (high - low)) * HEIGHT;
  const place = (at: number) => `${round(toX(x[at]!))},${round(toY(y[at]!))}`;
  const dot = (at: number) => `M${place(at)}h0.01`;
  const all = Array.from({ length: n <= 2 * WIDTH ? n : 0 }, (_, at) => at);
  return {
    line: n <= 2 * WIDTH ? all.map((at) => `${at === 0 ? 'M' : 'L'}${place(at)}`).join('') : columns(x, y, toX, toY),
    dots: n <= MOST_DOTS ? all.map(dot).join('') : '',
    marks: marks.map(dot).join(''),
    low,
    high,
    toX,
    toY,
  };
}

function columns(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  toX: (x: number) => number,
  toY: (y: number) => number,
): string {
  let path = '';
  for (let at = 0; at < y.length;) {
    const column = Math.round(toX(x[at]!));
    let [low, high] = [y[at]!, y[at]!];
    for (; at < y.length && Math.round(toX(x[at]!)) === column; at += 1) {
      low = Math.min(low, y[at]!);
      high = Math.max(high, y[at]!);
    }
    path += `${path === '' ? 'M' : 'L'}${column},${round(toY(low))}L${column},${round(toY(high))}`;
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
