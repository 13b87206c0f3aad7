/** Runs as an engine records them: judged by the same code, with every kind of value, limit, attempt and outcome. */
import fc from 'fast-check';
import { recordValue } from '#engine/measurement-record.ts';
import type { Validator } from '#measure/validator.ts';
import type { Measurement } from '#procedure/procedure.ts';
import type { MeasurementRecord, PhaseRecord, RunRecord, Scalar } from '#record/run-record.ts';

export function measured(
  name: string,
  value: Scalar | null,
  validators: readonly Partial<Validator>[] = [],
  unit?: string,
): MeasurementRecord {
  const declared = {
    key: name,
    name,
    validators: validators.map((one) => ({ isDecisive: true, ...one })),
    ...(unit === undefined ? {} : { unit }),
  } as unknown as Measurement;
  return recordValue(declared, value).record;
}

export const phase = (
  name: string,
  measurements: MeasurementRecord[],
  more: Partial<PhaseRecord> = {},
): PhaseRecord => ({
  key: name.toLowerCase(),
  name,
  section: 'main',
  retry_count: 0,
  started_ms: 100,
  ended_ms: 600,
  outcome: measurements.some(({ outcome }) => outcome === 'FAIL') ? 'FAIL' : 'PASS',
  measurements,
  ...more,
});

const range = (low: number, high: number): Partial<Validator> => ({ operator: 'range', expected: [low, high] });

export const run: RunRecord = {
  id: '0191e4a2-6d1c-7c3e-9f41-2a6c1b7d5e90',
  seq: 7,
  station_id: 'taipei-line1-042',
  slot: '1',
  serial_number: 'SN-000123',
  part_number: 'PWR-BOARD',
  revision_number: 'B',
  batch_number: '2026-W47',
  sub_units: { main_board: 'MB-7', display: 'D-1' },
  unit_metadata: { 'Firmware.channel': 'beta', shift: 'early' },
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
  instruments: [
    {
      plug: 'fixture',
      model: 'FX-1',
      serial_number: 'FX0001',
      firmware: '1.0; <b> "2"',
      calibration_due: '2026-11-19',
      certificate: 'C-2026-118',
      overdue: true,
    },
    { plug: 'io' },
  ],
  operator: 'ana@example.com',
  operator_role: 'operator',
  allowed_by: 'Mei Chen',
  retest: 2,
  retest_reason: 'contact; cleaned = yes',
  clock_offset_ms: -12,
  simulated: false,
  plan: [],
  outcome: 'FAIL',
  ended_ms: 4200,
  reason: 'Rails: rail_3v3 is 3.05 V, below 3.2 V',
  interrupted: false,
  phases: [
    phase('Rails', [measured('rail_3v3', 3.05, [range(3.2, 3.4)], 'V')], { reason: 'below 3.2 V' }),
    phase('Rails', [measured('rail_3v3', 3.3, [range(3.2, 3.4)], 'V')], {
      retry_count: 1,
      started_ms: 700,
      ended_ms: 900,
    }),
    phase('Identity', [
      measured('firmware', '1.8.2', [{ operator: 'matches', expected: '^1\\.8' }]),
      measured('variant', 'EU', [
        { operator: 'in', expected: ['EU', 'US'] },
        { operator: '!=', expected: 'UK' },
      ]),
      measured('led', true, [{ operator: '==', expected: true }]),
      measured(
        'idle',
        42.5,
        [
          { operator: '>', expected: 30 },
          { operator: '<=', expected: 40, isDecisive: false },
        ],
        'mA',
      ),
      measured('silent', null, [range(0, 1)], 'A'),
      measured('noted', 17),
    ]),
    phase('Later', [], { outcome: 'SKIP', reason: 'not reached' }),
    phase('Off', [], { section: 'teardown', outcome: 'ERROR', timed_out: true, started_ms: 4000, ended_ms: 4200 }),
  ],
  logs: [
    { level: 'INFO', at_ms: 12, message: 'begun', source_file: 'procedure.yaml', line_number: 3 },
    { level: 'CRITICAL', at_ms: 13, message: '', source_file: '', line_number: 0 },
  ],
};

