/**
 * Runs as one ATML document: a TestResultsCollection of IEEE 1636.1-2013, a TestResults for each run.
 *
 * A phase is a TestGroup, a measurement a Test with one TestResult. What the standard has no word for stands in named
 * data or in an extension of our own name space. Below: datum.ts, xml.ts. Knows nothing of where the text goes.
 */
import { metadataOf } from '#record/run-metadata.ts';
import type { LogRecord, MeasurementRecord, PhaseRecord, RunRecord, ValidatorRecord } from '#record/run-record.ts';
import { absoluteTimes } from '#exchange/absolute-times.ts';
import { datum, limit } from '#exchange/atml/datum.ts';
import { DECLARATION, element, textElement } from '#exchange/atml/xml.ts';
import { limitText } from '#exchange/limit-text.ts';
import { phaseOutcome, runOutcome, toldMeasurement } from '#exchange/told-outcome.ts';

const NAMESPACES = {
  'xmlns:trc': 'urn:IEEE-1636.1:2013:TestResultsCollection',
  'xmlns:tr': 'urn:IEEE-1636.1:2013:TestResults',
  'xmlns:c': 'urn:IEEE-1671:2010:Common',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xmlns:fb': 'urn:fieldbench:run',
};
/** Where the standard wants a text and the record has none. */
const UNKNOWN = 'unknown';
/** 0 is the least severe. */
const SEVERITIES: Readonly<Record<LogRecord['level'], number>> = {
  DEBUG: 0,
  INFO: 1,
  WARNING: 2,
  ERROR: 3,
  CRITICAL: 4,
};

type Outcome = { readonly value: string; readonly qualifier?: string };
const PASSED: Outcome = { value: 'Passed' };
const FAILED: Outcome = { value: 'Failed' };
const ERROR: Outcome = { value: 'Aborted', qualifier: 'Error' };
const TIMEOUT: Outcome = { value: 'Aborted', qualifier: 'Timeout' };
const RUN_OUTCOMES = {
  PASS: PASSED,
  FAIL: FAILED,
  ERROR,
  TIMEOUT,
  ABORTED: { value: 'Aborted', qualifier: 'Terminated' },
} as const;
const PHASE_OUTCOMES = { PASS: PASSED, FAIL: FAILED, ERROR, SKIP: { value: 'NotStarted' } } as const;
const MEASUREMENT_OUTCOMES = {
  PASS: PASSED,
  FAIL: FAILED,
  UNSET: { value: 'UserDefined', qualifier: 'Unset' },
} as const;

export function writeAtml(records: readonly RunRecord[]): string {
  const runs = records.map((record, index) => testResults(record, `r${index + 1}`));
  return `${DECLARATION}\n${element('trc:TestResultsCollection', NAMESPACES, ...runs)}\n`;
}

/** @param id an NCName, unique in the document; the ids inside begin with it */
function testResults(record: RunRecord, id: string): string {
  const { procedure, operator } = record;
  return element(
    'trc:TestResults',
    { uuid: record.id },
    element('tr:Personnel', {}, element('tr:SystemOperator', { ID: operator || UNKNOWN, name: operator || undefined })),
    resultSet(record, id),
    element(
      'tr:TestProgram',
      {},
      definition(procedure.name || procedure.id, procedure.version, 'Other', procedure.id, 'TofuPilot procedure'),
      textElement('c:SerialNumber', procedure.release || UNKNOWN),
    ),
    element('tr:TestStation', {}, textElement('c:SerialNumber', record.station_id || UNKNOWN)),
    element(
      'tr:UUT',
      {},
      definition(record.part_number, record.revision_number, 'Part', record.part_number, 'Part number'),
      textElement('c:SerialNumber', record.serial_number || UNKNOWN),
    ),
  );
}

function definition(
  model: string | undefined,
  version: string | undefined,
  type: 'Part' | 'Other',
  number: string | undefined,
  qualifier: string,
): string {
  const numbers = number
    ? element('c:IdentificationNumbers', {}, element('c:IdentificationNumber', { number, type, qualifier }))
    : '';
  const stated = version ? textElement('c:Version', version) : '';
  const identification = [stated, textElement('c:ModelName', model || UNKNOWN), numbers];
  return element('c:Definition', {}, element('c:Identification', {}, ...identification));
}

