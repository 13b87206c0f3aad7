import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInstruments } from '#record/instrument.ts';
import type { RunRecord } from '#record/run-record.ts';
import { toRunBody, unsendable } from '#sync/tofupilot/run-body.ts';
import { wireValidator } from '#sync/tofupilot/wire-validator.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../fixtures/tofupilot-v2.schema.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (into: Ajv2020) => void)(ajv);
const isValid = ajv.compile(schema);

const record: RunRecord = {
  id: '0191e4a2-6d1c-7c3e-9f41-2a6c1b7d5e90',
  seq: 7,
  station_id: 'taipei-line1-042',
  slot: '1',
  serial_number: 'SN-000123',
  part_number: 'PWR-BOARD',
  revision_number: 'B',
  batch_number: '2026-W47',
  started_at: '2026-11-20T08:00:00.000Z',
  procedure: {
    id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    name: 'Power board',
    version: '3.2.0',
    release: 'sha256:ab',
    development: true,
  },
  parameters: {},
  app_version: '0.1.0',
  browser: 'Chrome 156',
  fixture: 'fixture=ACME,FX-1',
  operator: 'ana@example.com',
  clock_offset_ms: -12.4,
  simulated: false,
  plan: [],
  outcome: 'FAIL',
  ended_ms: 4200.6,
  reason: 'rail_3v3 is 3.05 V, below 3.2 V',
  interrupted: false,
  phases: [
    {
      key: 'rails',
      name: 'Power rails',
      section: 'main',
      retry_count: 1,
      started_ms: 10.4,
      ended_ms: 510,
      outcome: 'FAIL',
      reason: 'rail_3v3',
      measurements: [
        {
          key: 'rail_3v3',
          name: 'rail_3v3',
          outcome: 'FAIL',
          measured_value: 3.05,
          units: 'V',
          validators: [{ operator: 'within', expected_value: [3.2, 3.4], outcome: 'FAIL', is_decisive: true }],
          reason: 'below 3.2 V',
        },
      ],
    },
    {
      key: 'off',
      name: 'Off',
      section: 'teardown',
      retry_count: 0,
      started_ms: 600,
      ended_ms: 700,
      outcome: 'ERROR',
      timed_out: true,
      measurements: [],
    },
  ],
  logs: [{ level: 'INFO', at_ms: 12, message: '', source_file: '', line_number: 3 }],
};

const wireText = (run: RunRecord) => JSON.stringify(toRunBody(run));

