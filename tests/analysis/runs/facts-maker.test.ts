import { describe, expect, test } from 'vitest';
import { FactsMaker } from '#analysis/runs/facts-maker.ts';
import type { MeasurementRecord, RunRecord } from '#record/run-record.ts';
import { number, phase, record, rowOf } from '../a-run.ts';

function pieceOf(...records: RunRecord[]) {
  const maker = new FactsMaker();
  for (const one of records) maker.add(rowOf(one), one);
  return maker.piece();
}

const CURVE: MeasurementRecord = {
  key: 'output',
  name: 'Output',
  outcome: 'PASS',
  measured_value: null,
  validators: [],
  y_axis: [
    {
      key: 'volt',
      name: 'Voltage',
      units: 'V',
      data: new Float64Array(),
      validators: [],
      aggregations: [
        {
          type: 'min',
          value: 3.2,
          outcome: 'PASS',
          validators: [{ operator: '>=', expected_value: 3.1, outcome: 'PASS', is_decisive: true }],
        },
        { type: 'std', value: null, outcome: 'UNSET', validators: [] },
      ],
    },
  ],
};

describe('rule 4: what of a run is measured', () => {
  test('numbers with their limits, and aggregations of curves; no text, no silence, nothing infinite', () => {
    const { series, runs } = pieceOf(
      record(1, 'sn-1', 'PASS', [
        phase('a', 'PASS', [
          number('rail', 3.3, [3.2, 3.4]),
          { ...number('fw', null), measured_value: '2.4.1' },
          { ...number('led', null), measured_value: true },
          number('silent', null),
          { ...number('inf', null), measured_value: Infinity },
          CURVE,
        ]),
      ]),
    );
    expect(series.map(({ phase: key, key: name, unit, low, high }) => [key, name, unit, low, high])).toEqual([
      ['a', 'rail', 'V', 3.2, 3.4],
      ['a', 'output.volt.min', 'V', 3.1, null],
    ]);
    expect([...runs[0]!.detail!.values]).toEqual([3.3, 3.2]);
    expect(runs[0]!.unit).toBe('SN-1');
  });

  test('of a phase that was tried again the last attempt is measured, and whether the first passed is kept', () => {
    const { runs } = pieceOf(
      record(1, 'SN-1', 'PASS', [
        phase('a', 'FAIL', [number('rail', 11)], { ended_ms: 100 }),
        phase('a', 'PASS', [number('rail', 5)], { retry_count: 1, started_ms: 100, ended_ms: 350 }),
        phase('b', 'SKIP'),
      ]),
    );
    const { values, firstTry, phaseMs } = runs[0]!.detail!;
    expect([...values]).toEqual([5]);
    expect([...firstTry]).toEqual([0, 2]);
    expect([...phaseMs]).toEqual([350, 100]);
  });
});

describe('rule 3: what decided', () => {
  const failing = phase('b', 'FAIL', [number('ok', 5), number('bad', 11), number('worse', 99)]);

  test('of FAIL the first measurement that failed in the first phase that did', () => {
    const { runs, series, phases } = pieceOf(record(1, 'SN-1', 'FAIL', [phase('a', 'PASS'), failing]));
    const { failedPhase, failedSeries } = runs[0]!.detail!;
    expect([phases[failedPhase]!.key, series[failedSeries]!.key]).toEqual(['b', 'bad']);
  });

  test('a measurement that is no number decides, too', () => {
    const text = { ...number('fw', null), measured_value: '1.0' };
    const { runs, series } = pieceOf(record(1, 'SN-1', 'FAIL', [phase('a', 'FAIL', [text])]));
    expect(series[runs[0]!.detail!.failedSeries]!.key).toBe('fw');
  });

  test('of ERROR the phase that broke, of TIMEOUT the one that ran out of time, of ABORTED and PASS none', () => {
    const broken = [phase('a', 'PASS'), phase('b', 'ERROR', [], { timed_out: true })];
    const { runs, phases } = pieceOf(
      record(4, 'SN-1', 'ERROR', broken),
      record(3, 'SN-1', 'TIMEOUT', broken),
      record(2, 'SN-1', 'ABORTED', broken),
      record(1, 'SN-1', 'PASS', broken),
    );
    expect(runs.map(({ detail }) => phases[detail!.failedPhase]?.key)).toEqual(['b', 'b', undefined, undefined]);
  });
});

test('a run under way is none; one of which only the line is left has no detail', () => {
  const maker = new FactsMaker();
  const one = record(1, 'SN-1', 'PASS', []);
  maker.add({ ...rowOf(one), outcome: null }, one);
  maker.add(rowOf(one), null);
  expect(maker.piece().runs).toMatchObject([{ seq: 1, detail: null }]);
});

test('rule 10: fixture by model and serial number, calibration by what holds until when', () => {
  const instruments = [
    { plug: 'fixture', model: 'FX-1', serial_number: 'FX0001' },
    { plug: 'dmm', model: '34461A', serial_number: 'MY59', calibration_due: '2027-03-01', certificate: 'C-1' },
    { plug: 'console' },
  ];
  const { runs } = pieceOf(record(2, 'SN-1', 'PASS', [], { instruments }), record(1, 'SN-1', 'PASS', []));
  expect(runs[0]!.detail).toMatchObject({
    fixture: 'FX-1 FX0001, 34461A MY59',
    calibration: 'dmm MY59 due 2027-03-01 C-1',
  });
  expect(runs[1]!.detail).toMatchObject({ fixture: 'fixture=ACME,FX-1,FX0001,1.0', calibration: '' });
});
