/**
 * A curve of any number of points as a few lines on a small picture: line, limits, and where they are missed.
 *
 * Keeps the smallest and the largest point of every column, so that a single spike among a hundred thousand points is
 * seen. Judges nothing: what failed is in the record; this shows where. Knows nothing of components.
 */
import { limitsAt } from '#measure/limit-curve.ts';
import type { AxisRecord, ValidatorRecord } from '#record/run-record.ts';
import { spanOf } from '#record/validator-span.ts';

export interface CurvePicture {
  /** Path of the curve in a box of the asked size, y downwards. */
  readonly line: string;
  /** One path for each stretch of limits: what lies inside is allowed. */
  readonly bands: readonly string[];
  /** Path of upright strokes where points lie outside. */
  readonly misses: string;
  readonly missed: number;
  readonly points: number;
  readonly x: Range;
  /** Of the points alone. */
  readonly y: Range;
  /** Of the whole picture, limits included. */
  readonly shown: Range;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Part of the height that stays free above and below. */
const MARGIN = 0.06;
/** A stroke that marks a miss is at least this long, so that one point is seen. */
const STROKE = 6;

/** @returns null when there is no point that could be drawn */
export function curvePicture(
  x: AxisRecord | undefined,
  y: AxisRecord,
  size: { readonly width: number; readonly height: number },
): CurvePicture | null {
  const xs = x && x.data.length === y.data.length ? x.data : null;
  const at = (index: number) => (xs ? xs[index]! : index);
  const xRange = rangeOf(y.data.length, (index) => (Number.isFinite(y.data[index]) ? at(index) : NaN));
  const yRange = rangeOf(y.data.length, (index) => y.data[index]!);
  if (!xRange || !yRange) return null;
  const shown = padded(withLimits(yRange, y.validators));
  const toX = (value: number) => place(value, xRange) * size.width;
  const toY = (value: number) => (1 - place(value, shown)) * size.height;
  const columns = columnsOf(y, at, toX, Math.max(1, Math.round(size.width)));
  return {
    line: columns
      .map((one) => stretch(one, toY))
      .join('')
      .replace('L', 'M'),
    bands: bandsOf(y.validators, xRange, shown, toX, toY),
    misses: columns.flatMap((one) => strokes(one, toY)).join(''),
    missed: columns.reduce((sum, { missed }) => sum + missed, 0),
    points: y.data.length,
    x: xRange,
    y: yRange,
    shown,
  };
}

interface Column {
  readonly x: number;
  readonly first: number;
  last: number;
  low: number;
  high: number;
  missed: number;
  missLow: number;
  missHigh: number;
}

/** Neighbouring points that share a column are one entry; a curve that comes back to a column gets another. */
function columnsOf(y: AxisRecord, at: (index: number) => number, toX: (x: number) => number, width: number): Column[] {
  const isOutside = outsideOf(y.validators);
  const columns: Column[] = [];
  const perColumn = y.data.length > 2 * width;
  let column: Column | undefined;
  for (let index = 0; index < y.data.length; index += 1) {
    const value = y.data[index]!;
    if (!Number.isFinite(value) || !Number.isFinite(at(index))) continue;
    const exact = toX(at(index));
    const where = perColumn ? Math.round(exact) : exact;
    if (!column || column.x !== where)
      columns.push((column = { ...POINT, x: where, first: value, last: value, low: value, high: value }));
    column.last = value;
    if (value < column.low) column.low = value;
    if (value > column.high) column.high = value;
    if (!isOutside(value, at(index))) continue;
    column.missed += 1;
    column.missLow = Math.min(column.missLow, value);
    column.missHigh = Math.max(column.missHigh, value);
  }
  return columns;
}

const POINT = { missed: 0, missLow: Infinity, missHigh: -Infinity };

function outsideOf(validators: readonly ValidatorRecord[]): (value: number, x: number) => boolean {
  const decisive = validators.filter(({ is_decisive }) => is_decisive);
  const { low, high } = spanOf(decisive.filter(({ every }) => every === 'point')) ?? { low: null, high: null };
  const curves = decisive.flatMap(({ curve }) => (curve && curve.length > 0 ? [curve] : []));
  return (value, x) => {
    if ((low !== null && value < low) || (high !== null && value > high)) return true;
    return curves.some((curve) => {
      const limits = limitsAt(curve, x);
      return !limits || value < limits.low || value > limits.high;
    });
  };
}

function stretch({ x, first, last, low, high }: Column, toY: (y: number) => number): string {
  const point = (value: number) => `${x.toFixed(1)},${toY(value).toFixed(1)}`;
  // The first point of all begins the line; every other one is reached from the one before.
  const way = low === high ? [first] : [first, low, high, last];
  return way.map((value) => `L${point(value)}`).join('');
}

function strokes({ x, missed, missLow, missHigh }: Column, toY: (y: number) => number): string[] {
  if (missed === 0) return [];
  const [top, bottom] = [toY(missHigh), toY(missLow)];
  const extra = Math.max(0, (STROKE - (bottom - top)) / 2);
  return [`M${x.toFixed(1)},${(top - extra).toFixed(1)}V${(bottom + extra).toFixed(1)}`];
}

function bandsOf(
  validators: readonly ValidatorRecord[],
  x: Range,
  shown: Range,
  toX: (x: number) => number,
  toY: (y: number) => number,
): string[] {
  const area = (corners: readonly { x: number; low: number; high: number }[]) => {
    const point = (at: number, value: number) => `${toX(at).toFixed(1)},${toY(value).toFixed(1)}`;
    const above = corners.map((one) => point(one.x, Math.min(shown.high, one.high)));
    const below = corners.toReversed().map((one) => point(one.x, Math.max(shown.low, one.low)));
    return `M${[...above, ...below].join('L')}Z`;
  };
  const decisive = validators.filter(({ is_decisive }) => is_decisive);
  const span = spanOf(decisive.filter(({ every }) => every === 'point'));
  const level = span && { low: span.low ?? -Infinity, high: span.high ?? Infinity };
  const curves = decisive.flatMap(({ curve }) => (curve && curve.length > 0 ? [curve] : []));
  return [
    ...(level
      ? [
          area([
            { ...level, x: x.low },
            { ...level, x: x.high },
          ]),
        ]
      : []),
    ...curves.flatMap((curve) => {
      const from = Math.max(x.low, curve[0]!.x);
      const to = Math.min(x.high, curve.at(-1)!.x);
      if (!(from <= to)) return [];
      const inner = curve.map((corner) => corner.x).filter((one) => one > from && one < to);
      return [
        area(
          [from, ...inner, to].flatMap((one) => {
            const limits = limitsAt(curve, one);
            return limits ? [{ ...limits, x: one }] : [];
          }),
        ),
      ];
    }),
  ];
}

function withLimits({ low, high }: Range, validators: readonly ValidatorRecord[]): Range {
  const span = spanOf(validators.filter(({ every }) => every === 'point'));
  const corners = validators.flatMap(({ curve }) => curve ?? []).flatMap((one) => [one.low, one.high]);
  const ends = [span?.low, span?.high, ...corners].filter((one) => typeof one === 'number' && Number.isFinite(one));
  return { low: Math.min(low, ...(ends as number[])), high: Math.max(high, ...(ends as number[])) };
}

function padded({ low, high }: Range): Range {
  const margin = (high - low || Math.abs(high) || 1) * MARGIN;
  return { low: low - margin, high: high + margin };
}

/** What an edge of the picture is called: as fine as a person can see it there, a hundredth of the height or less. */
export function tickOf(value: number, span: number): number {
  const decimals = 2 - Math.floor(Math.log10(span));
  const power = 10 ** Math.abs(decimals);
  return decimals < 0 ? Math.round(value / power) * power : Math.round(value * power) / power;
}

function place(value: number, { low, high }: Range): number {
  return high === low ? 0.5 : (value - low) / (high - low);
}

function rangeOf(length: number, at: (index: number) => number): Range | null {
  let low = Infinity;
  let high = -Infinity;
  for (let index = 0; index < length; index += 1) {
    const value = at(index);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : null;
}