describe('run body', () => {
  test('1, 2: an ordinary run, whole', () => {
    const body = toRunBody(record);
    expect(body).toEqual({
      outcome: 'FAIL',
      procedure_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      procedure_version: '3.2.0',
      serial_number: 'SN-000123',
      part_number: 'PWR-BOARD',
      revision_number: 'B',
      batch_number: '2026-W47',
      operated_by: 'ana@example.com',
      started_at: '2026-11-20T08:00:00.000Z',
      ended_at: '2026-11-20T08:00:04.201Z',
      docstring: 'rail_3v3 is 3.05 V, below 3.2 V',
      phases: [
        {
          name: 'Power rails',
          outcome: 'FAIL',
          started_at: '2026-11-20T08:00:00.010Z',
          ended_at: '2026-11-20T08:00:00.510Z',
          retry_count: 1,
          docstring: 'rail_3v3',
          measurements: [
            {
              name: 'rail_3v3',
              outcome: 'FAIL',
              measured_value: 3.05,
              units: 'V',
              validators: [{ outcome: 'FAIL', operator: 'range', expected_value: [3.2, 3.4], is_decisive: true }],
              docstring: 'below 3.2 V',
            },
          ],
        },
        {
          name: 'Off',
          outcome: 'ERROR',
          started_at: '2026-11-20T08:00:00.600Z',
          ended_at: '2026-11-20T08:00:00.700Z',
          retry_count: 0,
          measurements: [],
        },
      ],
      logs: [
        {
          level: 'INFO',
          timestamp: '2026-11-20T08:00:00.012Z',
          message: '(empty)',
          source_file: 'unknown',
          line_number: 3,
        },
      ],
      metadata: {
        client_run_id: '0191e4a2-6d1c-7c3e-9f41-2a6c1b7d5e90',
        station_id: 'taipei-line1-042',
        station_seq: 7,
        slot: '1',
        app_version: '0.1.0',
        browser: 'Chrome 156',
        release: 'sha256:ab',
        fixture: 'fixture=ACME,FX-1',
        operator: 'ana@example.com',
        clock_offset_ms: -12,
        simulated: false,
        interrupted: false,
        development: true,
      },
    });
    expect(isValid(body)).toBe(true);
    expect(JSON.parse(JSON.stringify(body))).toEqual(body);
  });

  test('2: what JSON cannot carry never passes', () => {
    const measurement = { key: 'v', name: 'v', outcome: 'PASS', measured_value: NaN, validators: [] } as const;
    const phase = { ...record.phases[0]!, measurements: [measurement] };
    expect(toRunBody({ ...record, phases: [phase] }).phases[0]!.measurements[0]).toMatchObject({
      outcome: 'FAIL',
      measured_value: null,
    });
    expect(toRunBody({ ...record, outcome: null }).outcome).toBe('ERROR');
  });

  test('2: validators in the words of the API', () => {
    const of = (operator: string, expected_value: never) => {
      const {
        outcome: _outcome,
        is_decisive: _decisive,
        ...claim
      } = wireValidator({ operator, expected_value, outcome: 'PASS', is_decisive: true });
      return claim;
    };
    expect(of('range', [1, 2] as never)).toEqual({ operator: 'range', expected_value: [1, 2] });
    expect(of('range', [1, Infinity] as never)).toEqual({ operator: '>=', expected_value: 1 });
    expect(of('within', [-Infinity, 2] as never)).toEqual({ operator: '<=', expected_value: 2 });
    expect(of('in', ['EU', 3, true] as never)).toEqual({ operator: 'in', expected_value: ['EU', '3', 'true'] });
    expect(of('not in', [1, 2] as never)).toEqual({ operator: 'not in', expected_value: [1, 2] });
    expect(of('<=', Infinity as never)).toEqual({ expression: '<= Infinity' });
    expect(of('within', 5 as never)).toEqual({ expression: 'within 5' });
    expect(of('==', true as never)).toEqual({ operator: '==', expected_value: true });
  });

  test('1: an operator who is no e-mail address is kept in metadata only', () => {
    const body = toRunBody({ ...record, operator: 'Ana' });
    expect(body).not.toHaveProperty('operated_by');
    expect(body.metadata['operator']).toBe('Ana');
  });

  test('1, 2: with sixteen plugs and all that a run may say, the metadata keep the API’s limits and lose nothing', () => {
    const wide = (letter: string) => letter.repeat(100);
    const instruments = Array.from({ length: 16 }, (_, at) => ({
      plug: `${wide('p').slice(0, 60)}${at}`,
      model: wide('"'),
      serial_number: wide('é'),
      firmware: wide('\\'),
      calibration_due: '2027-03-01',
      certificate: wide('漢'),
      overdue: true as const,
    }));
    const body = toRunBody({
      ...record,
      instruments,
      operator_role: 'operator',
      allowed_by: 'Mei',
      retest: 2,
      retest_reason: 'again',
      sub_units: { board: 'MB-7' },
      clock_note: 'off',
      chain_prev: 'ab',
      chain_break: 'cd',
    });
    isValid(body);
    expect(isValid.errors ?? []).toEqual([]);
    const keys = Object.keys(body.metadata);
    expect(keys.length).toBeLessThanOrEqual(50);
    expect(Math.max(...keys.map((key) => key.length))).toBeLessThanOrEqual(40);
    expect(readInstruments(body.metadata['instruments'])).toEqual(instruments);
    expect(body.metadata['calibration_overdue']).toBe(instruments.map(({ plug }) => plug).join(', '));
  });

  test('1: what TofuPilot would refuse for good is said before the start', () => {
    expect(unsendable(record)).toBeNull();
    expect(unsendable({ ...record, procedure: { ...record.procedure, id: '' } })).toMatch('no id');
    expect(unsendable({ ...record, serial_number: 'SN 1' })).toMatch('serial number');
    expect(unsendable({ ...record, batch_number: '' })).toMatch('batch number');
    expect(unsendable({ ...record, serial_number: 'x'.repeat(61) })).toMatch('60');
  });

  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', '\0', '\ud800', 'ana@example.com', 'a..b@c.d', 'x'.repeat(10_001), '😀'.repeat(5001)),
  );
  const identifier = fc.stringMatching(/^[A-Za-z0-9_.:+-]{1,60}$/);
  const ms = fc.oneof(fc.double({ min: -1e7, max: 1e9 }), fc.constantFrom(NaN, Infinity));
  const scalar = fc.oneof(fc.double(), text, fc.boolean());
  const phaseOutcome = fc.constantFrom('PASS', 'FAIL', 'SKIP', 'ERROR', null);
  const validator = fc.record(
    {
      operator: fc.constantFrom('==', '!=', '>', 'in', 'not in', 'matches', 'range', 'within'),
      expected_value: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
      outcome: fc.constantFrom('PASS', 'FAIL'),
      is_decisive: fc.boolean(),
      expression: text,
    },
    { requiredKeys: ['operator', 'expected_value', 'outcome', 'is_decisive'] },
  );
  const measurement = fc.record(
    {
      key: text,
      name: text,
      outcome: fc.constantFrom('PASS', 'FAIL', 'UNSET'),
      measured_value: fc.oneof(scalar, fc.constant(null)),
      validators: fc.array(validator, { maxLength: 2 }),
      units: text,
      reason: text,
    },
    { requiredKeys: ['key', 'name', 'outcome', 'measured_value', 'validators'] },
  );
  const phase = fc.record(
    {
      key: text,
      name: text,
      section: fc.constantFrom('setup', 'main', 'teardown'),
      retry_count: fc.nat(9),
      started_ms: ms,
      ended_ms: fc.oneof(ms, fc.constant(null)),
      outcome: phaseOutcome,
      reason: text,
      timed_out: fc.boolean(),
      measurements: fc.array(measurement, { maxLength: 3 }),
    },
    { requiredKeys: ['key', 'name', 'section', 'retry_count', 'started_ms', 'ended_ms', 'outcome', 'measurements'] },
  );
  const log = fc.record({
    level: fc.constantFrom('DEBUG', 'CRITICAL'),
    at_ms: ms,
    message: text,
    source_file: fc.oneof(text, fc.constant('/'.repeat(300))),
    line_number: fc.oneof(fc.integer(), fc.double()),
  });
  const anyRecord = fc.record(
    {
      serial_number: identifier,
      part_number: identifier,
      batch_number: identifier,
      started_at: fc.oneof(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((at) => at.toISOString()),
        fc.constant(''),
      ),
      station_id: text,
      browser: text,
      fixture: fc.oneof(text, fc.constant('f'.repeat(60_000))),
      operator: text,
      clock_offset_ms: fc.double(),
      outcome: fc.constantFrom('PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED', null),
      ended_ms: fc.oneof(ms, fc.constant(null)),
      reason: text,
      phases: fc.array(phase, { maxLength: 3 }),
      logs: fc.array(log, { maxLength: 3 }),
    },
    { requiredKeys: ['serial_number', 'started_at', 'operator', 'outcome', 'ended_ms', 'phases', 'logs'] },
  );

  test('1, 3: every record makes a valid body whose ends follow their starts', () => {
    fc.assert(
      fc.property(anyRecord, (change) => {
        const body = JSON.parse(wireText({ ...record, ...(change as Partial<RunRecord>) })) as ReturnType<
          typeof toRunBody
        >;
        isValid(body);
        expect(isValid.errors ?? []).toEqual([]);
        for (const { started_at, ended_at } of [body, ...body.phases]) expect(ended_at >= started_at).toBe(true);
        expect(JSON.stringify(body)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
      { numRuns: 1000 },
    );
  });
});
