/**
 * A finished run as the body of `POST /v2/runs`.
 *
 * Pure and total: a run is never lost because its body could not be made. What TofuPilot would refuse for good is
 * asked before a run starts (`unsendable`), while the unit is still untouched. Knows nothing of HTTP.
 */
import { metadataOf } from '#record/run-metadata.ts';
import type { LogRecord, MeasurementRecord, PhaseRecord, RunHeader, RunRecord } from '#record/run-record.ts';
import { wireAggregation, wireCurve } from '#sync/tofupilot/wire-curve.ts';
import { clean, finite, head, tail } from '#sync/tofupilot/wire-text.ts';
import { wireValidator } from '#sync/tofupilot/wire-validator.ts';
import {
  EMAIL_LIMIT,
  IDENTIFIER,
  MESSAGE_LIMIT,
  METADATA_VALUE_LIMIT,
  type RunCreateRequest,
  SOURCE_FILE_LIMIT,
  UUID,
  type WireLog,
  type WireMeasurement,
  type WirePhase,
} from '#sync/tofupilot/wire.ts';

const EMAIL = /^[\w%+-]+(\.[\w%+-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** @returns why no run with this header could ever be delivered, in words; null when it can */
export function unsendable(
  header: Pick<RunHeader, 'serial_number' | 'part_number' | 'revision_number' | 'batch_number'> & {
    readonly procedure: Pick<RunHeader['procedure'], 'id' | 'version'>;
  },
): string | null {
  const { procedure, serial_number, part_number, revision_number, batch_number } = header;
  if (!UUID.test(procedure.id)) return 'The procedure has no id in TofuPilot, so its runs could never be uploaded.';
  const identifiers = { serial_number, part_number, revision_number, batch_number, version: procedure.version };
  for (const [name, value] of Object.entries(identifiers))
    if (value !== undefined && !IDENTIFIER.test(value))
      return `TofuPilot cannot take “${value.slice(0, 80)}” as ${name.replace('_', ' ')}: 1 to 60 letters, digits and _ . : + - only.`;
  return null;
}

export function toRunBody(record: RunRecord): RunCreateRequest {
  const at = timesOf(record);
  const { procedure, operator } = record;
  return {
    // A run without an end is not a good one.
    outcome: record.outcome ?? 'ERROR',
    procedure_id: procedure.id,
    ...given('procedure_version', procedure.version),
    serial_number: record.serial_number,
    ...given('part_number', record.part_number),
    ...given('revision_number', record.revision_number),
    ...given('batch_number', record.batch_number),
    ...given('operated_by', operator.length <= EMAIL_LIMIT && EMAIL.test(operator) ? operator : undefined),
    ...unitOf(record),
    started_at: at(0),
    ended_at: at(endMs(record)),
    ...docstring(record.reason),
    phases: record.phases.map((phase) => phaseOf(phase, at, endMs(record))),
    logs: record.logs.map((log) => logOf(log, at)),
    metadata: wireMetadata(record),
  };
}

/** The wire has sub-units without their keys, each number once. */
function unitOf({ sub_units, unit_metadata }: RunRecord): Pick<RunCreateRequest, 'sub_units' | 'unit_metadata'> {
  const serials = [...new Set(Object.values(sub_units ?? {}))].filter((serial) => IDENTIFIER.test(serial));
  const metadata = Object.entries(unit_metadata ?? {}).map(([key, value]) => [key, head(value, METADATA_VALUE_LIMIT)]);
  return {
    ...(serials.length > 0 ? { sub_units: serials.toSorted() } : {}),
    ...(metadata.length > 0 ? { unit_metadata: Object.fromEntries(metadata) } : {}),
  };
}

/** Absolute times come from one wall-clock reading and the monotonic clock, so none runs backwards. */
function timesOf(record: RunRecord): (ms: number) => string {
  const startMs = finite(Date.parse(record.started_at), 0);
  return (ms) => new Date(startMs + Math.max(0, Math.round(finite(ms, 0)))).toISOString();
}

function endMs({ ended_ms, phases }: RunRecord): number {
  return ended_ms ?? Math.max(0, ...phases.map((phase) => finite(phase.ended_ms ?? phase.started_ms, 0)));
}

function phaseOf(phase: PhaseRecord, at: (ms: number) => string, runEndMs: number): WirePhase {
  const startedMs = finite(phase.started_ms, 0);
  return {
    name: nameOf(phase),
    // The wire has no TIMEOUT for phases; one that never ended was cut off.
    outcome: phase.timed_out ? 'ERROR' : (phase.outcome ?? 'ERROR'),
    started_at: at(startedMs),
    ended_at: at(Math.max(startedMs, finite(phase.ended_ms ?? runEndMs, startedMs))),
    retry_count: phase.retry_count,
    ...docstring(phase.reason),
    measurements: phase.measurements.map(measurementOf),
  };
}

function measurementOf(measurement: MeasurementRecord): WireMeasurement {
  const { measured_value, outcome, units, validators, aggregations = [], reason } = measurement;
  const { leftOut, ...curve } = wireCurve(measurement);
  const unusable = typeof measured_value === 'number' && !Number.isFinite(measured_value);
  return {
    name: nameOf(measurement),
    // Silence on the wire must never pass, whatever the record says.
    outcome: unusable && outcome === 'PASS' ? 'FAIL' : outcome,
    measured_value: unusable ? null : typeof measured_value === 'string' ? clean(measured_value) : measured_value,
    ...given('units', units === undefined ? undefined : clean(units)),
    ...(validators.length > 0 ? { validators: validators.map(wireValidator) } : {}),
    ...(aggregations.length > 0 ? { aggregations: aggregations.map(wireAggregation) } : {}),
    ...curve,
    ...docstring(wordsOf(measurement, reason, leftOut)),
  };
}

/** What the wire has no field for is said in words. */
function wordsOf({ marginal }: MeasurementRecord, reason: string | undefined, leftOut: number): string {
  const lost = leftOut > 0 ? `${leftOut} points that are no numbers are left out.` : '';
  return [reason, marginal ? 'Close to its limit.' : '', lost].filter(Boolean).join(' ');
}

function logOf(log: LogRecord, at: (ms: number) => string): WireLog {
  return {
    level: log.level,
    timestamp: at(log.at_ms),
    message: head(log.message, MESSAGE_LIMIT) || '(empty)',
    source_file: tail(log.source_file, SOURCE_FILE_LIMIT) || 'unknown',
    line_number: Math.max(0, Math.trunc(finite(log.line_number, 0))),
  };
}

function wireMetadata(record: RunRecord): RunCreateRequest['metadata'] {
  const wire = (value: string | number | boolean) =>
    typeof value === 'string' ? head(value, METADATA_VALUE_LIMIT) : value;
  const entries = Object.entries(metadataOf(record)).map(([key, value]) => [key, wire(value)]);
  return { ...Object.fromEntries(entries), clock_offset_ms: Math.round(finite(record.clock_offset_ms, 0)) };
}

function nameOf({ name, key }: { readonly name: string; readonly key: string }): string {
  return clean(name) || clean(key) || 'unnamed';
}

function docstring(reason: string | undefined): { docstring?: string } {
  return reason ? { docstring: clean(reason) } : {};
}

function given<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
