/**
 * A station's life in samples: views, runs and rows that the gallery shows and the tests reuse.
 *
 * Plain data in the shared shapes; nothing here is random.
 */
import { FIRST_VIEW } from '#ui/station-state.svelte.ts';
import type { ProcedureView, StationView } from '#engine/link/station-link.ts';
import type { OpenedFile, TransferState } from '#engine/link/transfer-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { MeasurementRecord, PhasePlan, RunHeader, RunOutcome } from '#record/run-record.ts';
import type { RunRow, UploadState } from '#record/run-row.ts';

export const LONG_SERIAL = 'SN-000123-PWR-BOARD-REV-B-2026W47-LINE1-BATCH-000017-UNIT-77';

export const PLAN: readonly PhasePlan[] = [
  { key: 'power_on', name: 'Power on', section: 'setup', measurements: [] },
  {
    key: 'power_rails',
    name: 'Power rails',
    section: 'main',
    measurements: [
      { key: 'rail_3v3', name: 'Rail 3V3', units: 'V' },
      { key: 'idle_current', name: 'Idle current', units: 'A' },
      { key: 'firmware', name: 'Firmware' },
    ],
  },
  {
    key: 'load_sweep',
    name: 'Load sweep',
    section: 'main',
    measurements: [{ key: 'output_min', name: 'Output, min', units: 'V' }],
  },
  { key: 'led', name: 'Look at the LED', section: 'main', measurements: [] },
  { key: 'power_off', name: 'Power off', section: 'teardown', measurements: [] },
];

export const PROCEDURE: ProcedureView = {
  folder: 'power-board',
  id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  name: 'Power board',
  version: '3.2.0',
  development: false,
  release: `sha256:${'4f2a9c0d'.repeat(8)}`,
  onDisk: true,
  serialPlaceholder: 'SN-000123',
  plan: PLAN,
  usualMs: 4100,
  startsTogether: false,
  sharedPower: [],
};

export function headerOf(serial: string, plan: readonly PhasePlan[] = PLAN): RunHeader {
  return {
    id: '01938d2e-4c00-7000-8000-000000000123',
    seq: 123,
    station_id: 'taipei-line1-042',
    slot: '1',
    serial_number: serial,
    part_number: 'PWR-BOARD',
    revision_number: 'B',
    started_at: '2026-11-20T06:14:03.120Z',
    procedure: {
      id: PROCEDURE.id,
      name: PROCEDURE.name,
      version: '3.2.0',
      release: PROCEDURE.release,
      development: false,
    },
    parameters: { rail_3v3: { value: [3.2, 3.4], tier: 'procedure' } },
    app_version: '0.1.0',
    browser: 'Chrome 156.0.0.0',
    fixture: 'fixture=ACME,FX-1,FX0001,1.0; dmm=Keysight Technologies,34461A,MY59001234,A.02.14',
    instruments: [
      { plug: 'fixture', model: 'FX-1', serial_number: 'FX0001', firmware: '1.0', calibration_due: '2027-03-01' },
      {
        plug: 'dmm',
        model: '34461A',
        serial_number: 'MY59001234',
        firmware: 'A.02.14-02.40-02.14-00.49-01-01',
        calibration_due: '2026-11-01',
        certificate: 'C-2025-118',
        overdue: true,
      },
      { plug: 'console' },
    ],
    operator: '',
    clock_offset_ms: 12,
    simulated: false,
    plan,
  };
}

export function rail(value: number | null, outcome: 'PASS' | 'FAIL'): MeasurementRecord {
  return {
    key: 'rail_3v3',
    name: 'Rail 3V3',
    outcome,
    measured_value: value,
    units: 'V',
    validators: [{ operator: 'range', expected_value: [3.2, 3.4], outcome, is_decisive: true }],
  };
}

