import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '#measure/judge.ts';
import { OPERATORS, type Expected, type Operator, type Validator, type Value } from '#measure/validator.ts';

const limit = (operator: Operator, expected: Expected, tolerance?: Validator['tolerance']): Validator => ({
  operator,
  expected,
  isDecisive: true,
  ...(tolerance ? { tolerance } : {}),
});

describe('rule 2: verdicts', () => {
  test.each<[Value, Operator, Expected, 'PASS' | 'FAIL']>([
    [3.3, '==', 3.3, 'PASS'],
    [3.3, '==', [3.3], 'PASS'],
    [3.3, '==', 3.31, 'FAIL'],
    ['A1', '==', 'A1', 'PASS'],
    [true, '==', true, 'PASS'],
    [[1, 2], '==', [1, 2], 'PASS'],
    [[1, 2], '==', [2, 1], 'FAIL'],
    [[1, 2], '==', [1, 2, 3], 'FAIL'],
    [[1], '==', [1], 'PASS'],
    [1, '!=', 2, 'PASS'],
    [2, '!=', 2, 'FAIL'],
    [[1, 2], '!=', [1, 3], 'PASS'],
    [5, '>', 5, 'FAIL'],
    [5.1, '>', [5], 'PASS'],
    [5, '>=', 5, 'PASS'],
    [5, '<', 5, 'FAIL'],
    [5, '<=', 5, 'PASS'],
    [2, 'in', [1, 2], 'PASS'],
    [3, 'in', [1, 2], 'FAIL'],
    ['b', 'in', ['a', 'b', 1], 'PASS'],
    [3, 'not in', [1, 2], 'PASS'],
    [2, 'not in', [1, 2], 'FAIL'],
    ['1.8.2', 'matches', '^1\\.8\\.', 'PASS'],
    ['xx1.8.2', 'matches', '1\\.8', 'PASS'],
    ['1.9', 'matches', '^1\\.8', 'FAIL'],
    [3.2, 'range', [3.2, 3.4], 'PASS'],
    [3.4, 'range', [3.2, 3.4], 'PASS'],
    [3.19, 'range', [3.2, 3.4], 'FAIL'],
    [3.41, 'range', [3.2, 3.4], 'FAIL'],
    [-0, 'range', [0, 0], 'PASS'],
  ])('%j %s %j is %s', (value, operator, expected, verdict) => {
    expect(judge(value, limit(operator, expected)).verdict).toBe(verdict);
  });

  test.each<[number, number, Validator['tolerance'], 'PASS' | 'FAIL']>([
    [3.1, 3.2, { absolute: 0.1 }, 'PASS'],
    [0.3, 0.1, { absolute: 0.2 }, 'PASS'],
    [3.0999, 3.2, { absolute: 0.1 }, 'FAIL'],
    [3.465, 3.3, { fraction: 0.05 }, 'PASS'],
    [3.466, 3.3, { fraction: 0.05 }, 'FAIL'],
    [-105, -100, { fraction: 0.05 }, 'PASS'],
    [-106, -100, { fraction: 0.05 }, 'FAIL'],
  ])('%d within %d ± %j is %s', (value, middle, tolerance, verdict) => {
    expect(judge(value, limit('within', middle, tolerance)).verdict).toBe(verdict);
  });

  test('a miss says value and limit in words, with the unit', () => {
    expect(judge(3.05, limit('range', [3.2, 3.4]), 'V').reason).toBe('3.05 V is below 3.2 V');
    expect(judge(0.07, limit('<=', 0.06), 'A').reason).toBe('0.07 A is above 0.06 A');
    expect(judge('B', limit('in', ['A', 'C'])).reason).toBe('"B" is none of "A", "C"');
  });
});

describe('rule 1: what cannot be evaluated fails, with the reason', () => {
  test.each<[Value, Operator, Expected, RegExp]>([
    ['3.3', '<=', 5, /not a number: "3.3"/],
    ['ERR', '!=', 0, /not a number: "ERR"/],
    ['ERR', 'not in', [1, 2], /not a number: "ERR"/],
    [3.3, '==', '3.3', /not a text: 3.3/],
    [1, '==', true, /not a boolean: 1/],
    [3.3, '<=', '5', /limit is not a number/],
    [3.3, '>', [1, 2], /limit is not a number/],
    [3.3, 'in', 3.3, /not a list/],
    [3.3, 'in', [], /not a list/],
    [3.3, 'not in', [], /not a list/],
    [3.3, 'matches', '3', /not a text: 3.3/],
    ['abc', 'matches', '(', /invalid/],
    ['abc', 'matches', '(?=a)', /look-around/],
    [3.3, 'range', [3.4, 3.2], /nothing lies between/],
    [3.3, 'range', [3.2], /needs \[low, high\]/],
    [3.3, 'range', 3, /needs \[low, high\]/],
    ['3.3', 'range', [3.2, 3.4], /not a number/],
    [3.3, 'within', 3.3, /no tolerance/],
    [3.3, '<=', Infinity, /not a finite number/],
    [3.3, 'range', [-Infinity, 5], /not a finite number/],
    [3.3, '!=', NaN, /not a finite number/],
    [3.3, 'between' as Operator, 5, /no operator/],
    [[1, 2], '<=', 5, /not a number/],
    [3, '==', [3, 4], /not a list/],
  ])('%j %s %j', (value, operator, expected, reason) => {
    const judgement = judge(value, limit(operator, expected));
    expect(judgement).toMatchObject({ verdict: 'FAIL', unusable: true });
    expect(judgement.reason).toMatch(reason);
  });

  test('nothing, NaN and infinity pass no limit whatsoever', () => {
    const expected = fc.oneof(
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.array(fc.oneof(fc.double(), fc.string(), fc.boolean())),
    );
    const nothing = fc.constantFrom<Value>(null, NaN, Infinity, -Infinity, [1, NaN], undefined as unknown as Value);
    fc.assert(
      fc.property(nothing, fc.constantFrom(...OPERATORS), expected, (value, operator, limits) => {
        expect(judge(value, limit(operator, limits, { absolute: 1e9 })).verdict).toBe('FAIL');
      }),
    );
  });

  test('whatever value meets whatever limit, there is a verdict, and a FAIL has a reason', () => {
    const scalar = fc.oneof(fc.double(), fc.string(), fc.boolean());
    const anything = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
    fc.assert(
      fc.property(anything, fc.constantFrom(...OPERATORS), anything, (value, operator, expected) => {
        const { verdict, reason } = judge(value, limit(operator, expected));
        expect(verdict === 'PASS' || Boolean(reason)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('numbers are judged as arithmetic says', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, finite, (value, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(judge(value, limit('range', [low, high])).verdict === 'PASS').toBe(value >= low && value <= high);
        expect(judge(value, limit('>', a)).verdict === 'PASS').toBe(value > a);
        expect(judge(value, limit('<=', a)).verdict === 'PASS').toBe(value <= a);
      }),
    );
  });
});
