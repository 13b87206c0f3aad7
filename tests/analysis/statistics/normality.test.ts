/** The Anderson–Darling test: against NIST's heat flow meter case, and against what it must do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CRITICAL_5_PERCENT, normalityOf, normalityProbability } from '#analysis/statistics/normality.ts';
import { HEAT_FLOW } from './heat-flow.ts';

describe('rule 9: values that look normal', () => {
  test('NIST/SEMATECH e-Handbook 1.4.2.8, heat flow meter 1: 0.129, and normality is not rejected', () => {
    const found = normalityOf(HEAT_FLOW)!;
    // The handbook adjusts as Stephens 1974 did, with 0.787 as its 5 % point; this room as he did in 1986, with 0.752.
    const n = HEAT_FLOW.length;
    expect((found.statistic * (1 + 4 / n - 25 / n ** 2)).toFixed(3)).toBe('0.129');
    expect(found.isRejected).toBe(false);
    expect(found.p).toBeGreaterThan(0.9);
  });

  test('the published 5 % point has a probability of 5 %, and the pieces of the probability meet', () => {
    const at = normalityProbability;
    expect(at(CRITICAL_5_PERCENT)).toBeCloseTo(0.05, 3);
    // D'Agostino and Stephens 1986, table 4.7, case 3: 10 %, 2.5 % and 1 %.
    expect(at(0.631)).toBeCloseTo(0.1, 2);
    expect(at(0.873)).toBeCloseTo(0.025, 3);
    expect(at(1.035)).toBeCloseTo(0.01, 3);
    for (const edge of [0.2, 0.34, 0.6]) expect(Math.abs(at(edge - 1e-6) - at(edge + 1e-6))).toBeLessThan(0.01);
  });

  test('two heaps are no normal values, nor is an exponential tail', () => {
    const heaps = Array.from({ length: 60 }, (_, at) => (at % 2) * 10 + (at % 7) / 10);
    const tail = Array.from({ length: 100 }, (_, at) => -Math.log(1 - (at + 0.5) / 100));
    expect(normalityOf(heaps)!.isRejected).toBe(true);
    expect(normalityOf(tail)!).toMatchObject({ isRejected: true });
    expect(normalityOf(tail)!.p).toBeLessThan(0.001);
  });

  test('neither scale nor offset nor order matter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 8, maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (list, scale) => {
          const one = normalityOf(list);
          const other = normalityOf(list.toReversed().map((value) => value * scale + 17));
          if (!one || !other) return expect(one).toBe(other);
          expect(other.statistic).toBeCloseTo(one.statistic, 8);
        },
      ),
    );
  });

  test('rule 12: fewer than eight values, or values without spread, say nothing', () => {
    expect(normalityOf([1, 2, 3, 4, 5, 6, 7])).toBeNull();
    expect(normalityOf(Array.from({ length: 20 }, () => 5))).toBeNull();
  });

  test('a value 50 sigma out is rejected, and is no NaN', () => {
    const found = normalityOf([...HEAT_FLOW, 11])!;
    expect(Number.isFinite(found.statistic)).toBe(true);
    expect(found).toMatchObject({ isRejected: true, p: 0 });
  });
});