const IDLE: MeasurementRecord = {
  key: 'idle_current',
  name: 'Idle current',
  outcome: 'PASS',
  measured_value: 0.0421,
  units: 'A',
  validators: [{ operator: '<=', expected_value: 0.06, outcome: 'PASS', is_decisive: true }],
};
const FIRMWARE: MeasurementRecord = {
  key: 'firmware',
  name: 'Firmware',
  outcome: 'PASS',
  measured_value: '2.4.1',
  validators: [{ operator: 'in', expected_value: ['2.4.0', '2.4.1'], outcome: 'PASS', is_decisive: true }],
};

const SWEEP_POINTS = 4000;
/** A load sweep that sags below its limit curve near the end. */
export const SWEEP: MeasurementRecord = {
  key: 'output',
  name: 'Output against load',
  outcome: 'FAIL',
  measured_value: null,
  validators: [],
  reason: 'Output: point 3601 at 2.7 A: 3.249 V is below 3.25 V (and 399 more of 4000 points)',
  x_axis: {
    key: 'load',
    name: 'Load',
    units: 'A',
    data: Float64Array.from({ length: SWEEP_POINTS }, (_, index) => (index / (SWEEP_POINTS - 1)) * 3),
    validators: [],
    aggregations: [],
  },
  y_axis: [
    {
      key: 'output',
      name: 'Output',
      units: 'V',
      data: Float64Array.from({ length: SWEEP_POINTS }, (_, index) => {
        const part = index / (SWEEP_POINTS - 1);
        return 3.32 - 0.05 * part + 0.006 * Math.sin(index / 7) - (part > 0.9 ? (part - 0.9) * 0.5 : 0);
      }),
      validators: [
        {
          operator: 'curve',
          expected_value: [],
          curve: [
            { x: 0, low: 3.2, high: 3.4 },
            { x: 1, low: 3.25, high: 3.37 },
            { x: 3, low: 3.25, high: 3.37 },
          ],
          outcome: 'FAIL',
          is_decisive: true,
        },
      ],
      aggregations: [
        {
          type: 'min',
          value: 3.214,
          outcome: 'FAIL',
          units: 'V',
          validators: [{ operator: '>=', expected_value: 3.25, outcome: 'FAIL', is_decisive: true }],
        },
        { type: 'peak_to_peak', value: 0.112, outcome: 'UNSET', units: 'V', validators: [] },
      ],
    },
  ],
};

const started = (key: string, atMs: number, attempt = 0): RunEvent => {
  const { name, section } = PLAN.find((plan) => plan.key === key) ?? { name: key, section: 'main' as const };
  return { kind: 'phase-started', at_ms: atMs, key, name, section, attempt };
};
const ended = (phase: string, atMs: number, outcome: 'PASS' | 'FAIL' | 'ERROR', more: object = {}): RunEvent => ({
  kind: 'phase-ended',
  at_ms: atMs,
  phase,
  outcome,
  ...more,
});
const measured = (phase: string, measurement: MeasurementRecord): RunEvent => ({
  kind: 'measurement',
  at_ms: 300,
  phase,
  measurement,
});
const left = (name: string, size: number): RunEvent => ({
  kind: 'attachment',
  at_ms: 2600,
  phase: 'load_sweep',
  file: { name, content_type: 'application/octet-stream', size, sha256: '' },
});
const wireLog: RunEvent = {
  kind: 'attachment',
  at_ms: 4100,
  file: { name: 'fixture.wire.json', content_type: 'application/json', size: 3_812, sha256: '' },
};
const skipped = (key: string): RunEvent => {
  const { name, section } = PLAN.find((plan) => plan.key === key) as PhasePlan;
  return { kind: 'phase-skipped', at_ms: 900, key, name, section, reason: 'An earlier phase failed.' };
};
const log = (message: string, level: 'INFO' | 'WARNING' | 'ERROR' = 'INFO'): RunEvent => ({
  kind: 'log',
  log: { level, at_ms: 212, message, source_file: 'procedure.yaml', line_number: 24 },
});
export const runEnded = (outcome: RunOutcome, atMs = 4200, reason?: string): RunEvent => ({
  kind: 'run-ended',
  at_ms: atMs,
  outcome,
  interrupted: false,
  ...(reason ? { reason } : {}),
});

