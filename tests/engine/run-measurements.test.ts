import { describe, expect, test } from 'vitest';
import { aMeasurement, aPhase, aProcedure, measure, range, set, wait } from './a-procedure.ts';
import { tryRun } from './try-run.ts';

const rail = (low = 3.2, high = 3.4) => ({ measurements: [aMeasurement('rail', [range(low, high)], { unit: 'V' })] });

describe('rule 1: measurements', () => {
  test('a value inside passes, outside fails with value and limit in the reason', async () => {
    const procedure = aProcedure([aPhase('Rails', [measure('rail')], rail())]);
    expect((await tryRun(procedure, { answers: { 'rail?': '3.301' } })).record.outcome).toBe('PASS');
    const { record } = await tryRun(procedure, { answers: { 'rail?': '3.05' } });
    expect(record.outcome).toBe('FAIL');
    expect(record.reason).toBe('Rails: rail: 3.05 V is below 3.2 V');
    expect(record.phases[0]!.measurements[0]).toEqual({
      key: 'rail',
      name: 'rail',
      outcome: 'FAIL',
      measured_value: 3.05,
      units: 'V',
      validators: [
        {
          operator: 'range',
          expected_value: [3.2, 3.4],
          outcome: 'FAIL',
          is_decisive: true,
          reason: '3.05 V is below 3.2 V',
        },
      ],
      reason: '3.05 V is below 3.2 V',
    });
  });

  test.each([
    ['NAN', null, 'the value is not a number (NaN)'],
    ['9.91E37', null, 'the value is not a number (NaN)'],
    ['+9.9E+37', null, 'the value is infinite or an overload'],
    ['-INF', null, 'the value is infinite or an overload'],
    ['', null, 'the answer was empty'],
    ['ERR', 'ERR', 'not a number: "ERR"'],
    ['3.3 V', '3.3 V', 'not a number: "3.3 V"'],
  ])('the answer %j never passes a numeric limit', async (answer, value, reason) => {
    const limits = { measurements: [aMeasurement('rail', [{ operator: '>=', expected: 3.2, isDecisive: true }])] };
    const { record } = await tryRun(aProcedure([aPhase('Rails', [measure('rail')], limits)]), {
      answers: { 'rail?': answer },
    });
    expect(record.outcome).toBe('FAIL');
    expect(record.phases[0]!.measurements[0]).toMatchObject({ measured_value: value, outcome: 'FAIL', reason });
  });

  test('garbage fails even where the limit only warns', async () => {
    const limits = { measurements: [aMeasurement('rail', [{ ...range(3, 4), isDecisive: false }])] };
    const procedure = aProcedure([aPhase('Rails', [measure('rail')], limits)]);
    expect((await tryRun(procedure, { answers: { 'rail?': '??' } })).record.outcome).toBe('FAIL');
    const warned = await tryRun(procedure, { answers: { 'rail?': '5' } });
    expect(warned.record.outcome).toBe('PASS');
    expect(warned.record.logs).toMatchObject([{ level: 'WARNING', message: 'rail: 5 is above 4 (a warning only)' }]);
  });

  test('a text that looks like a number stays a text where a text is expected', async () => {
    const limits = { measurements: [aMeasurement('lot', [{ operator: '==', expected: '007', isDecisive: true }])] };
    const { record } = await tryRun(aProcedure([aPhase('Lot', [measure('lot')], limits)]), {
      answers: { 'lot?': '007' },
    });
    expect(record.phases[0]!.measurements[0]).toMatchObject({ measured_value: '007', outcome: 'PASS' });
  });

  test('a numeric answer that nothing judges is still a number', async () => {
    const phase = aPhase('Free', [measure('free')], { measurements: [aMeasurement('free')] });
    const { record } = await tryRun(aProcedure([phase]), { answers: { 'free?': '+5.0E0' } });
    expect(record.phases[0]!.measurements[0]).toMatchObject({ measured_value: 5, outcome: 'UNSET' });
  });

  test('nothing to judge is UNSET, close to a limit is marginal, within is recorded as its range', async () => {
    const measurements = [
      aMeasurement('free'),
      aMeasurement('close', [range(0, 10)], { marginal: range(1, 9) }),
      aMeasurement('near', [{ operator: 'within', expected: 3.2, tolerance: { absolute: 0.1 }, isDecisive: true }]),
    ];
    const steps = [set('free', 5), set('close', 9.5), set('near', 3.1)];
    const { record } = await tryRun(aProcedure([aPhase('All', steps, { measurements })]));
    expect(record.outcome).toBe('PASS');
    const [free, close, near] = record.phases[0]!.measurements;
    expect(free).toMatchObject({ outcome: 'UNSET', measured_value: 5 });
    expect(close).toMatchObject({ outcome: 'PASS', marginal: true });
    expect(near!.validators[0]).toMatchObject({
      operator: 'range',
      expected_value: [3.1, 3.3],
      expression: '3.2 ± 0.1',
    });
  });
});

describe('rule 2: declared measurements', () => {
  test('never recorded: the phase fails by its name', async () => {
    const { record } = await tryRun(aProcedure([aPhase('Rails', [wait(1)], rail())]));
    expect(record.phases[0]).toMatchObject({ outcome: 'FAIL', reason: 'rail: was never recorded' });
    expect(record.phases[0]!.measurements).toMatchObject([{ key: 'rail', outcome: 'FAIL', measured_value: null }]);
  });

  test('recorded twice: both stay, the last decides', async () => {
    const run = (first: number, last: number) =>
      tryRun(aProcedure([aPhase('Rails', [set('rail', first), set('rail', last)], rail())]));
    const better = await run(1, 3.3);
    expect(better.record.outcome).toBe('PASS');
    expect(better.record.phases[0]!.measurements.map(({ outcome }) => outcome)).toEqual(['FAIL', 'PASS']);
    expect((await run(3.3, 1)).record.outcome).toBe('FAIL');
  });
});

test('ten thousand measurements of one phase are all recorded', async () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `m${index}`);
  const phase = aPhase(
    'All',
    keys.map((key) => measure(key)),
    { measurements: keys.map((key) => aMeasurement(key, [range(3.2, 3.4)])), timeoutMs: 60_000 },
  );
  const { record } = await tryRun(aProcedure([phase]), { behave: () => ({ kind: 'answer', text: '3.301' }) });
  expect(record.outcome).toBe('PASS');
  expect(record.phases[0]!.measurements.map(({ key }) => key)).toEqual(keys);
});
