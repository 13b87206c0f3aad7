import { describe, expect, test } from 'vitest';
import { HEAD, load, obstacles, problems, withPhase } from './read-text.ts';

const Y = `{ legend: Output, unit: V, validators: [{ operator: range, expected_value: [3.2, 3.4], every: point }] }`;
const sweep = (
  y = Y,
  step = '{ name: Sweep, plug: fixture, query: CURV?, as: curve }',
  x = '{ legend: Load, step: 0.5 }',
) => withPhase(`steps: [{ measure: ${step} }]\nmeasurements:\n  - name: Sweep\n    x_axis: ${x}\n    y_axis: [${y}]`);

describe('measurements of many points', () => {
  test('axes, points at equal distances, limits by point and aggregations', () => {
    const y = Y.replace(
      ' }] }',
      ` }], aggregations: [{ type: min, validators: [{ operator: '>=', expected_value: 3 }] }] }`,
    );
    const [phase] = load(sweep(y)).phases;
    expect(phase!.measurements[0]).toMatchObject({
      key: 'sweep',
      xAxis: { key: 'load', legend: 'Load', spaced: { start: 0, step: 0.5 } },
      yAxis: [
        {
          key: 'output',
          validators: [{ operator: 'range', every: 'point' }],
          aggregations: [{ type: 'min', validators: [{ operator: '>=' }] }],
        },
      ],
    });
    expect(phase!.steps[0]).toMatchObject({ kind: 'measure', measurement: 'sweep', axis: 'output' });
    expect(obstacles(sweep(y))).toEqual([]);
  });

  test('a limit curve has corners', () => {
    const curve = '{ legend: Output, validators: [{ curve: [{ x: 0, low: 1 }, { x: 9, low: 2 }] }] }';
    expect(load(sweep(curve)).phases[0]!.measurements[0]!.yAxis![0]!.validators).toEqual([
      {
        operator: 'curve',
        expected: [],
        curve: [
          { x: 0, low: 1 },
          { x: 9, low: 2 },
        ],
        isDecisive: true,
      },
    ]);
    expect(problems(sweep(curve.replace('x: 9', 'x: 0')))[0]).toMatch(/^validator /);
    expect(problems(sweep(curve.replace('validators: [{', "validators: [{ operator: '<',")))[0]).toMatch(/^conflict /);
  });

  test.each([
    ['a limit that could only judge a list as a whole', Y.replace(', every: point', ''), /every: point/],
    ['an aggregation that nobody can work out', Y.replace(' }] }', ' }], aggregations: [{ type: minn }] }'), /“min”/],
    ['two axes with one key', `${Y}, ${Y}`, /two axes/],
    ['texts as points', Y.replace('legend: Output', 'legend: Output, data: [a]'), /finite numbers/],
  ])('%s is in the way of a run', (_, y, words) => {
    const step = '{ name: Sweep, plug: fixture, query: CURV?, as: curve, axis: output }';
    expect(
      load(sweep(y, step))
        .obstacles.map(({ message }) => message)
        .join('\n'),
    ).toMatch(words);
  });

  test.each([
    ['{ name: Sweep, plug: fixture, query: A? }', 'missing-key'],
    ['{ name: Sweep, plug: fixture, query: A?, as: curve, axis: nope }', 'unknown-axis'],
    ['{ name: Sweep, plug: fixture, query: A?, as: list }', 'choice'],
  ])('a step that cannot fill it: %s', (step, code) => {
    expect(problems(sweep(Y, step)).map((one) => one.split(' ')[0])).toContain(code);
  });

  test('with two axes to read, the step says which', () => {
    const step = '{ name: Sweep, plug: fixture, query: A?, as: curve }';
    expect(problems(sweep(Y, step, '{ legend: Load }'))[0]).toMatch(/^missing-key /);
    expect(problems(sweep(Y, step.replace('curve', 'curve, axis: Load'), '{ legend: Load }'))).toEqual([]);
  });
});

describe('waiting and repeating', () => {
  const steps = (text: string) => withPhase(`steps: [${text}]\nmeasurements: [{ name: a }]`);
  const MEASURE = '{ measure: { name: a, plug: fixture, query: A? } }';

  test('they are read with their defaults', () => {
    const expectStep =
      "{ expect: { plug: fixture, query: S?, operator: matches, expected_value: '^OK', timeout: 2s } }";
    const until = "until: { name: a, operator: '<=', expected_value: 4 }, timeout: 9s";
    const text = steps(`${expectStep}, { repeat: { ${until}, steps: [${MEASURE}] } }`);
    expect(load(text).phases[0]!.steps).toMatchObject([
      {
        kind: 'expect',
        plug: 'fixture',
        command: 'S?',
        timeoutMs: 2000,
        pauseMs: 100,
        wanted: { operator: 'matches' },
      },
      { kind: 'repeat', timeoutMs: 9000, pauseMs: 100, until: { measurement: 'a', wanted: { expected: 4 } } },
    ]);
    expect(problems(text)).toEqual([]);
  });

  test.each([
    [`{ repeat: { steps: [${MEASURE}] } }`, 'missing-key'],
    [`{ repeat: { count: 0, steps: [${MEASURE}] } }`, 'range'],
    [`{ repeat: { count: 2, steps: [] } }`, 'length'],
    [`{ repeat: { count: 2, timeout: 1s, steps: [${MEASURE}] } }`, 'conflict'],
    [`{ repeat: { until: { name: a, operator: '<', expected_value: 1 }, steps: [${MEASURE}] } }`, 'missing-key'],
    [`{ expect: { plug: fixture, query: S?, operator: '<', expected_value: 1 } }`, 'missing-key'],
    [`{ expect: { plug: fixture, query: S?, operator: '<', expected_value: x, timeout: 1s } }`, 'validator'],
  ])('%s', (step, code) => {
    expect(problems(steps(step))[0]!.split(' ')[0]).toBe(code);
  });

  test('sections side by side, and the run’s own times', () => {
    const text = `${HEAD}execution: { timeout: 5m, teardown_timeout: 10s }\nmain:\n  parallel: true\n  phases:\n    - { name: A, steps: [{ wait: 1ms }] }\n`;
    expect(load(text)).toMatchObject({ parallel: ['main'], timeoutMs: 300_000, teardownTimeoutMs: 10_000 });
  });
});