const POWERED = [
  started('power_on', 0),
  ended('power_on', 100, 'PASS'),
  started('power_rails', 100),
  log('MEAS:VOLT:DC? CH1 → 3.301'),
];
const RAILS = [measured('power_rails', rail(3.301, 'PASS')), measured('power_rails', IDLE)];
const SWEPT = [
  ...RAILS,
  measured('power_rails', FIRMWARE),
  ended('power_rails', 520, 'PASS'),
  started('load_sweep', 520),
];
const OFF = [started('power_off', 4000), ended('power_off', 4100, 'PASS')];

/** The events of a run in each state, without `run-started`. */
export const EVENTS: Readonly<Record<string, readonly RunEvent[]>> = {
  running: [...POWERED, ...SWEPT],
  pass: [
    ...POWERED,
    ...SWEPT,
    measured('load_sweep', { ...rail(3.27, 'PASS'), key: 'output_min', name: 'Output, min', marginal: true }),
    ended('load_sweep', 2800, 'PASS'),
    started('led', 2800),
    ended('led', 4000, 'PASS'),
    ...OFF,
    runEnded('PASS'),
  ],
  fail: [
    ...POWERED,
    measured('power_rails', rail(3.04, 'FAIL')),
    ended('power_rails', 500, 'FAIL'),
    started('power_rails', 1000, 1),
    measured('power_rails', rail(3.05, 'FAIL')),
    measured('power_rails', IDLE),
    ended('power_rails', 1400, 'FAIL'),
    skipped('load_sweep'),
    skipped('led'),
    ...OFF,
    wireLog,
    runEnded('FAIL', 1600, 'Rail 3V3: 3.05 is outside 3.2 to 3.4'),
  ],
  curve: [
    ...POWERED,
    ...SWEPT,
    measured('load_sweep', SWEEP),
    left('load-sweep.csv', 91_200),
    left('oscilloscope screenshot of the output while the load steps from 0 A to 3 A.png', 1_480_000),
    ended('load_sweep', 2800, 'FAIL', { reason: SWEEP.reason }),
    skipped('led'),
    ...OFF,
    wireLog,
    runEnded('FAIL', 4200, SWEEP.reason),
  ],
  error: [
    ...POWERED,
    ...RAILS,
    log('Fixture lost: the device is gone.', 'ERROR'),
    ended('power_rails', 900, 'ERROR', {
      reason: 'The fixture was lost: its cable was pulled, or it was switched off.',
    }),
    skipped('load_sweep'),
    skipped('led'),
    runEnded('ERROR', 1100, 'The fixture was lost: its cable was pulled, or it was switched off.'),
  ],
  timeout: [
    ...POWERED,
    ...RAILS,
    ended('power_rails', 10_100, 'ERROR', { reason: 'Power rails took longer than its 10 s.', timed_out: true }),
    skipped('load_sweep'),
    skipped('led'),
    ...OFF,
    runEnded('TIMEOUT', 10_300, 'Power rails took longer than its 10 s.'),
  ],
  aborted: [
    ...POWERED,
    ...RAILS,
    ended('power_rails', 700, 'ERROR', { reason: 'A person stopped the run.' }),
    ...OFF,
    runEnded('ABORTED', 900, 'A person stopped the run.'),
  ],
  emergency: [
    ...POWERED,
    ...RAILS,
    ended('power_rails', 700, 'ERROR', { reason: 'a person stopped the run' }),
    skipped('load_sweep'),
    skipped('led'),
    skipped('power_off'),
    runEnded('ABORTED', 6800, 'A person pressed emergency stop.'),
  ],
};

export function row(index: number, change: Partial<RunRow> = {}): RunRow {
  const serial = change.serial_number ?? `SN-${String(123 - index).padStart(6, '0')}`;
  return {
    id: `01938d2e-4c00-7000-8000-${String(index).padStart(12, '0')}`,
    seq: 1000 - index,
    serial_number: serial,
    serial_key: serial.toUpperCase(),
    procedure_id: PROCEDURE.id,
    procedure_name: PROCEDURE.name,
    outcome: 'PASS',
    reason: '',
    started_at: new Date(Date.UTC(2026, 10, 20, 6, 14) - index * 61_000).toISOString(),
    duration_ms: 4100 + index * 37,
    simulated: false,
    interrupted: false,
    state: 'DELIVERED',
    next_at_ms: 0,
    attempts: 1,
    sent_at_ms: Date.UTC(2026, 10, 20, 6, 14, 9),
    remote_id: '',
    upload_reason: '',
    delivered_day: '2026-11-20',
    ...change,
  };
}

