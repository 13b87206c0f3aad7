/**
 * Runs as one table: a row for each measurement, RFC 4180, UTF-8.
 *
 * A phase without measurements and a run without phases have a row too, so that nothing is missing. No spreadsheet takes
 * a cell for a formula. Knows nothing of where the text goes.
 */
import type { MeasurementRecord, PhaseRecord, RunRecord, ValidatorRecord } from '#record/run-record.ts';
import { absoluteTimes } from '#exchange/absolute-times.ts';
import { phaseOutcome, runOutcome, toldMeasurement } from '#exchange/told-outcome.ts';
import { limitText } from '#exchange/limit-text.ts';

type Cell = string | number | boolean | null | undefined;

const RUN_COLUMNS = [
  'client_run_id',
  'station_id',
  'station_seq',
  'serial_number',
  'part_number',
  'revision_number',
  'batch_number',
  'procedure_id',
  'procedure_name',
  'procedure_version',
  'release',
  'operator',
  'simulated',
  'interrupted',
  'run_outcome',
  'run_reason',
  'run_started_at',
  'run_ended_at',
] as const;
const PHASE_COLUMNS = [
  'section',
  'phase',
  'attempt',
  'phase_outcome',
  'phase_reason',
  'phase_started_at',
  'phase_ended_at',
] as const;
const MEASUREMENT_COLUMNS = [
  'measurement',
  'outcome',
  'value',
  'value_type',
  'units',
  'limit_low',
  'limit_high',
  'limits',
  'marginal',
  'reason',
] as const;

export const CSV_COLUMNS: readonly string[] = [...RUN_COLUMNS, ...PHASE_COLUMNS, ...MEASUREMENT_COLUMNS];

/** RFC 4180, 2.1. */
const LINE_END = '\r\n';
/** What a spreadsheet may begin a formula with, also in its wide forms, and after the mark that keeps it from doing so. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function writeCsv(records: readonly RunRecord[]): string {
  return [CSV_COLUMNS, ...records.flatMap(rowsOf)].map((row) => row.map(cell).join() + LINE_END).join('');
}

function rowsOf(record: RunRecord): Cell[][] {
  const { atMs, startMs, endMs } = absoluteTimes(record);
  const { procedure } = record;
  const run: Record<(typeof RUN_COLUMNS)[number], Cell> = {
    client_run_id: record.id,
    station_id: record.station_id,
    station_seq: record.seq,
    serial_number: record.serial_number,
    part_number: record.part_number,
    revision_number: record.revision_number,
    batch_number: record.batch_number,
    procedure_id: procedure.id,
    procedure_name: procedure.name,
    procedure_version: procedure.version,
    release: procedure.release,
    operator: record.operator,
    simulated: record.simulated,
    interrupted: record.interrupted,
    run_outcome: runOutcome(record),
    run_reason: record.reason,
    run_started_at: iso(startMs),
    run_ended_at: iso(endMs),
  };
  const cells = RUN_COLUMNS.map((column) => run[column]);
  if (record.phases.length === 0) return [[...cells, ...blank(PHASE_COLUMNS), ...blank(MEASUREMENT_COLUMNS)]];
  return record.phases.flatMap((phase) => {
    const inPhase = [...cells, ...phaseCells(phase, atMs, endMs)];
    if (phase.measurements.length === 0) return [[...inPhase, ...blank(MEASUREMENT_COLUMNS)]];
    return phase.measurements.map((measurement) => [...inPhase, ...measurementCells(measurement)]);
  });
}

function phaseCells(phase: PhaseRecord, atMs: (ms: number) => number, runEndMs: number): Cell[] {
  const startMs = atMs(phase.started_ms);
  const row: Record<(typeof PHASE_COLUMNS)[number], Cell> = {
    section: phase.section,
    phase: phase.name || phase.key,
    attempt: phase.retry_count,
    phase_outcome: phaseOutcome(phase),
    phase_reason: phase.reason,
    phase_started_at: iso(startMs),
    phase_ended_at: iso(Math.max(startMs, phase.ended_ms === null ? runEndMs : atMs(phase.ended_ms))),
  };
  return PHASE_COLUMNS.map((column) => row[column]);
}

function measurementCells(measurement: MeasurementRecord): Cell[] {
  const { outcome, value } = toldMeasurement(measurement);
  const decisive = measurement.validators.filter(({ is_decisive }) => is_decisive);
  const row: Record<(typeof MEASUREMENT_COLUMNS)[number], Cell> = {
    measurement: measurement.name || measurement.key,
    outcome,
    value,
    value_type: value === null ? '' : typeof value,
    units: measurement.units,
    limit_low: tightest(decisive.map(lowOf), Math.max),
    limit_high: tightest(decisive.map(highOf), Math.min),
    limits: measurement.validators.map(limitText).join('; '),
    marginal: measurement.marginal === true,
    reason: measurement.reason,
  };
  return MEASUREMENT_COLUMNS.map((column) => row[column]);
}

/** Ends that are written as inclusive; `>` and `<` stand in `limits` only. */
function lowOf({ operator, expected_value: expected }: ValidatorRecord): unknown {
  if (operator === '>=') return expected;
  return (operator === 'range' || operator === 'within') && Array.isArray(expected) ? expected[0] : undefined;
}

function highOf({ operator, expected_value: expected }: ValidatorRecord): unknown {
  if (operator === '<=') return expected;
  return (operator === 'range' || operator === 'within') && Array.isArray(expected) ? expected[1] : undefined;
}

function tightest(ends: readonly unknown[], choose: (...ends: number[]) => number): number | null {
  const numbers = ends.filter((end): end is number => typeof end === 'number' && Number.isFinite(end));
  return numbers.length === 0 ? null : choose(...numbers);
}

function blank(columns: readonly string[]): null[] {
  return columns.map(() => null);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  const plain = String(value);
  const text = typeof value === 'string' && FORMULA.test(plain) && !NUMBER.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
