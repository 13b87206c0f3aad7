import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  between,
  type Curve,
  moved,
  nearestPoint,
  partOf,
  pathIn,
  wholeRange,
  zoomed,
} from '#ui/history/curve-zoom.ts';

function curveOf(xs: readonly number[] | null, ys: readonly number[]): Curve {
  const axis = (data: readonly number[]) => ({
    key: 'a',
    name: 'A',
    data: Float64Array.from(data),
    validators: [],
    aggregations: [],
  });
  return { x: xs ? axis(xs) : undefined, y: axis(ys) };
}

describe('a part of a curve', () => {
  test('the points inside, and one more at each side, so that the line reaches the edge', () => {
    const curve = curveOf([0, 1, 2, 3, 4, 5], [0, 10, 20, 30, 40, 50]);
    const { x, y } = partOf(curve, { low: 1.5, high: 3.5 });
    expect([...x!.data]).toEqual([1, 2, 3, 4]);
    expect([...y.data]).toEqual([10, 20, 30, 40]);
    expect([...partOf(curveOf(null, [5, 6, 7]), { low: 1, high: 1 }).x!.data]).toEqual([0, 1, 2]);
  });

  test('wherever one looks, it is inside the whole, and closer is narrower', () => {
    const range = fc
      .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
      .map(([low, width]) => ({ low, high: low + width }));
    const step = fc.constantFrom('in', 'out', 'on', 'back');
    fc.assert(
      fc.property(range, fc.array(step, { maxLength: 60 }), (whole, steps) => {
        let now = whole;
        for (const one of steps) {
          const before = now;
          if (one === 'in') now = zoomed(now, whole, 0.5);
          else if (one === 'out') now = zoomed(now, whole, 2);
          else now = moved(now, whole, one === 'on' ? 0.25 : -0.25);
          const slack = (whole.high - whole.low) * 1e-9 + Math.abs(whole.low) * 1e-12;
          expect(now.low).toBeGreaterThanOrEqual(whole.low - slack);
          expect(now.high).toBeLessThanOrEqual(whole.high + slack);
          expect(now.high).toBeGreaterThan(now.low);
          if (one === 'in') expect(now.high - now.low).toBeLessThanOrEqual(before.high - before.low + slack);
        }
      }),
    );
  });

  test('a drag in either direction is the same part', () => {
    const whole = { low: 0, high: 10 };
    expect(between(7, 2, whole)).toEqual({ low: 2, high: 7 });
    expect(between(2, 7, whole)).toEqual({ low: 2, high: 7 });
  });

  test('no spike is lost in another curve’s path, and what is no number is left out', () => {
    const ys = Array.from({ length: 10_000 }, (_, at) => (at === 5_001 ? 9 : 1));
    const frame = { x: { low: 0, high: 9_999 }, y: { low: 0, high: 10 }, width: 100, height: 100 };
    expect(pathIn(curveOf(null, ys), frame)).toContain(',10.0');
    expect(pathIn(curveOf([0, 1, 2], [1, NaN, 1]), { ...frame, x: { low: 0, high: 2 } })).toBe('M0,90.0L100,90.0');
    expect(pathIn(curveOf(null, []), frame)).toBe('');
  });

  test('the point under the pointer', () => {
    expect(nearestPoint(curveOf([0, 1, 2], [5, NaN, 7]), 0.9)).toBe(0);
    expect(nearestPoint(curveOf([], []), 1)).toBe(-1);
    expect(wholeRange(curveOf([3, 1, NaN], [1, 2, 3]))).toEqual({ low: 1, high: 3 });
    expect(wholeRange(curveOf(null, [NaN]))).toBeNull();
  });
});
