/** Why a unit failed, in one sentence with value and limit. */
import { describe, expect, test } from 'vitest';
import { firstReason, sentenceOf } from '#ui/parts/first-reason.ts';
import { LiveRun } from '#ui/live-run.svelte.ts';
import type { MeasurementRecord, Scalar, ValidatorRecord } from '#record/run-record.ts';
import { EVENTS, headerOf, rail, SWEEP } from '../gallery/samples.ts';

const plain = (text: string | undefined) => text?.replaceAll('\u202f', ' ');
function recordOf(state: string) {
  const run = new LiveRun(headerOf('SN-000120'), 0);
  run.apply(EVENTS[state] ?? []);
  return run.record;
}
function failing(
  value: Scalar | null,
  validator: Partial<ValidatorRecord>,
  more: Partial<MeasurementRecord> = {},
): MeasurementRecord {
  const whole = { operator: '==', expected_value: 1, outcome: 'FAIL', is_decisive: true, ...validator } as const;
  return { key: 'm', name: 'Speed', outcome: 'FAIL', measured_value: value, validators: [whole], ...more };
}

describe('first reason', () => {
  test('rule 3: FAIL names value and limit of the deciding attempt', () => {
    const reason = firstReason(recordOf('fail'));
    expect(plain(reason?.sentence)).toBe('Rail 3V3 is 3.05 V, under its limit of 3.2 V');
    expect(reason?.place).toBe('Power rails, attempt 2');
  });
  test.each([
    ['error', 'The fixture was lost: its cable was pulled, or it was switched off.', 'Power rails'],
    ['timeout', 'Power rails took longer than its 10 s.', 'Power rails'],
    ['aborted', 'A person stopped the run.', 'Power rails'],
  ])('%s gives the engine’s own reason', (state, sentence, place) => {
    expect(firstReason(recordOf(state))).toEqual({ sentence, place });
  });
  test('a pass and a run under way have none', () => {
    expect(firstReason(recordOf('pass'))).toBeNull();
    expect(firstReason(recordOf('running'))).toBeNull();
  });

  test.each([
    [rail(3.45, 'FAIL'), 'Rail 3V3 is 3.45 V, over its limit of 3.4 V'],
    [rail(null, 'FAIL'), 'Rail 3V3 has no value.'],
    [
      { ...rail(null, 'FAIL'), reason: 'the fixture did not answer' },
      'Rail 3V3 has no value: the fixture did not answer',
    ],
    [failing(2, { operator: '<', expected_value: 2 }), 'Speed is 2, and must be under 2'],
    [failing(4, { operator: '==', expected_value: 5 }), 'Speed is 4, and should be 5'],
    [
      failing('1.9', { operator: 'in', expected_value: ['2.0', '2.1'] }),
      'Speed is “1.9”, and should be one of 2.0, 2.1',
    ],
    [failing('ERR', { operator: '<=', expected_value: 3, reason: 'not a number' }), 'Speed is “ERR”: not a number'],
    [failing(false, { operator: '==', expected_value: true }), 'Speed is no, and should be yes'],
    [SWEEP, 'Output against load: point 3601 at 2.7 A: 3.249 V is below 3.25 V (and 399 more of 4000 points)'],
    [
      { ...SWEEP, y_axis: [...SWEEP.y_axis!, ...SWEEP.y_axis!] },
      'Output against load: Output: point 3601 at 2.7 A: 3.249 V is below 3.25 V (and 399 more of 4000 points)',
    ],
    [failing(3, { outcome: 'PASS' }, { reason: 'never recorded' }), 'Speed: never recorded'],
  ])('in words', (measurement, sentence) => {
    expect(plain(sentenceOf(measurement))).toBe(sentence);
  });
});
