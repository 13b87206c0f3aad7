/**
 * A part of a curve, and where it lies: what is drawn when a person looks closer, and other curves in the same frame.
 *
 * Pure. The picture itself is that of ui/parts/curve-picture.ts. Knows nothing of components.
 */
import type { AxisRecord } from '#record/run-record.ts';
import type { Range } from '#ui/parts/curve-picture.ts';

export interface Curve {
  readonly x: AxisRecord | undefined;
  readonly y: AxisRecord;
}

/** Looking closer than at this part of the whole shows rounding, not the unit. */
const NARROWEST = 1e-6;

/** What stands at a point's place on the x axis: its x, or its number where there is none. */
function xAt({ x, y }: Curve, index: number): number {
  return x && x.data.length === y.data.length ? x.data[index]! : index;
}

/** @returns null when no point could be drawn */
export function wholeRange(curve: Curve): Range | null {
  let low = Infinity;
  let high = -Infinity;
  for (let index = 0; index < curve.y.data.length; index += 1) {
    const at = xAt(curve, index);
    if (!Number.isFinite(at) || !Number.isFinite(curve.y.data[index])) continue;
    if (at < low) low = at;
    if (at > high) high = at;
  }
  return low <= high ? { low, high } : null;
}

/** The points inside, with the one before and after each stretch, so that the line reaches the edges. */
export function partOf(curve: Curve, range: Range): Curve {
  const { y } = curve;
  const isInside = (index: number) => {
    const at = xAt(curve, index);
    return at >= range.low && at <= range.high;
  };
  const kept: number[] = [];
  for (let index = 0; index < y.data.length; index += 1)
    if (isInside(index) || (index > 0 && isInside(index - 1)) || (index + 1 < y.data.length && isInside(index + 1)))
      kept.push(index);
  const xs = Float64Array.from(kept, (index) => xAt(curve, index));
  const name = curve.x ?? { key: 'point', name: 'Point', validators: [], aggregations: [] };
  return { x: { ...name, data: xs }, y: { ...y, data: Float64Array.from(kept, (index) => y.data[index]!) } };
}

/** Closer by the factor, around a place; never beyond the whole. */
export function zoomed(range: Range, whole: Range, factor: number, around = (range.low + range.high) / 2): Range {
  const least = (whole.high - whole.low) * NARROWEST;
  const width = Math.min(whole.high - whole.low, Math.max(least, (range.high - range.low) * factor));
  const share = range.high === range.low ? 0.5 : (around - range.low) / (range.high - range.low);
  return inside({ low: around - width * share, high: around + width * (1 - share) }, whole);
}

/** To the side by a part of its own width. */
export function moved(range: Range, whole: Range, part: number): Range {
  const by = (range.high - range.low) * part;
  return inside({ low: range.low + by, high: range.high + by }, whole);
}

/** Between two places, in whichever order they were pressed. */
export function between(one: number, other: number, whole: Range): Range {
  const least = (whole.high - whole.low) * NARROWEST;
  const low = Math.min(one, other);
  return inside({ low, high: Math.max(low + least, Math.max(one, other)) }, whole);
}

function inside({ low, high }: Range, whole: Range): Range {
  const width = Math.min(high - low, whole.high - whole.low);
  const from = Math.min(Math.max(low, whole.low), whole.high - width);
  return { low: from, high: from + width };
}

interface Frame {
  readonly x: Range;
  readonly y: Range;
  readonly width: number;
  readonly height: number;
}

/** Another curve's path in a frame: the smallest and the largest of each column, so that no spike is lost. */
export function pathIn(curve: Curve, { x, y, width, height }: Frame): string {
  const toX = (value: number) => Math.round(((value - x.low) / (x.high - x.low || 1)) * width);
  const toY = (value: number) => ((1 - (value - y.low) / (y.high - y.low || 1)) * height).toFixed(1);
  let path = '';
  let column = NaN;
  let [low, high] = [0, 0];
  const close = () => {
    if (Number.isNaN(column)) return;
    path += `${path === '' ? 'M' : 'L'}${column},${toY(low)}`;
    if (high !== low) path += `L${column},${toY(high)}`;
  };
  for (let index = 0; index < curve.y.data.length; index += 1) {
    const value = curve.y.data[index]!;
    const at = toX(xAt(curve, index));
    if (!Number.isFinite(value) || !Number.isFinite(at) || at < -1 || at > width + 1) continue;
    if (at !== column) {
      close();
      [column, low, high] = [at, value, value];
    } else {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  close();
  return path;
}

/** The point that lies nearest to a place on the x axis; -1 when there is none. */
export function nearestPoint(curve: Curve, at: number): number {
  let best = -1;
  let least = Infinity;
  for (let index = 0; index < curve.y.data.length; index += 1) {
    const distance = Math.abs(xAt(curve, index) - at);
    if (!(distance < least) || !Number.isFinite(curve.y.data[index])) continue;
    [best, least] = [index, distance];
  }
  return best;
}
