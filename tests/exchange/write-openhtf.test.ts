import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { writeOpenHtf } from '#exchange/openhtf/write-openhtf.ts';
import type { RunRecord } from '#record/run-record.ts';
import { measured, phase, run } from './a-run.ts';

const written = async (record: RunRecord, files: Parameters<typeof writeOpenHtf>[0]['files'] = []) =>
  JSON.parse(await writeOpenHtf({ record, files }));

describe('OpenHTF out', () => {
  test('1: the record, as OutputToJSON lays it out', async () => {
    const record = await written(run);
    expect(record).toMatchObject({
      dut_id: 'SN-000123',
      station_id: 'taipei-line1-042',
      start_time_millis: Date.parse('2026-11-20T08:00:00.000Z'),
      end_time_millis: Date.parse('2026-11-20T08:00:04.200Z'),
      outcome: 'FAIL',
      outcome_details: [{ code: 'FAIL', description: 'Rails: rail_3v3 is 3.05 V, below 3.2 V' }],
      code_info: { name: 'Power board', docstring: null, sourcecode: '' },
      subtests: [],
      branches: [],
      diagnosers: [],
      diagnoses: [],
    });
    expect(record.log_records[0]).toEqual({
      level: 20,
      logger_name: 'fieldbench',
      source: 'procedure.yaml',
      lineno: 3,
      timestamp_millis: Date.parse('2026-11-20T08:00:00.012Z'),
      message: 'begun',
    });
    expect(record.log_records[1].level).toBe(50);
  });

  test('2: the identity is that of the network', async () => {
    expect((await written(run)).metadata).toEqual({
      client_run_id: run.id,
      station_id: 'taipei-line1-042',
      station_seq: 7,
      slot: '1',
      app_version: '0.1.0',
      browser: 'Chrome 156',
      release: 'sha256:ab',
      fixture: 'fixture=ACME,FX-1',
      instruments: JSON.stringify(run.instruments),
      calibration_overdue: 'fixture',
      operator: 'ana@example.com',
      operator_role: 'operator',
      allowed_by: 'Mei Chen',
      retest: 2,
      retest_reason: 'contact; cleaned = yes',
      sub_units: 'main_board=MB-7; display=D-1',
      unit_metadata: { 'Firmware.channel': 'beta', shift: 'early' },
      clock_offset_ms: -12,
      simulated: false,
      interrupted: false,
      development: true,
      test_name: 'Power board',
      procedure_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      procedure_version: '3.2.0',
      part_number: 'PWR-BOARD',
      revision: 'B',
      batch_number: '2026-W47',
    });
  });

  test('1: limits are the lines that OpenHTF prints', async () => {
    const { phases } = await written(run);
    const limits = Object.fromEntries(
      Object.entries<{ validators?: string[] }>(phases[2].measurements).map(([name, one]) => [name, one.validators]),
    );
    expect(phases[0].measurements.rail_3v3).toEqual({
      name: 'rail_3v3',
      outcome: 'FAIL',
      validators: ['3.2 <= x <= 3.4'],
      units: { name: 'V', code: null, suffix: 'V' },
      docstring: '3.05 V is below 3.2 V',
      measured_value: 3.05,
    });
    expect(limits).toEqual({
      firmware: ["'x' matches /^1\\.8/"],
      variant: ['x in ["EU","US"]', 'x != "UK"'],
      led: ['x == True'],
      idle: ['x > 30', 'warns only: x <= 40'],
      silent: ['0 <= x <= 1'],
      noted: undefined,
    });
  });

  test('1: attempts, outcomes, and what each phase came to', async () => {
    const { phases } = await written(run);
    const told = phases.map((one: { name: string; outcome: string; result: { phase_result: unknown } }) => [
      one.name,
      one.outcome,
      one.result.phase_result,
    ]);
    expect(told).toEqual([
      ['Rails', 'FAIL', 'CONTINUE'],
      ['Rails', 'PASS', 'CONTINUE'],
      ['Identity', 'FAIL', 'CONTINUE'],
      ['Later', 'SKIP', 'SKIP'],
      ['Off', 'ERROR', null],
    ]);
    expect(phases[2].measurements.silent).not.toHaveProperty('measured_value');
    expect(phases[2].measurements.noted).toEqual({ name: 'noted', outcome: 'UNSET', measured_value: 17 });
  });

  test.each(['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const)('3: outcome %s stays', async (outcome) => {
    expect((await written({ ...run, outcome })).outcome).toBe(outcome);
  });

  test('3: a run without an end, and a value that is no number, never pass', async () => {
    const value = { key: 'v', name: 'v', outcome: 'PASS', measured_value: Number.NaN, validators: [] } as const;
    const open = await written({
      ...run,
      outcome: null,
      ended_ms: null,
      phases: [phase('P', [value], { outcome: null })],
    });
    expect([open.outcome, open.phases[0].outcome]).toEqual(['ERROR', 'ERROR']);
    expect(open.phases[0].measurements.v).toEqual({ name: 'v', outcome: 'FAIL' });
  });

  test('4: a measurement that was taken twice is there twice, and the last has the name', async () => {
    const { phases } = await written({
      ...run,
      phases: [phase('P', [measured('v', 1), measured('v [1]', 9), measured('v', 2)])],
    });
    const values = Object.entries<{ measured_value: number }>(phases[0].measurements);
    expect(Object.fromEntries(values.map(([name, one]) => [name, one.measured_value]))).toEqual({
      v: 2,
      'v [1]': 9,
      'v [2]': 1,
    });
  });

  test('1: files lie inline in the last phase', async () => {
    const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
    const file = { name: 'trace.csv', contentType: 'text/csv', bytes };
    const { phases } = await written(run, [file, file]);
    expect(phases[0].attachments).toEqual({});
    expect(Object.keys(phases.at(-1).attachments)).toEqual(['trace.csv', '1-trace.csv']);
    const { mimetype, sha1, data } = phases.at(-1).attachments['trace.csv'];
    expect([mimetype, sha1]).toEqual(['text/csv', createHash('sha1').update(bytes).digest('hex')]);
    expect(Buffer.from(data, 'base64').equals(Buffer.from(bytes))).toBe(true);
  });
});