const FAILED = { outcome: 'FAIL', reason: 'Rail 3V3 is 3.05 V, under its limit of 3.2 V' } as const;
export const RECENT: readonly RunRow[] = [
  row(0),
  row(1),
  row(2, FAILED),
  row(3),
  row(4),
  row(5, { outcome: 'ERROR', reason: 'The fixture was lost.' }),
  row(6),
  row(7),
];

const queued = (index: number, state: UploadState, reason: string, attempts: number): RunRow =>
  row(index, { state, upload_reason: reason, attempts, next_at_ms: Date.now() + 42_000, delivered_day: '' });
export const QUEUE: readonly RunRow[] = [
  queued(0, 'CREATING', '', 1),
  queued(1, 'AMBIGUOUS', '', 1),
  queued(2, 'QUEUED', 'TofuPilot asked to wait.', 2),
  queued(3, 'QUEUED', '', 0),
  {
    ...queued(4, 'PARKED', 'TofuPilot has no procedure with this id.', 1),
    procedure_id: '11111111-2222-4333-8444-555555555555',
  },
  queued(5, 'PARKED', 'The part number is unknown.', 3),
];

const exported = { exported_at: '2026-11-20T06:20:00.000Z', attempts: 0, next_at_ms: 0 };
/** Own runs that a file took along, and runs that a file brought here. */
export const CARRIED_QUEUE: readonly RunRow[] = [
  { ...queued(0, 'AMBIGUOUS', '', 0), ...exported },
  { ...queued(1, 'AMBIGUOUS', '', 0), ...exported },
  queued(2, 'QUEUED', '', 0),
  { ...queued(3, 'AMBIGUOUS', '', 0), carried_from: 'taipei-line2-007', next_at_ms: 0 },
  { ...queued(4, 'CREATING', '', 1), carried_from: 'taipei-line2-007' },
  { ...queued(5, 'PARKED', 'TofuPilot has no procedure with this id.', 1), carried_from: 'taipei-line2-009' },
];
export const TRANSFERS: TransferState = {
  fingerprint: '4f2a 9c0d 71be 03d8',
  carried: [
    { station: 'taipei-line2-007', waiting: 2, parked: 0, delivered: 0, receipted: 0 },
    { station: 'taipei-line2-009', waiting: 0, parked: 1, delivered: 41, receipted: 12 },
  ],
};
/** A file that is signed with another key than the known one. */
export const OPENED: OpenedFile = {
  kind: 'runs',
  station: 'taipei-line2-007',
  madeAt: '2026-11-20T06:10:00.000Z',
  fingerprint: '9c0d 4f2a 03d8 71be',
  refusal: {
    code: 'other-key',
    message: 'taipei-line2-007 has signed with another key than before.',
    remedy: 'Compare the fingerprints.',
  },
  runs: [],
  problems: [],
};

export const READY: StationView = {
  ...FIRST_VIEW,
  status: 'ready',
  station: 'taipei-line1-042',
  connection: 'online',
  procedures: [PROCEDURE],
  procedure: PROCEDURE,
  plugs: [
    {
      key: 'fixture',
      name: 'Fixture',
      state: 'ready',
      simulated: false,
      identity: 'ACME,FX-1,FX0001,1.0',
      message: '',
      remedy: '',
    },
  ],
  queue: { waiting: 0, parked: 0, uploadedToday: 214, hold: null },
  recent: RECENT,
  today: { runs: 214, firstPassYield: 0.972 },
  persisted: true,
  filesWait: null,
  clock: { offsetMs: 310, driftMsPerDay: null },
};
