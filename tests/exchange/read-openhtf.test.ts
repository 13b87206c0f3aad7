import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeOpenHtf } from '#exchange/openhtf/write-openhtf.ts';
import { readRuns } from '#exchange/read-runs.ts';
import type { PhaseRecord, RunRecord } from '#record/run-record.ts';
import { anyRun, run } from './a-run.ts';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');
const read = async (value: unknown) =>
  (await readRuns(typeof value === 'string' ? value : JSON.stringify(value), NOW_MS))[0]!;

/** What OpenHTF wrote on a bench of somebody else. */
const foreign = (change: Record<string, unknown> = {}) => ({
  dut_id: 'A1',
  station_id: 'bench-7',
  start_time_millis: 1_700_000_000_000,
  end_time_millis: 1_700_000_002_000,
  outcome: 'PASS',
  outcome_details: [],
  marginal: false,
  metadata: { test_name: 'my_test', config: { a: 1 } },
  code_info: { name: 'test.py', docstring: null, sourcecode: '' },
  subtests: [],
  branches: [],
  diagnosers: [],
  diagnoses: [],
  log_records: [
    {
      level: 25,
      logger_name: 'openhtf',
      source: 'test.py',
      lineno: 7,
      timestamp_millis: 1_700_000_000_500,
      message: 'hi',
    },
  ],
  phases: [
    phaseOf({
      v: {
        name: 'v',
        outcome: 'PASS',
        validators: ['0 <= Marginal:1 <= x <= 10'],
        units: { name: 'volt', code: 'VLT', suffix: 'V' },
        measured_value: 3,
      },
    }),
  ],
  ...change,
});
const phaseOf = (measurements: Record<string, unknown>, change: Record<string, unknown> = {}) => ({
  measurements,
  options: null,
  diagnosers: [],
  subtest_name: null,
  start_time_millis: 1_700_000_000_100,
  end_time_millis: 1_700_000_001_000,
  attachments: {},
  result: { phase_result: 'CONTINUE' },
  outcome: 'PASS',
  descriptor_id: 1,
  name: 'measure',
  codeinfo: { name: 'measure', docstring: 'Measures.', sourcecode: '' },
  ...change,
});
const one = (measurement: Record<string, unknown>) =>
  foreign({ phases: [phaseOf({ v: { name: 'v', ...measurement } })] });

