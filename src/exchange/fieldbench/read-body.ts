/**
 * A run from the body that Fieldbench posts: what `fieldbench run --json` ends with, and what transfer files hold.
 *
 * A body is smaller than the record that it was made of: sections, parameters and the names of keys are not in it.
 * Above: read-runs.ts.
 */
import type {
  LogRecord,
  MeasurementRecord,
  PhaseRecord,
  RunRecord,
  Scalar,
  ValidatorRecord,
} from '#record/run-record.ts';
import type { ReadRun } from '#exchange/exchanged-run.ts';
import { given } from '#exchange/given.ts';
import type { Located } from '#exchange/located-json.ts';
import { readMetadata } from '#exchange/read-metadata.ts';
import { unitMetadata } from '#exchange/unit-metadata.ts';

const RUN_OUTCOMES = ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const;
const PHASE_OUTCOMES = ['PASS', 'FAIL', 'SKIP', 'ERROR'] as const;
const MEASUREMENT_OUTCOMES = ['PASS', 'FAIL', 'UNSET'] as const;
const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

export function isBody(file: Located): boolean {
  return typeof file.get('metadata').get('client_run_id').value === 'string' && !file.get('procedure_id').isAbsent;
}

/** @param body its exact text */
export function readBody(file: Located, body: string): ReadRun {
  const { id, header, release, development, interrupted, unknown } = readMetadata(file.get('metadata'));
  const startMs = file.get('started_at').moment();
  const at = (name: string, one: Located) => Math.max(0, one.get(name).moment() - startMs);
  const record: RunRecord = {
    ...header,
    id: id ?? '',
    serial_number: file.get('serial_number').text(),
    ...given('part_number', file.get('part_number').optionalText()),
    ...given('revision_number', file.get('revision_number').optionalText()),
    ...given('batch_number', file.get('batch_number').optionalText()),
    ...unitMetadata(file.get('unit_metadata')),
    started_at: new Date(startMs).toISOString(),
    procedure: {
      id: file.get('procedure_id').text(),
      name: '',
      ...given('version', file.get('procedure_version').optionalText()),
      release,
      development,
    },
    parameters: {},
    plan: [],
    outcome: file.get('outcome').oneOf(RUN_OUTCOMES),
    ended_ms: at('ended_at', file),
    ...reason(file),
    interrupted,
    phases: file
      .get('phases')
      .items()
      .map((one): PhaseRecord => ({
        key: one.get('name').text(),
        name: one.get('name').text(),
        section: 'main',
        retry_count: one.get('retry_count').optionalNumber() ?? 0,
        started_ms: at('started_at', one),
        ended_ms: at('ended_at', one),
        outcome: one.get('outcome').oneOf(PHASE_OUTCOMES),
        ...reason(one),
        measurements: one.get('measurements').items().map(measurementOf),
      })),
    logs: file
      .get('logs')
      .items()
      .map((one): LogRecord => ({
        level: one.get('level').oneOf(LEVELS),
        at_ms: at('timestamp', one),
        message: one.get('message').text(),
        source_file: one.get('source_file').text(),
        line_number: one.get('line_number').number(),
      })),
  };
  const differences = unknown.map((name) => `metadata.${name} is left out: a run has no place for it.`);
  return { record, files: [], differences, body };
}

function measurementOf(at: Located): MeasurementRecord {
  const name = at.get('name').text();
  const { value } = at.get('measured_value');
  return {
    key: name,
    name,
    outcome: at.get('outcome').oneOf(MEASUREMENT_OUTCOMES),
    measured_value: value === undefined || value === null ? null : scalar(at.get('measured_value')),
    ...given('units', at.get('units').optionalText()),
    validators: at.get('validators').items().map(validatorOf),
    ...reason(at),
  };
}

function validatorOf(at: Located): ValidatorRecord {
  const expected = at.get('expected_value');
  return {
    operator: at.get('operator').optionalText() ?? '',
    expected_value: expected.isAbsent
      ? ''
      : Array.isArray(expected.value)
        ? expected.items().map(scalar)
        : scalar(expected),
    outcome: at.get('outcome').oneOf(['PASS', 'FAIL']),
    is_decisive: at.get('is_decisive').isAbsent || at.get('is_decisive').boolean(),
    ...given('expression', at.get('expression').optionalText()),
  };
}

function scalar(at: Located): Scalar {
  const { value } = at;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw at.wrong('a number, a text, true or false');
}

function reason(at: Located): { reason?: string } {
  return given('reason', at.get('docstring').optionalText());
}
