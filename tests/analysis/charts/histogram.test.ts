import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogramOf } from '#analysis/charts/histogram.ts';

const total = (found: NonNullable<ReturnType<typeof histogramOf>>) =>
  found.counts.reduce((sum, count) => sum + count, found.below + found.above);

describe('rule 6: bins', () => {
  test('Freedman and Diaconis by hand: quartiles 26 and 76 of 101 values, width 2 · 50 / ∛101 = 21.5, so 50', () => {
    const found = histogramOf(Array.from({ length: 101 }, (_, at) => at + 1))!;
    expect(found).toEqual({ width: 50, from: 0, counts: [49, 50, 2], below: 0, above: 0 });
  });

  test('a value on an edge lies above it, the last one in the last bin', () => {
    const found = histogramOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])!;
    expect(found.from).toBe(0);
    expect(found.counts).toEqual([5, 6]);
  });

  test('one far-off value is counted, and does not press the others into one bin', () => {
    const found = histogramOf([...Array.from({ length: 200 }, (_, at) => 3.3 + (at % 20) / 1000), 5000])!;
    expect(found.above).toBe(1);
    expect(found.counts.length).toBeGreaterThan(3);
  });

  test('where the middle half is one value, Sturges says how many', () => {
    const found = histogramOf([...Array.from({ length: 30 }, () => 5), 1, 9])!;
    expect(found.counts.length).toBeGreaterThanOrEqual(4);
    expect(total(found)).toBe(32);
  });

  test('no value, one value, and values that are all the same', () => {
    expect(histogramOf([])).toBeNull();
    expect(histogramOf([7])).toEqual({ width: 0, from: 7, counts: [1], below: 0, above: 0 });
    expect(histogramOf([7, 7, 7])).toMatchObject({ width: 0, counts: [3] });
  });

  test('values that lie too close together or too far apart for a width are in one bin', () => {
    expect(histogramOf([-5e-324, 0])).toEqual({ width: 0, from: -5e-324, counts: [2], below: 0, above: 0 });
    expect(histogramOf([-1.7e308, 1.7e308])).toEqual({ width: 0, from: -1.7e308, counts: [2], below: 0, above: 0 });
  });

  test('every value is in a bin or left out, and no more bins than a screen shows', () => {
    const value = fc.oneof(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -5, max: 5 }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 80 }), (list) => {
        const found = histogramOf(list)!;
        expect(total(found)).toBe(list.length);
        expect(found.counts.length).toBeLessThanOrEqual(62);
        expect(Number.isFinite(found.from) && Number.isFinite(found.width)).toBe(true);
      }),
    );
  });
});
