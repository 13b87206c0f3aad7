import { describe, expect, test } from 'vitest';
import type { Axis, Measurement, Step } from '#procedure/procedure.ts';
import { aMeasurement, aPhase, aProcedure, measure, range, wait } from './a-procedure.ts';
import { tryRun } from './try-run.ts';

const axis = (key: string, more: Partial<Axis> = {}): Axis => ({
  key,
  legend: key,
  validators: [],
  aggregations: [],
  ...more,
});
const ask = (name: string, line = 1): Step => ({
  kind: 'measure',
  measurement: 'curve',
  plug: 'fixture',
  source: { query: `${name}?` },
  axis: name,
  line,
});
const output = axis('output', {
  unit: 'V',
  validators: [{ ...range(3.2, 3.4), every: 'point' }],
  aggregations: [{ type: 'min', validators: [{ operator: '>=', expected: 3.25, isDecisive: true }] }],
});
const curve: Measurement = aMeasurement('curve', [], { xAxis: axis('load', { unit: 'A' }), yAxis: [output] });
const sweep = (more = curve) =>
  aProcedure([aPhase('Sweep', [ask('load'), ask('output')], { measurements: [more], timeoutMs: 5000 })]);

describe('rule 11: measurements of many points', () => {
  test('axes that came whole are one measurement, judged by point and by aggregation', async () => {
    const { record, events } = await tryRun(sweep(), { answers: { 'load?': '0,0.5,1', 'output?': '3.31,3.3,3.29' } });
    expect(record.outcome).toBe('PASS');
    expect(events.filter(({ kind }) => kind === 'measurement')).toHaveLength(1);
    const [kept] = record.phases[0]!.measurements;
    expect(kept).toMatchObject({ outcome: 'PASS', measured_value: null });
    expect(kept!.x_axis!.data).toEqual(Float64Array.from([0, 0.5, 1]));
    expect(kept!.y_axis![0]!.data).toEqual(Float64Array.from([3.31, 3.3, 3.29]));
    expect(kept!.y_axis![0]!.aggregations).toMatchObject([{ type: 'min', value: 3.29, outcome: 'PASS', units: 'V' }]);
  });

  test.each([
    ['3.31,3.1,3.29', 'output: point 2 at 0.5 A: 3.1 V is below 3.2 V'],
    ['3.31,3.22,3.29', 'output: min: 3.22 V is below 3.25 V'],
    ['3.31,NAN,3.29', 'output: point 2 of 3 is not a number (NaN)'],
    ['3.31,9.9E37,3.29', 'output: point 2 of 3 is infinite or an overload'],
    ['3.31,3.3', 'output has 2 points where there should be 3'],
    ['3.31,ERR,3.3', 'output: the answer is no list of numbers: item 2 of 3 is "ERR"'],
    ['', 'output has 0 points where there should be 3'],
  ])('%j fails: %s', async (answer, reason) => {
    const { record } = await tryRun(sweep(), { answers: { 'load?': '0,0.5,1', 'output?': answer } });
    expect(record.outcome).toBe('FAIL');
    expect(record.reason).toBe(`Sweep: curve: ${reason}`);
  });

  test('an axis that never came fails the measurement, and the others are kept', async () => {
    const procedure = aProcedure([aPhase('Sweep', [ask('output')], { measurements: [curve] })]);
    const { record } = await tryRun(procedure, { answers: { 'output?': '3.3,3.3' } });
    expect(record.reason).toBe('Sweep: curve: load was never recorded');
    expect(record.phases[0]!.measurements[0]!.y_axis![0]!.data).toHaveLength(2);
  });

  test('an attempt that is cut keeps the axes that it had', async () => {
    const steps = [ask('load'), wait(9000), ask('output')];
    const procedure = aProcedure([aPhase('Sweep', steps, { measurements: [curve], timeoutMs: 100 })]);
    const { record } = await tryRun(procedure, { answers: { 'load?': '1,2' } });
    expect(record.outcome).toBe('TIMEOUT');
    const [kept] = record.phases[0]!.measurements;
    expect(kept).toMatchObject({ outcome: 'FAIL', reason: 'output was never recorded' });
    expect(kept!.x_axis!.data).toEqual(Float64Array.from([1, 2]));
  });

  test('the same axis again begins anew, and both stay', async () => {
    const procedure = aProcedure([
      aPhase('Sweep', [ask('load'), ask('load'), ask('output')], { measurements: [curve] }),
    ]);
    const { record } = await tryRun(procedure, { answers: { 'load?': '1,2', 'output?': '3.3,3.3' } });
    expect(record.phases[0]!.measurements.map(({ outcome }) => outcome)).toEqual(['FAIL', 'PASS']);
    expect(record.outcome).toBe('PASS');
  });

  test('x may be stated, or lie at equal distances', async () => {
    const stated = { ...curve, xAxis: axis('load', { data: [1, 2] }) };
    const only = (one: Measurement) => aProcedure([aPhase('Sweep', [ask('output')], { measurements: [one] })]);
    const answers = { 'output?': '3.3,3.3' };
    const first = await tryRun(only(stated), { answers });
    expect([...first.record.phases[0]!.measurements[0]!.x_axis!.data]).toEqual([1, 2]);
    const spaced = { ...curve, xAxis: axis('load', { spaced: { start: 5, step: 0.5 } }) };
    const second = await tryRun(only(spaced), { answers });
    expect([...second.record.phases[0]!.measurements[0]!.x_axis!.data]).toEqual([5, 5.5]);
    expect([first.record.outcome, second.record.outcome]).toEqual(['PASS', 'PASS']);
  });

  test('points that only the procedure states are no measurement', async () => {
    const all = aMeasurement('curve', [], { yAxis: [axis('output', { data: [3.3, 3.3] })] });
    const { record } = await tryRun(aProcedure([aPhase('Sweep', [wait(1)], { measurements: [all] })]));
    expect(record.reason).toBe('Sweep: curve: was never recorded');
  });

  test('limits on the measurement itself find no value, and fail', async () => {
    const { record } = await tryRun(sweep({ ...curve, validators: [range(0, 9)] }), {
      answers: { 'load?': '0', 'output?': '3.3' },
    });
    expect(record.outcome).toBe('FAIL');
  });

  test('a pass close to a limit is marked', async () => {
    const close = { ...output, marginal: { ...range(3.25, 3.35), every: 'point' as const } };
    const { record } = await tryRun(sweep({ ...curve, yAxis: [close] }), {
      answers: { 'load?': '0,1', 'output?': '3.3,3.38' },
    });
    expect(record.phases[0]!.measurements[0]).toMatchObject({ outcome: 'PASS', marginal: true });
  });

  test('a limit that only warns is said', async () => {
    const soft = axis('output', { validators: [{ ...range(0, 1), every: 'point', isDecisive: false }] });
    const { record } = await tryRun(sweep({ ...curve, yAxis: [soft] }), { answers: { 'load?': '0', 'output?': '2' } });
    expect(record.outcome).toBe('PASS');
    expect(record.logs).toMatchObject([
      { level: 'WARNING', message: 'curve: point 1 at 0 A: 2 is above 1 (a warning only)' },
    ]);
  });
});

describe('aggregations of single values', () => {
  test('they are over everything that one attempt recorded', async () => {
    const spread = { type: 'std', validators: [{ operator: '<=' as const, expected: 0.1, isDecisive: true }] };
    const rail = aMeasurement('rail', [range(3.2, 3.4)], { aggregations: [spread, { type: 'avg', validators: [] }] });
    const three: Step = { kind: 'repeat', steps: [measure('rail')], count: 3, pauseMs: 0, line: 1 };
    const answers = ['3.30', '3.31', '3.32'];
    const run = (values: string[]) =>
      tryRun(aProcedure([aPhase('Rails', [three], { measurements: [rail] })]), {
        behave: () => ({ kind: 'answer', text: values.shift()! }),
      });
    const good = await run(answers);
    expect(good.record.outcome).toBe('PASS');
    const last = good.record.phases[0]!.measurements.at(-1)!;
    expect(last.aggregations).toMatchObject([
      { type: 'std', outcome: 'PASS' },
      { type: 'avg', outcome: 'UNSET' },
    ]);
    expect(last.aggregations![1]!.value).toBeCloseTo(3.31, 12);
    expect((await run(['3.2', '3.4', '3.2'])).record.reason).toContain('Rails: rail: std:');
  });
});
