import { describe, expect, test } from 'vitest';
import type { AxisRecord, MeasurementRecord } from '#record/run-record.ts';
import { wireAggregation, wireCurve } from '#sync/tofupilot/wire-curve.ts';
import { wireValidator } from '#sync/tofupilot/wire-validator.ts';
import { validMeasurement } from './valid-measurement.ts';

const axis = (name: string, ...data: number[]): AxisRecord => ({
  key: name,
  name,
  units: 'V',
  data: Float64Array.from(data),
  validators: [
    { operator: 'range', expected_value: [3.2, 3.4], every: 'point', outcome: 'PASS', is_decisive: true },
    {
      operator: 'curve',
      expected_value: [],
      curve: [
        { x: 0, low: 1 },
        { x: 9, low: 2 },
      ],
      outcome: 'PASS',
      is_decisive: true,
    },
  ],
  aggregations: [{ type: 'min', value: 3.2, outcome: 'PASS', units: 'V', validators: [] }],
});
const curve = (x: AxisRecord, y: AxisRecord): MeasurementRecord => ({
  key: 'sweep',
  name: 'Sweep',
  outcome: 'PASS',
  measured_value: null,
  validators: [],
  x_axis: x,
  y_axis: [y],
});

describe('rule 11: axes and aggregations on the wire', () => {
  test('points are plain numbers there, and the schema takes them', () => {
    const { leftOut, ...wire } = wireCurve(curve(axis('load', 0, 1), axis('output', 3.3, 3.2)));
    expect(leftOut).toBe(0);
    expect(wire.y_axis![0]!.data).toEqual([3.3, 3.2]);
    expect(JSON.parse(JSON.stringify(wire))).toEqual(wire);
    expect(validMeasurement({ name: 'Sweep', outcome: 'PASS', measured_value: null, ...wire })).toEqual([]);
  });

  test('a point that is no number is left out on every axis, and counted', () => {
    const { leftOut, x_axis, y_axis } = wireCurve(curve(axis('load', 0, 1, 2), axis('output', 3.3, NaN, Infinity)));
    expect([leftOut, x_axis!.data, y_axis![0]!.data]).toEqual([2, [0], [3.3]]);
  });

  test('a hundred thousand points stay a hundred thousand', () => {
    const y = { ...axis('output'), data: new Float64Array(100_000).fill(3.3) };
    expect(wireCurve(curve(y, y)).y_axis![0]!.data).toHaveLength(100_000);
  });

  test('what the server has no field for is said in words', () => {
    const [byPoint, along] = axis('a').validators.map(wireValidator);
    expect(byPoint).toMatchObject({
      operator: 'range',
      expected_value: [3.2, 3.4],
      expression: 'every point range 3.2, 3.4',
    });
    expect(along).toEqual({ outcome: 'PASS', expression: 'limit curve 0: 1 to any, 9: 2 to any', is_decisive: true });
  });

  test('an aggregation without a usable value has none', () => {
    const broken = { type: 'std', value: NaN, outcome: 'PASS' as const, validators: [] };
    expect(wireAggregation(broken)).toEqual({ type: 'std', outcome: 'FAIL', value: null });
  });
});
