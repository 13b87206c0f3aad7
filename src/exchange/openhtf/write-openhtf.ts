/**
 * A run as OpenHTF's JSON: what `OutputToJSON` writes for a test record, files inline.
 *
 * Shaped after openhtf/core/test_record.py and output/callbacks/json_factory.py; what is only Fieldbench's stands under
 * `metadata`, where OpenHTF lets anything stand. Below: limit-text.ts. Knows nothing of where the text goes.
 */
import { metadataOf } from '#record/run-metadata.ts';
import type { LogRecord, MeasurementRecord, PhaseRecord, RunRecord } from '#record/run-record.ts';
import { absoluteTimes } from '#exchange/absolute-times.ts';
import { hex, toBase64 } from '#exchange/base64.ts';
import type { ExchangedRun, RunFile } from '#exchange/exchanged-run.ts';
import { given } from '#exchange/given.ts';
import { limitText } from '#exchange/limit-text.ts';
import { phaseOutcome, runOutcome, toldMeasurement } from '#exchange/told-outcome.ts';

/** Python's `logging`. */
export const LEVELS: Readonly<Record<LogRecord['level'], number>> = {
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
};

type Json = Readonly<Record<string, unknown>>;

export async function writeOpenHtf({ record, files }: ExchangedRun): Promise<string> {
  const { atMs, startMs, endMs } = absoluteTimes(record);
  const attachments = await attachmentsOf(files);
  const lastPhase = record.phases.length - 1;
  const outcome = runOutcome(record);
  return JSON.stringify({
    dut_id: record.serial_number,
    start_time_millis: startMs,
    end_time_millis: endMs,
    outcome,
    outcome_details: record.reason === undefined ? [] : [{ code: outcome, description: record.reason }],
    marginal: isMarginal(record.phases),
    metadata: metadata(record),
    phases: record.phases.map((phase, index) => ({
      ...phaseOf(phase, atMs, endMs),
      // OpenHTF knows files of phases only; these belong to the whole run.
      attachments: index === lastPhase ? attachments : {},
      descriptor_id: index,
    })),
    subtests: [],
    branches: [],
    diagnosers: [],
    diagnoses: [],
    log_records: record.logs.map((log) => ({
      level: LEVELS[log.level],
      logger_name: 'fieldbench',
      source: log.source_file,
      lineno: log.line_number,
      timestamp_millis: atMs(log.at_ms),
      message: log.message,
    })),
    station_id: record.station_id,
    code_info: code(record.procedure.name),
  });
}

function metadata(record: RunRecord): Json {
  const { procedure, part_number, revision_number, batch_number, unit_metadata } = record;
  return {
    ...metadataOf(record),
    test_name: procedure.name,
    procedure_id: procedure.id,
    ...given('procedure_version', procedure.version),
    ...given('part_number', part_number),
    // TofuPilot's reader of OpenHTF says `revision`.
    ...given('revision', revision_number),
    ...given('batch_number', batch_number),
    ...(unit_metadata ? { unit_metadata } : {}),
  };
}

function phaseOf(phase: PhaseRecord, atMs: (ms: number) => number, runEndMs: number): Json {
  const startMs = atMs(phase.started_ms);
  return {
    measurements: Object.fromEntries(named(phase.measurements).map(([name, one]) => [name, measurementOf(name, one)])),
    options: null,
    diagnosers: [],
    subtest_name: null,
    start_time_millis: startMs,
    end_time_millis: Math.max(startMs, phase.ended_ms === null ? runEndMs : atMs(phase.ended_ms)),
    diagnosis_results: [],
    failure_diagnosis_results: [],
    result: { phase_result: resultOf(phase) },
    outcome: phaseOutcome(phase),
    marginal: isMarginal([phase]),
    name: phase.name || phase.key,
    codeinfo: code(phase.key, phase.reason),
  };
}

/** null is OpenHTF's word for a phase that ran out of time. */
function resultOf(phase: PhaseRecord): unknown {
  if (phase.timed_out) return null;
  switch (phaseOutcome(phase)) {
    case 'ERROR':
      return { exc_type: 'FieldbenchError', exc_val: phase.reason ?? '', exc_tb: '' };
    case 'SKIP':
      return 'SKIP';
    case 'FAIL':
      return phase.measurements.some(({ outcome }) => outcome === 'FAIL') ? 'CONTINUE' : 'FAIL_AND_CONTINUE';
    case 'PASS':
      return 'CONTINUE';
  }
}

function measurementOf(name: string, measurement: MeasurementRecord): Json {
  const { validators, units, reason } = measurement;
  const { outcome, value } = toldMeasurement(measurement);
  return {
    name,
    outcome,
    ...(validators.length === 0 ? {} : { validators: validators.map(limitText) }),
    // The code is one of UN/CEFACT's list, which a free text has not.
    ...(units === undefined ? {} : { units: { name: units, code: null, suffix: units } }),
    ...given('docstring', reason),
    ...(value === null ? {} : { measured_value: value }),
  };
}

/**
 * OpenHTF keys measurements by name. One that was taken more than once keeps its name for the last, which decides; the
 * earlier ones are numbered, so that none is lost.
 */
function named(measurements: readonly MeasurementRecord[]): [string, MeasurementRecord][] {
  const nameOf = ({ name, key }: MeasurementRecord) => name || key;
  const taken = new Set(measurements.map(nameOf));
  return measurements.map((one, index) => {
    const name = nameOf(one);
    if (!measurements.slice(index + 1).some((later) => nameOf(later) === name)) return [name, one];
    return [unused(taken, (n) => `${name} [${n}]`), one];
  });
}

async function attachmentsOf(files: readonly RunFile[]): Promise<Json> {
  const taken = new Set<string>();
  const attachments: [string, Json][] = [];
  for (const { name, contentType, bytes } of files) {
    const sha1 = hex(new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)));
    const unique = taken.has(name) ? unused(taken, (n) => `${n}-${name}`) : name;
    taken.add(unique);
    attachments.push([unique, { mimetype: contentType, sha1, data: toBase64(bytes) }]);
  }
  return Object.fromEntries(attachments);
}

function unused(taken: Set<string>, nameOf: (n: number) => string): string {
  for (let n = 1; ; n += 1) {
    const name = nameOf(n);
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

function isMarginal(phases: readonly PhaseRecord[]): boolean {
  return phases.some(({ measurements }) => measurements.some(({ marginal }) => marginal === true));
}

function code(name: string, docstring?: string): Json {
  return { name, docstring: docstring ?? null, sourcecode: '' };
}