function resultSet(record: RunRecord, id: string): string {
  const { atMs, startMs, endMs } = absoluteTimes(record);
  return element(
    'tr:ResultSet',
    {
      ID: id,
      name: record.procedure.name || record.procedure.id || UNKNOWN,
      simulated: record.simulated,
      startDateTime: iso(startMs),
      endDateTime: iso(endMs),
    },
    description(record.reason),
    events(record.logs, atMs, id),
    identity(record),
    outcome(RUN_OUTCOMES[runOutcome(record)]),
    ...record.phases.map((phase, index) => testGroup(phase, `${id}.p${index + 1}`, atMs, endMs)),
  );
}

function events(logs: readonly LogRecord[], atMs: (ms: number) => number, id: string): string {
  const written = logs.map((log, index) =>
    element(
      'tr:Event',
      {
        ID: `${id}.e${index + 1}`,
        severity: SEVERITIES[log.level],
        source: `${log.source_file || UNKNOWN}:${log.line_number}`,
        timeStamp: iso(atMs(log.at_ms)),
      },
      log.message === '' ? '' : textElement('tr:Message', log.message),
    ),
  );
  return written.length === 0 ? '' : element('tr:Events', {}, ...written);
}

/** The identity by which the run is known everywhere, as named values. */
function identity(record: RunRecord): string {
  const ofUnit = Object.entries(record.unit_metadata ?? {}).map(([key, value]) => [`unit_metadata.${key}`, value]);
  const values = {
    ...metadataOf(record),
    ...(record.batch_number ? { batch_number: record.batch_number } : {}),
    ...(Object.fromEntries(ofUnit) as Record<string, string>),
  };
  const items = Object.entries(values).map(([name, value]) => element('c:Item', { name }, datum(value)));
  return element('tr:Data', {}, element('c:Collection', {}, ...items));
}

function testGroup(phase: PhaseRecord, id: string, atMs: (ms: number) => number, runEndMs: number): string {
  const startMs = atMs(phase.started_ms);
  const endMs = Math.max(startMs, phase.ended_ms === null ? runEndMs : atMs(phase.ended_ms));
  const times = { startDateTime: iso(startMs), endDateTime: iso(endMs) };
  return element(
    'tr:TestGroup',
    { ID: id, name: phase.name || phase.key || UNKNOWN, ...times },
    description(phase.reason),
    element('tr:Extension', {}, element('fb:Phase', { section: phase.section, attempt: phase.retry_count })),
    outcome(phase.timed_out ? TIMEOUT : PHASE_OUTCOMES[phaseOutcome(phase)]),
    ...phase.measurements.map((measurement, index) => test(measurement, `${id}.m${index + 1}`, times)),
  );
}

function test(measurement: MeasurementRecord, id: string, times: Readonly<Record<string, string>>): string {
  const { name, key, units, validators, reason } = measurement;
  const told = toldMeasurement(measurement);
  const named = { name: name || key || UNKNOWN };
  // A limit that only warns would contradict the outcome of a value that passed.
  const limits = validators.flatMap((one) => (one.is_decisive ? (limit(one, units) ?? []) : []));
  return element(
    'tr:Test',
    { ID: id, ...named, ...times },
    description(reason),
    extension(validators, measurement.marginal === true),
    outcome(MEASUREMENT_OUTCOMES[told.outcome]),
    element(
      'tr:TestResult',
      { ID: `${id}.v`, ...named },
      outcome(MEASUREMENT_OUTCOMES[told.outcome]),
      told.value === null ? '' : element('tr:TestData', {}, datum(told.value, units)),
      limits.length === 0 ? '' : element('tr:TestLimits', {}, ...limits),
    ),
  );
}

/** Every limit with the verdict that it gave, also those that the standard cannot say. */
function extension(validators: readonly ValidatorRecord[], isMarginal: boolean): string {
  const limits = validators.map((validator) =>
    element('fb:Limit', {
      operator: validator.operator,
      text: limitText(validator),
      outcome: validator.outcome,
      decisive: validator.is_decisive,
    }),
  );
  const marginal = isMarginal ? element('fb:Marginal', {}) : '';
  const inside = [...limits, marginal].join('');
  return inside === '' ? '' : element('tr:Extension', {}, inside);
}

function outcome(told: Outcome): string {
  return element('tr:Outcome', { ...told });
}

function description(text: string | undefined): string {
  return text ? textElement('tr:Description', text) : '';
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
