/** Runs for tests of the analysis: as short as a sentence, in the shapes of the record. */
import type { RunFacts } from '#record/run-facts.ts';
import type { MeasurementRecord, PhaseOutcome, PhaseRecord, RunOutcome, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';

export const RELEASE = `sha256:${'ab12cd34'.repeat(8)}`;

export function number(key: string, value: number | null, [low, high]: [number, number] = [0, 10]): MeasurementRecord {
  const isIn = value !== null && value >= low && value <= high;
  const outcome = isIn ? 'PASS' : 'FAIL';
  return {
    key,
    name: key.toUpperCase(),
    outcome,
    measured_value: value,
    units: 'V',
    validators: [{ operator: 'range', expected_value: [low, high], outcome, is_decisive: true }],
  };
}

export function phase(
  key: string,
  outcome: PhaseOutcome,
  measurements: MeasurementRecord[] = [],
  more: Partial<PhaseRecord> = {},
): PhaseRecord {
  return {
    key,
    name: `Phase ${key}`,
    section: 'main',
    retry_count: 0,
    started_ms: 0,
    ended_ms: 100,
    outcome,
    measurements,
    ...more,
  };
}

export function record(
  seq: number,
  unit: string,
  outcome: RunOutcome,
  phases: PhaseRecord[],
  more: Partial<RunRecord> = {},
): RunRecord {
  return {
    id: `run-${seq}`,
    seq,
    station_id: 'taipei-line1-042',
    slot: '1',
    serial_number: unit,
    started_at: new Date(Date.UTC(2026, 10, 2, 8, seq)).toISOString(),
    procedure: { id: 'p', name: 'Power board', version: '3.2.0', release: RELEASE, development: false },
    parameters: {},
    app_version: '0.1.0',
    browser: 'Chrome',
    fixture: 'fixture=ACME,FX-1,FX0001,1.0',
    operator: 'ana@example.com',
    clock_offset_ms: 0,
    simulated: false,
    plan: [],
    outcome,
    ended_ms: 4000,
    interrupted: false,
    phases,
    logs: [],
    ...more,
  };
}

export function rowOf({
  id,
  seq,
  serial_number,
  procedure,
  outcome,
  started_at,
  ended_ms,
  simulated,
}: RunRecord): RunRow {
  return {
    id,
    seq,
    serial_number,
    serial_key: serial_number.toUpperCase(),
    procedure_id: procedure.id,
    procedure_name: procedure.name,
    outcome,
    reason: '',
    started_at,
    duration_ms: ended_ms ?? 0,
    simulated,
    interrupted: false,
    state: 'DELIVERED',
    next_at_ms: 0,
    attempts: 1,
    sent_at_ms: 0,
    remote_id: '',
    upload_reason: '',
    delivered_day: '',
  };
}

/** A run with nothing inside but what an overview asks. */
export function facts(seq: number, unit: string, outcome: RunOutcome, more: Partial<RunFacts> = {}): RunFacts {
  return {
    id: `run-${seq}`,
    seq,
    unit,
    startedMs: new Date(2026, 10, 2, 8, seq).getTime(),
    durationMs: 4000,
    outcome,
    simulated: false,
    detail: null,
    ...more,
  };
}

export function detail(more: Partial<NonNullable<RunFacts['detail']>> = {}): NonNullable<RunFacts['detail']> {
  return {
    release: RELEASE,
    version: '3.2.0',
    fixture: 'FX-1 FX0001',
    operator: 'ana@example.com',
    slot: '1',
    calibration: '',
    failedPhase: -1,
    failedSeries: -1,
    phases: new Int32Array(),
    phaseMs: new Float64Array(),
    firstTry: new Uint8Array(),
    series: new Int32Array(),
    values: new Float64Array(),
    ...more,
  };
}
