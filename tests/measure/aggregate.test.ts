import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregate, isAggregation } from '#measure/aggregate.ts';
import { aggregationOutcome } from '#measure/aggregation-outcome.ts';
import type { Validator } from '#measure/validator.ts';

const of = (type: string, ...values: number[]) => aggregate(type, Float64Array.from(values));
const atLeast = (expected: number): Validator => ({ operator: '>=', expected, isDecisive: true });

describe('rule 9: aggregations', () => {
  test.each([
    ['min', 1],
    ['max', 4],
    ['avg', 2.5],
    ['sum', 10],
    ['count', 4],
    ['median', 2.5],
    ['percentile_0', 1],
    ['percentile_25', 1.75],
    ['percentile_95', 3.85],
    ['percentile_99.9', 3.997],
    ['percentile_100', 4],
    ['peak_to_peak', 3],
    ['rms', Math.sqrt(7.5)],
    ['std', Math.sqrt(5 / 3)],
  ])('%s of 3, 1, 4, 2 is %d', (type, value) => {
    const found = of(type, 3, 1, 4, 2);
    expect('value' in found ? found.value : found.reason).toBeCloseTo(value, 12);
  });

  test('small readings are not lost beside a large one', () => {
    expect(of('sum', 1e16, ...Array.from({ length: 1000 }, () => 1), -1e16)).toEqual({ value: 1000 });
  });

  test('they agree with a plain calculation, and leave the points as they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 }),
        (values) => {
          const data = Float64Array.from(values);
          const sorted = values.toSorted((a, b) => a - b);
          const mean = values.reduce((a, b) => a + b, 0) / values.length;
          const near = (type: string, wanted: number) => {
            const found = aggregate(type, data);
            if (!('value' in found)) throw new Error(found.reason);
            expect(Math.abs(found.value - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted)));
          };
          near('min', sorted[0]!);
          near('max', sorted.at(-1)!);
          near('avg', mean);
          near('std', Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1)));
          expect([...data]).toEqual(values);
        },
      ),
      { numRuns: 300, seed: 20261121 },
    );
  });

  test.each([
    ['std', [3], 'the spread of one value cannot be told'],
    ['min', [], 'there are no values'],
    ['avg', [1, NaN], 'not all values are finite numbers'],
    ['rms', [1e200, 1e200], 'the result is too large for a number'],
    ['percentile_101', [1], 'nothing is known of the aggregation “percentile_101”'],
    ['mode', [1], 'nothing is known of the aggregation “mode”'],
  ])('%s of %j has no value, and says why', (type, values, reason) => {
    expect(of(type, ...values)).toEqual({ reason });
    const judged = aggregationOutcome({ type, validators: [atLeast(0)] }, Float64Array.from(values));
    expect(judged).toMatchObject({ outcome: 'FAIL', value: null, reason: `${type}: ${reason}` });
  });

  test('only the listed ones are worked out', () => {
    expect(['percentile_5', 'rms'].every(isAggregation)).toBe(true);
    expect(['percentile_', 'percentile_101', 'average', ''].some(isAggregation)).toBe(false);
  });

  test('they keep limits of their own, and without any nothing was judged', () => {
    const data = Float64Array.from([3.1, 3.3]);
    const fails = aggregationOutcome({ type: 'min', validators: [atLeast(3.2)] }, data, 'V');
    expect(fails).toMatchObject({ outcome: 'FAIL', value: 3.1, reason: 'min: 3.1 V is below 3.2 V' });
    expect(aggregationOutcome({ type: 'max', validators: [atLeast(3.2)] }, data).outcome).toBe('PASS');
    expect(aggregationOutcome({ type: 'max', validators: [] }, data)).toMatchObject({ outcome: 'UNSET', value: 3.3 });
  });

  test('a stated value is judged in place of the computed one, and said when the two disagree', () => {
    const data = Float64Array.from([3.1, 3.3]);
    const same = aggregationOutcome({ type: 'avg', value: 3.2 + 1e-12, validators: [atLeast(3)] }, data);
    expect(same).toMatchObject({ outcome: 'PASS', warnings: [] });
    const other = aggregationOutcome({ type: 'avg', value: 2.9, validators: [atLeast(3)] }, data);
    expect(other).toMatchObject({ outcome: 'FAIL', value: 2.9 });
    expect(other.warnings).toEqual(['avg is stated as 2.9, and 3.2 was computed']);
    const own = aggregationOutcome({ type: 'cpk', value: 1.5, validators: [atLeast(1.33)] }, data);
    expect(own).toMatchObject({ outcome: 'PASS', value: 1.5, warnings: [] });
  });
});
