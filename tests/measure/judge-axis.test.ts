import { describe, expect, test } from 'vitest';
import { judgeAxis } from '#measure/judge-axis.ts';
import { curveTrouble, limitsAt, type LimitPoint } from '#measure/limit-curve.ts';
import type { Validator } from '#measure/validator.ts';

const list = (...values: number[]) => Float64Array.from(values);
const every = (operator: Validator['operator'], expected: Validator['expected']): Validator => ({
  operator,
  expected,
  every: 'point',
  isDecisive: true,
});
const along = (...curve: LimitPoint[]): Validator => ({ operator: 'curve', expected: [], curve, isDecisive: true });
const alone = { x: null };

describe('rule 6: every point by itself', () => {
  test('the first point that misses is named, and the others are counted', () => {
    const scene = { x: list(0, 0.5, 1, 1.5), xUnit: 'A', unit: 'V' };
    const judged = judgeAxis(list(3.3, 3.1, 3.3, 3.6), every('range', [3.2, 3.4]), scene);
    expect(judged).toEqual({
      verdict: 'FAIL',
      reason: 'point 2 at 0.5 A: 3.1 V is below 3.2 V (and 1 more of 4 points)',
    });
  });

  test.each(['==', '!=', '>', '>=', '<', '<=', 'in', 'not in', 'range', 'within'] as const)(
    '%s holds and misses',
    (op) => {
      const cases: Record<string, [Validator['expected'], number, number]> = {
        '==': [3, 3, 4],
        '!=': [3, 4, 3],
        '>': [3, 4, 3],
        '>=': [3, 3, 2],
        '<': [3, 2, 3],
        '<=': [3, 3, 4],
        in: [[3, 5], 5, 4],
        'not in': [[3, 5], 4, 5],
        range: [[3, 5], 5, 6],
        within: [3, 3.1, 3.2],
      };
      const [expected, good, bad] = cases[op]!;
      const validator = { ...every(op, expected), ...(op === 'within' ? { tolerance: { absolute: 0.1 } } : {}) };
      expect(judgeAxis(list(good, good), validator, alone).verdict).toBe('PASS');
      expect(judgeAxis(list(good, bad), validator, alone).verdict).toBe('FAIL');
    },
  );

  test.each([
    ['no points', list(), 'there are no points'],
    ['NaN', list(3.3, NaN, 3.3), 'point 2 of 3 is not a number (NaN)'],
    ['an overload', list(3.3, Infinity), 'point 2 of 2 is infinite or an overload'],
  ])('%s can be judged by nothing', (_, data, reason) => {
    for (const validator of [every('>=', 0), along({ x: 0, low: 0 }, { x: 9, low: 0 }), { ...every('!=', [1]) }])
      expect(judgeAxis(data, validator, { x: data })).toEqual({ verdict: 'FAIL', reason, unusable: true });
  });

  test('a hundred thousand points are judged in one pass, and the last one counts', () => {
    const data = new Float64Array(100_000).fill(3.3);
    expect(judgeAxis(data, every('range', [3.2, 3.4]), alone).verdict).toBe('PASS');
    data[99_999] = 3.5;
    expect(judgeAxis(data, every('range', [3.2, 3.4]), alone).reason).toBe('point 100000: 3.5 is above 3.4');
  });
});

describe('rule 7: limit curves', () => {
  const slope = along({ x: 0, low: 0, high: 10 }, { x: 10, low: 5, high: 10 }, { x: 20, low: 5, high: 6 });

  test('limits go straight from corner to corner, and both ends are inclusive', () => {
    expect(limitsAt(slope.curve!, 5)).toEqual({ low: 2.5, high: 10 });
    expect(limitsAt(slope.curve!, 15)).toEqual({ low: 5, high: 8 });
    expect(limitsAt(slope.curve!, 10)).toEqual({ low: 5, high: 10 });
    expect(judgeAxis(list(2.5, 8), slope, { x: list(5, 15) }).verdict).toBe('PASS');
    expect(judgeAxis(list(2.4), slope, { x: list(5) }).reason).toBe('point 1 at 5: 2.4 is below 2.5');
    expect(judgeAxis(list(8.1), slope, { x: list(15) }).reason).toBe('point 1 at 15: 8.1 is above 8');
  });

  test.each([-0.001, 20.001])('outside its corners (x = %d) nothing passes', (x) => {
    expect(judgeAxis(list(6), slope, { x: list(x) }).reason).toContain(
      'outside the limit curve, which goes from 0 to 20',
    );
  });

  test('one side may be open', () => {
    const below = along({ x: 0, high: 1 }, { x: 1, high: 2 });
    expect(judgeAxis(list(-1e9, 1.5), below, { x: list(0, 0.5) }).verdict).toBe('PASS');
    expect(judgeAxis(list(1.6), below, { x: list(0.5) }).verdict).toBe('FAIL');
  });

  test.each([
    [undefined, 'no points'],
    [[], 'no points'],
    [[{ x: 0 }], 'neither lower nor upper'],
    [
      [
        { x: 0, low: 1 },
        { x: 1, high: 1 },
      ],
      'other limits than the first',
    ],
    [
      [
        { x: 0, low: 1 },
        { x: 0, low: 2 },
      ],
      'does not lie after',
    ],
    [[{ x: 0, low: NaN }], 'not finite'],
    [[{ x: 0, low: 2, high: 1 }], 'nothing lies between'],
  ])('a limit curve that is none fails: %j', (points, words) => {
    expect(curveTrouble(points)).toContain(words);
    const validator = { ...slope, ...(points ? { curve: points } : { curve: [] }) };
    expect(judgeAxis(list(1), validator, { x: list(0) })).toMatchObject({ verdict: 'FAIL', unusable: true });
  });

  test('without an x for every y it cannot be judged', () => {
    expect(judgeAxis(list(1, 2), slope, { x: null })).toMatchObject({ verdict: 'FAIL', unusable: true });
    expect(judgeAxis(list(1, 2), slope, { x: list(1) })).toMatchObject({ verdict: 'FAIL', unusable: true });
  });
});

describe('rule 8: the list as a whole', () => {
  test('it can only be the same or another', () => {
    const same: Validator = { operator: '==', expected: [1, 2], isDecisive: true };
    expect(judgeAxis(list(1, 2), same, alone).verdict).toBe('PASS');
    expect(judgeAxis(list(1, 2, 3), same, alone).verdict).toBe('FAIL');
    expect(judgeAxis(list(1, 2), { ...same, operator: '!=' }, alone).verdict).toBe('FAIL');
    expect(judgeAxis(list(1, 3), { ...same, operator: '!=' }, alone).verdict).toBe('PASS');
    expect(judgeAxis(list(1, 2), { ...same, expected: ['1', '2'] }, alone)).toMatchObject({ unusable: true });
  });

  test('a limit that only a point can keep fails, and says what is missing', () => {
    const judged = judgeAxis(list(3.3), { operator: 'range', expected: [3.2, 3.4], isDecisive: true }, alone);
    expect(judged).toMatchObject({ verdict: 'FAIL', unusable: true });
    expect(judged.reason).toContain('every: point');
  });
});
