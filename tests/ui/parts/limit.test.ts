/** Limits as a span to draw and as words. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spanOf } from '#record/validator-span.ts';
import { limitText, placesOf, valueText } from '#ui/parts/limit.ts';
import type { MeasurementRecord, Scalar, ValidatorRecord } from '#record/run-record.ts';

const held = (
  operator: string,
  expected_value: Scalar | Scalar[],
  more: Partial<ValidatorRecord> = {},
): ValidatorRecord => ({
  operator,
  expected_value,
  outcome: 'PASS',
  is_decisive: true,
  ...more,
});
const measured = (measured_value: Scalar | null, validators: ValidatorRecord[], units?: string): MeasurementRecord => ({
  key: 'm',
  name: 'M',
  outcome: 'PASS',
  measured_value,
  validators,
  ...(units ? { units } : {}),
});

describe('span', () => {
  test.each([
    [[held('range', [3.2, 3.4])], { low: 3.2, high: 3.4 }],
    [[held('within', [0.9, 1.1])], { low: 0.9, high: 1.1 }],
    [[held('>=', 3.2), held('<', 3.4)], { low: 3.2, high: 3.4 }],
    [[held('<=', 0.06)], { low: null, high: 0.06 }],
    [[held('==', 5)], { low: 5, high: 5 }],
    [[held('in', [1, 2])], null],
    [[held('!=', 1)], null],
    [[held('matches', '^v2')], null],
    [[], null],
  ])('of %j', (validators, span) => {
    expect(spanOf(validators)).toEqual(span);
  });

  test('a warning does not narrow it, unless warnings are all there is', () => {
    const warning = held('<=', 3.3, { is_decisive: false });
    expect(spanOf([held('range', [3.2, 3.4]), warning])).toEqual({ low: 3.2, high: 3.4 });
    expect(spanOf([warning])).toEqual({ low: null, high: 3.3 });
  });
});

describe('scale', () => {
  test('a value stands on the side of each limit on which it is', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const side = (a: number, b: number) => Math.sign(Math.round((a - b) * 1e9));
    fc.assert(
      fc.property(number, number, number, (value, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        fc.pre(high - low > 1e-3);
        const places = placesOf(value, { low, high });
        expect(places.value).toBeGreaterThan(0);
        expect(places.value).toBeLessThan(1);
        if (Math.abs(value - low) > (high - low) * 1e-6)
          expect(side(places.value, places.low)).toBe(Math.sign(value - low));
        if (Math.abs(value - high) > (high - low) * 1e-6)
          expect(side(places.value, places.high)).toBe(Math.sign(value - high));
      }),
    );
  });
  test('one-sided limits are open at the other end', () => {
    expect(placesOf(0.03, { low: null, high: 0.06 })).toEqual({ low: 0, high: 0.8, value: 0.4 });
    expect(placesOf(6, { low: 3, high: null }).high).toBe(1);
  });
});

describe('words', () => {
  test.each([
    [measured(3.3, [held('range', [3.2, 3.4])], 'V'), '3.2\u202fV to 3.4\u202fV'],
    [measured(0.04, [held('<=', 0.06)], 'A'), 'at most 60\u202fmA'],
    [measured('2.4.1', [held('in', ['2.4.0', '2.4.1'])]), 'one of 2.4.0, 2.4.1'],
    [measured('x', [held('!=', 'y')]), 'anything but y'],
    [measured(1, [held('in', [1], { expression: 'x in (1)' })]), 'x in (1)'],
  ])('of limits', (measurement, text) => {
    expect(limitText(measurement)).toBe(text);
  });
  test.each([
    [measured(null, []), 'no value'],
    [measured(true, []), 'yes'],
    [measured(false, []), 'no'],
    [measured('ERR', []), 'ERR'],
    [measured(3.301, [held('range', [3.2, 3.4])], 'V'), '3.301\u202fV'],
  ])('of values', (measurement, text) => {
    expect(valueText(measurement)).toBe(text);
  });
});
