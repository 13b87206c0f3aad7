import { describe, expect, test } from 'vitest';
import { measureOutcome } from '#measure/measure-outcome.ts';
import type { Validator } from '#measure/validator.ts';

const above = (expected: number, isDecisive = true): Validator => ({ operator: '>', expected, isDecisive });

describe('rule 3: a measurement from its validators', () => {
  test('every decisive validator must hold', () => {
    expect(measureOutcome(5, { validators: [above(1), above(4)] }).outcome).toBe('PASS');
    const failed = measureOutcome(3, { validators: [above(1), above(4), above(9)], unit: 'V' });
    expect(failed).toMatchObject({ outcome: 'FAIL', reason: '3 V is not above 4 V', warnings: [] });
    expect(failed.judgements.map(({ verdict }) => verdict)).toEqual(['PASS', 'FAIL', 'FAIL']);
  });

  test('a miss that only warns is said and does not fail', () => {
    expect(measureOutcome(3, { validators: [above(1), above(4, false)] })).toMatchObject({
      outcome: 'PASS',
      warnings: ['3 is not above 4'],
    });
  });

  test('a limit that only warns does not forgive a value of the wrong kind', () => {
    expect(measureOutcome('ERR', { validators: [above(4, false)] }).outcome).toBe('FAIL');
  });

  test('UNSET only where nothing was to be judged; nothing usable is a FAIL even there', () => {
    expect(measureOutcome(3, { validators: [] }).outcome).toBe('UNSET');
    for (const value of [null, NaN, Infinity]) expect(measureOutcome(value, { validators: [] }).outcome).toBe('FAIL');
  });

  test('marginal is a pass close to its limit, or one whose margin cannot be told', () => {
    const marginal = above(8);
    expect(measureOutcome(9, { validators: [above(4)], marginal }).marginal).toBe(false);
    expect(measureOutcome(5, { validators: [above(4)], marginal })).toMatchObject({ outcome: 'PASS', marginal: true });
    expect(measureOutcome(3, { validators: [above(4)], marginal })).toMatchObject({ outcome: 'FAIL', marginal: false });
    const broken: Validator = { operator: 'matches', expected: '(', isDecisive: true };
    expect(measureOutcome(5, { validators: [above(4)], marginal: broken }).marginal).toBe(true);
  });
});