describe('OpenHTF in', () => {
  test('1: a record that OpenHTF wrote', async () => {
    const { record, differences } = await read(foreign());
    expect(record).toMatchObject({
      seq: 0,
      station_id: 'bench-7',
      serial_number: 'A1',
      started_at: new Date(1_700_000_000_000).toISOString(),
      ended_ms: 2000,
      outcome: 'PASS',
      procedure: { id: '', name: 'my_test' },
      phases: [
        {
          name: 'measure',
          started_ms: 100,
          ended_ms: 1000,
          outcome: 'PASS',
          measurements: [
            {
              name: 'v',
              outcome: 'PASS',
              measured_value: 3,
              units: 'V',
              validators: [{ operator: 'range', expected_value: [0, 10], outcome: 'PASS', is_decisive: true }],
            },
          ],
        },
      ],
      logs: [{ level: 'INFO', at_ms: 500, message: 'hi', source_file: 'test.py', line_number: 7 }],
    });
    expect(record.phases[0]).not.toHaveProperty('reason');
    expect(differences).toEqual(['metadata.config is left out: a run has no place for it.']);
  });

  test('6: the same content is the same run, in any order and spacing', async () => {
    const record = foreign();
    const [first, again, other] = [
      await read(record),
      await read(JSON.stringify(Object.fromEntries(Object.entries(record).reverse()), null, 4)),
      await read(foreign({ dut_id: 'A2' })),
    ];
    expect(first.record.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(again.record.id).toBe(first.record.id);
    expect(other.record.id).not.toBe(first.record.id);
  });

  test.each([
    ['a limit that it misses', { outcome: 'PASS', validators: ['0 <= x <= 2'], measured_value: 3 }, '3 is above 2'],
    [
      'another text',
      { outcome: 'PASS', validators: ["'x' is equal to 'EU'"], measured_value: 'US' },
      '"US" is not "EU"',
    ],
    ['no value', { outcome: 'PASS' }, 'there is no value'],
  ])('3: a PASS with %s is a FAIL, up to the run', async (_, measurement, why) => {
    const { record, differences } = await read(one(measurement));
    expect([record.outcome, record.phases[0]!.outcome, record.phases[0]!.measurements[0]!.outcome]).toEqual([
      'FAIL',
      'FAIL',
      'FAIL',
    ]);
    expect(record.reason).toContain(why);
    expect(differences.join('\n')).toContain(`phases[0].measurements.v says PASS, and ${why}`);
  });

  test('3: NaN as Python writes it has no value and does not pass', async () => {
    const text = JSON.stringify(one({ outcome: 'PASS', measured_value: 'HERE' })).replace('"HERE"', 'NaN');
    expect((await read(text)).record.phases[0]!.measurements[0]).toMatchObject({
      outcome: 'FAIL',
      measured_value: null,
    });
    expect((await read(text.replace('"A1"', String.raw`"A \" NaN"`))).record.serial_number).toBe('A " NaN');
  });

  test('3: a run that passes over a phase that did not', async () => {
    const { record } = await read(foreign({ phases: [phaseOf({}, { outcome: 'ERROR' })] }));
    expect(record).toMatchObject({ outcome: 'FAIL', reason: expect.stringContaining('measure says ERROR') });
    const repeated = await read(
      foreign({ phases: [phaseOf({}, { outcome: 'SKIP', result: { phase_result: 'REPEAT' } }), phaseOf({})] }),
    );
    expect(repeated.record).toMatchObject({ outcome: 'PASS', phases: [{ retry_count: 0 }, { retry_count: 1 }] });
  });

  test('3: another program’s word is taken where its limit cannot be judged here', async () => {
    const { record } = await read(
      one({ outcome: 'PASS', validators: ["'x' is within 5% of 3.3.", 'x > 2'], measured_value: '3.3' }),
    );
    expect(record.phases[0]!.measurements[0]).toMatchObject({
      outcome: 'PASS',
      validators: [
        { operator: '', expression: "'x' is within 5% of 3.3.", outcome: 'PASS' },
        { operator: '', expression: 'x > 2', outcome: 'PASS' },
      ],
    });
  });

  test('4: what a record cannot hold is said', async () => {
    const dimensioned = {
      outcome: 'PASS',
      dimensions: [{}],
      validators: ['All values pass: 0 <= x'],
      measured_value: [[1, 2]],
    };
    const { record, differences } = await read({ ...one(dimensioned), diagnoses: [{}] });
    expect(record.phases[0]!.measurements[0]).toMatchObject({ outcome: 'PASS', measured_value: '[[1,2]]' });
    expect(differences).toEqual([
      'phases[0].measurements.v.measured_value has several values: they are kept as one text.',
      'metadata.config is left out: a run has no place for it.',
      'diagnoses are left out: a run has no place for them.',
    ]);
  });

  test.each([
    ['', 'not-json', 'it is empty'],
    ['{"phases": [', 'not-json', 'its end is missing'],
    ['{"a": 1,\n  b: 2}', 'not-json', 'line 2, column 3'],
    ['{}', 'unknown-format', 'no run in a format'],
    ['5', 'unknown-format', 'no run in a format'],
    [foreign({ outcome: 'MAYBE' }), 'shape', 'outcome is "MAYBE"'],
    [foreign({ dut_id: null }), 'shape', 'dut_id is null; it should be a text'],
    [foreign({ phases: [phaseOf({ v: { outcome: 'OK' } })] }), 'shape', 'phases[0].measurements.v.outcome is "OK"'],
    [foreign({ phases: [7] }), 'shape', 'phases[0].name is missing'],
    [foreign({ start_time_millis: 1e300 }), 'shape', 'start_time_millis is 1e+300'],
    [foreign({ phases: [phaseOf({}, { attachments: { f: { mimetype: 'x', data: '*' } } })] }), 'shape', 'data is "*"'],
    [foreign({ metadata: { client_run_id: 'x' } }), 'shape', 'metadata.client_run_id is "x"'],
  ])('5: %j: one fault with its place', async (file, code, words) => {
    await expect(read(file)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
      remedy: expect.any(String),
    });
  });

  test('5: whatever is cut or changed in a file, it is read or refused', async () => {
    const text = await writeOpenHtf({ record: run, files: [] });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(40),
        fc.constantFrom('', 'null', '{}', '[]', '"x"', '-1', ','),
        async (at, length, put) => {
          const changed = text.slice(0, at) + put + text.slice(at + length);
          const told = await readRuns(changed, NOW_MS).then(
            () => 'read',
            (thrown: { name: string }) => thrown.name,
          );
          expect(['read', 'Fault']).toContain(told);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('4: another program’s instruments are said to be left out', async () => {
    const { record, differences } = await read(foreign({ metadata: { instruments: ['dmm'] } }));
    expect(record).not.toHaveProperty('instruments');
    expect(differences).toEqual(['metadata.instruments is left out: a run has no place for it.']);
  });

  test('2: what Fieldbench wrote comes back as the same run', async () => {
    const bytes = new Uint8Array([0, 255, 7]);
    const files = [{ name: 'a.bin', contentType: 'application/x', bytes }];
    const back = await read(await writeOpenHtf({ record: run, files }));
    expect(back.differences).toEqual([]);
    expect(back.files).toEqual(files);
    expect(kept(back.record)).toEqual(kept(run));
    const { id, station_id, fixture, instruments } = run;
    expect(back.record).toMatchObject({ id, seq: 7, station_id, fixture, instruments });
  });

  test('1, 3: any record comes back with everything that the format can say', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun.map(distinct), async (record) => {
        const back = await read(await writeOpenHtf({ record, files: [] }));
        expect(back.differences).toEqual([]);
        expect(kept(back.record)).toEqual(kept(record));
      }),
      { numRuns: 300 },
    );
  });
});

/** What the format can say: not sections, display texts, single verdicts’ reasons, or which value was close. */
function kept({ plan: _plan, parameters: _parameters, phases, ...record }: RunRecord) {
  return {
    ...record,
    phases: phases.map(({ section: _section, measurements, ...phase }) => ({
      ...phase,
      // An object has no order of its own.
      measurements: Object.fromEntries(
        measurements.map(({ marginal: _marginal, key: _key, validators, ...measurement }) => [
          `name ${measurement.name}`,
          { ...measurement, validators: validators.map(({ expression: _expression, reason: _reason, ...one }) => one) },
        ]),
      ),
    })),
  };
}

/** One taking of each measurement in an attempt: earlier ones get other names. */
function distinct(record: RunRecord): RunRecord {
  const last = (phase: PhaseRecord) =>
    new Map(phase.measurements.map((measurement) => [measurement.name, measurement]));
  return { ...record, phases: record.phases.map((phase) => ({ ...phase, measurements: [...last(phase).values()] })) };
}
