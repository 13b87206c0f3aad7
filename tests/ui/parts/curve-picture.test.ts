import { describe, expect, test } from 'vitest';
import type { AxisRecord, ValidatorRecord } from '#record/run-record.ts';
import { curvePicture, tickOf } from '#ui/parts/curve-picture.ts';
import { curveWords } from '#ui/parts/curve-words.ts';

const SIZE = { width: 100, height: 50 };
const LIMITS: ValidatorRecord = {
  operator: 'range',
  expected_value: [3.2, 3.4],
  every: 'point',
  outcome: 'FAIL',
  is_decisive: true,
};
const axis = (data: ArrayLike<number>, validators: readonly ValidatorRecord[] = []): AxisRecord => ({
  key: 'y',
  name: 'Output',
  units: 'V',
  data: Float64Array.from(data),
  validators,
  aggregations: [],
});

describe('a curve as a picture', () => {
  test('few points are drawn one by one', () => {
    const picture = curvePicture(undefined, axis([0, 1, 0]), SIZE)!;
    expect(picture.line).toMatch(/^M0\.0,[\d.]+L50\.0,[\d.]+L100\.0,[\d.]+$/);
  });

  test('one spike among a hundred thousand points is seen, and the picture stays small', () => {
    const y = axis(new Float64Array(100_000).fill(3.3), [LIMITS]);
    y.data[54_321] = 3.9;
    const picture = curvePicture(undefined, y, SIZE)!;
    expect(picture.line.length).toBeLessThan(10_000);
    expect(picture.y.high).toBe(3.9);
    expect(picture.missed).toBe(1);
    expect(picture.misses).toMatch(/^M54\.0,/);
  });

  test('limits are a band, level or along their corners, inside the picture', () => {
    const corners = [
      { x: 0, low: 3, high: 4 },
      { x: 1, low: 3.2, high: 3.6 },
      { x: 9, low: 3.2, high: 3.6 },
    ];
    const along: ValidatorRecord = {
      operator: 'curve',
      expected_value: [],
      curve: corners,
      outcome: 'PASS',
      is_decisive: true,
    };
    const picture = curvePicture(axis([0, 1, 2]), axis([3.3, 3.3, 3.3], [LIMITS, along]), SIZE)!;
    expect(picture.bands).toHaveLength(2);
    const ys = picture.bands
      .join()
      .match(/,(\d+\.\d)/g)!
      .map((one) => Number(one.slice(1)));
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ys)).toBeLessThanOrEqual(SIZE.height);
  });

  test('points that are no numbers are passed over; with none left there is no picture', () => {
    expect(curvePicture(undefined, axis([1, NaN, 2]), SIZE)!.line).not.toContain('NaN');
    expect(curvePicture(undefined, axis([NaN, Infinity]), SIZE)).toBeNull();
    expect(curvePicture(undefined, axis([]), SIZE)).toBeNull();
  });

  test('the words say what the picture shows', () => {
    const y = axis([3.3, 3.5], [LIMITS]);
    expect(curveWords(undefined, y, curvePicture(undefined, y, SIZE)).replaceAll('\u202f', ' ')).toBe(
      'Output: 2 points from 3.3 V to 3.5 V; allowed 3.2 V to 3.4 V; 1 point lies outside.',
    );
    expect(curveWords(undefined, axis([]), null)).toBe('Output: no points that could be drawn.');
  });
});

test.each([
  [3.41156, 0.224, 3.412],
  [-0.00123456, 0.01, -0.0012],
  [12_345, 9000, 12_350],
  [0, 1, 0],
])('an edge at %d of a picture %d high is called %d', (value, span, text) => {
  expect(tickOf(value, span)).toBe(text);
});
