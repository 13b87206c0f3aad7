import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogramOf } from '#analysis/charts/histogram.ts';
import { summaryOf } from '#analysis/statistics/summary.ts';
import { histogramPicture } from '#ui/analysis/charts/histogram-picture.ts';
import { placeLevels } from '#ui/analysis/charts/level-places.ts';
import { HEIGHT, linePicture, WIDTH } from '#ui/analysis/charts/line-picture.ts';

const index = (n: number) => Float64Array.from({ length: n }, (_, at) => at);
const points = (path: string) => [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('a line', () => {
  test('keeps to its box, levels among it, whatever the values', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), value, (y, level) => {
        const picture = linePicture({ x: index(y.length), y, levels: [level] });
        for (const [x, at] of points(picture.line)) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(WIDTH);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(HEIGHT);
        }
        expect(picture.toY(level)).toBeGreaterThanOrEqual(0);
        expect(picture.toY(level)).toBeLessThanOrEqual(HEIGHT);
      }),
    );
  });

  test('of many thousand points one far out is still seen, and the picture stays small', () => {
    const y = Float64Array.from({ length: 20_000 }, (_, at) => Math.sin(at));
    y[12_345] = 50;
    const picture = linePicture({ x: index(y.length), y, marks: [12_345] });
    expect(Math.min(...points(picture.line).map(([, at]) => at!))).toBeCloseTo(picture.toY(50), 0);
    expect(picture.line.length).toBeLessThan(30_000);
    expect(picture.dots).toBe('');
    expect(points(picture.marks)).toHaveLength(1);
  });

  test('one point, or values that are all the same, stand in the middle', () => {
    expect(points(linePicture({ x: [0], y: [7] }).line)).toEqual([[WIDTH / 2, HEIGHT / 2]]);
    expect(points(linePicture({ x: [0, 1], y: [0, 0] }).line)).toEqual([
      [0, HEIGHT / 2],
      [WIDTH, HEIGHT / 2],
    ]);
  });
});

describe('a histogram', () => {
  const of = (values: readonly number[], low: number | null, high: number | null) =>
    histogramPicture(histogramOf(values)!, { low, high }, summaryOf(values));
  const values = Array.from({ length: 200 }, (_, at) => 3.3 + ((at * 37) % 100) / 1000);

  test('limits that are near are drawn, those that are far away are not', () => {
    const { lowAt, highAt } = of(values, 3.25, 60);
    expect(lowAt).toBeGreaterThan(0);
    expect(lowAt).toBeLessThan(0.3);
    expect(highAt).toBeNull();
  });

  test('bars beyond a limit are apart', () => {
    const { inside, outside } = of(values, null, 3.35);
    expect(inside).not.toBe('');
    expect(outside).not.toBe('');
    expect(of(values, null, null).outside).toBe('');
    expect(of(values, 5, 6).inside).toBe('');
  });

  test('values that are all the same are one bar without a curve', () => {
    const picture = of([5, 5, 5], null, null);
    expect(picture.inside.match(/M/g)).toHaveLength(1);
    expect(picture.normal).toBe('');
    expect(of([5, 5], 6, null).outside).not.toBe('');
    expect(of([5, 5], 4, 6).outside).toBe('');
    expect(of([0, 0], null, null).inside).not.toContain('NaN');
  });
});

test('names of levels never cover each other, and keep their order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }), (places) => {
      const levels = places.map((at) => ({ at, label: String(at), kind: 'limit' as const }));
      const placed = placeLevels(levels, (at) => at);
      for (const [at, one] of placed.entries())
        if (at > 0) expect(one.place - placed[at - 1]!.place).toBeGreaterThanOrEqual(0.11 - 1e-9);
    }),
  );
});