/** Anything that an instrument may answer, and what spreadsheets and parsers trip over. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    '=1+1',
    "'=1",
    '-5',
    '+x',
    '@SUM(A1)',
    'a,b',
    'say "x"',
    'a\r\nb',
    '\t',
    '\0',
    ']]>',
    '<a&b>',
    ' x ',
  ),
);
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.integer({ min: -100, max: 100 }),
);
const scalar = fc.oneof(number, text, fc.boolean());
const validator = fc.oneof(
  fc.record({
    operator: fc.constantFrom('==', '!=', '>', '>=', '<', '<='),
    expected: number,
    isDecisive: fc.boolean(),
  }),
  fc.record({
    operator: fc.constantFrom('==', '!='),
    expected: fc.oneof(text, fc.boolean()),
    isDecisive: fc.boolean(),
  }),
  fc.record({
    operator: fc.constantFrom('in', 'not in'),
    expected: fc.array(scalar, { minLength: 1, maxLength: 3 }),
    isDecisive: fc.boolean(),
  }),
  fc.record({ operator: fc.constant('matches'), expected: fc.constantFrom('^1', 'x+', '/'), isDecisive: fc.boolean() }),
  fc
    .tuple(number, number, fc.boolean())
    .map(([a, b, isDecisive]) => ({ operator: 'range', expected: [Math.min(a, b), Math.max(a, b)], isDecisive })),
) as fc.Arbitrary<Partial<Validator>>;
const name = fc.oneof(
  fc.constantFrom('rail', 'led', '=x', '7', '__proto__'),
  text.filter((one) => one !== ''),
);
const measurement = fc
  .tuple(
    name,
    fc.oneof(scalar, fc.constant(null)),
    fc.array(validator, { maxLength: 3 }),
    fc.constantFrom(undefined, 'V', 'Ω'),
  )
  .map(([given, value, validators, unit]) => measured(given, value, validators, unit));
const anyPhase = fc
  .tuple(
    name,
    fc.array(measurement, { maxLength: 4 }),
    fc.constantFrom('PASS', 'FAIL', 'SKIP', 'ERROR'),
    fc.nat(5000),
    fc.nat(5000),
    fc.boolean(),
    text,
  )
  .map(([given, measurements, outcome, started_ms, lasted, timed_out, reason]) =>
    phase(given, measurements, {
      key: given,
      started_ms,
      ended_ms: started_ms + lasted,
      // Only a phase without a missed limit passes.
      outcome: outcome === 'PASS' && measurements.some((one) => one.outcome === 'FAIL') ? 'FAIL' : outcome,
      ...(timed_out && outcome === 'ERROR' ? { timed_out: true } : {}),
      ...(reason === '' ? {} : { reason }),
    }),
  );

export const anyRun: fc.Arbitrary<RunRecord> = fc
  .tuple(
    fc.array(anyPhase, { maxLength: 4 }),
    fc.constantFrom('PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'),
    text,
    text,
    fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'),
    fc.boolean(),
  )
  .map(([phases, outcome, reason, words, level, flag]) => {
    const seen = new Map<string, number>();
    const attempts = phases.map((one) => {
      const retry_count = seen.get(one.name) ?? 0;
      seen.set(one.name, retry_count + 1);
      return { ...one, retry_count };
    });
    return {
      ...run,
      phases: attempts,
      outcome:
        outcome === 'PASS' && phases.some(({ outcome: one }) => one === 'FAIL' || one === 'ERROR') ? 'FAIL' : outcome,
      ended_ms: 12_000,
      ...(reason === '' ? {} : { reason }),
      fixture: words,
      simulated: flag,
      interrupted: !flag,
      logs: [{ level, at_ms: 5, message: words, source_file: 'procedure.yaml', line_number: 4 }],
    };
  });
