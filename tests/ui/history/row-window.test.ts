import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowsInSight, scrollTo } from '#ui/history/row-window.ts';

describe('rows in sight', () => {
  test('33: the window, and a few rows around it', () => {
    expect(rowsInSight({ listTopPx: 300, windowPx: 800, rowPx: 50, total: 100_000 })).toEqual({ from: 0, to: 18 });
    expect(rowsInSight({ listTopPx: -5000, windowPx: 800, rowPx: 50, total: 100_000 })).toEqual({ from: 92, to: 124 });
    expect(rowsInSight({ listTopPx: -4_999_500, windowPx: 800, rowPx: 50, total: 100_000 })).toEqual({
      from: 99_982,
      to: 100_000,
    });
    expect(rowsInSight({ listTopPx: 0, windowPx: 800, rowPx: 0, total: 10 })).toEqual({ from: 0, to: 0 });
  });

  test('33: every row that can be seen is among them, and never more than the window holds', () => {
    const sight = fc.record({
      listTopPx: fc.integer({ min: -6_000_000, max: 2_000 }),
      windowPx: fc.integer({ min: 1, max: 3_000 }),
      rowPx: fc.integer({ min: 20, max: 200 }),
      total: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(sight, (one) => {
        const { from, to } = rowsInSight(one);
        expect(to - from).toBeLessThanOrEqual(Math.ceil(one.windowPx / one.rowPx) + 1 + 16);
        for (const px of [0, one.windowPx / 2, one.windowPx - 1]) {
          const row = Math.floor((px - one.listTopPx) / one.rowPx);
          if (row >= 0 && row < one.total) expect(row >= from && row < to).toBe(true);
        }
      }),
    );
  });

  test('33: a row is brought in sight by the shortest way, and not under what stays at the top', () => {
    const sight = { listTopPx: -500, windowPx: 800, rowPx: 50, total: 100 };
    expect(scrollTo(9, sight, 60)).toBe(-110);
    expect(scrollTo(15, sight, 60)).toBe(0);
    expect(scrollTo(26, sight, 60)).toBe(50);
  });
});
