/**
 * A run from OpenHTF's JSON: one that Fieldbench wrote keeps its identity, one that OpenHTF wrote gets one.
 *
 * Below: read-measurement.ts. Above: read-runs.ts. Knows nothing of files on a disk.
 */
import type { LogRecord, PhaseOutcome, PhaseRecord, RunRecord } from '#record/run-record.ts';
import { fromBase64 } from '#exchange/base64.ts';
import { contentId } from '#exchange/content-id.ts';
import { settled, settledPhase } from '#exchange/contradiction.ts';
import type { ReadRun, RunFile } from '#exchange/exchanged-run.ts';
import { given } from '#exchange/given.ts';
import type { Located } from '#exchange/located-json.ts';
import { readMeasurement } from '#exchange/openhtf/read-measurement.ts';
import { readMetadata } from '#exchange/read-metadata.ts';
import { unitMetadata } from '#exchange/unit-metadata.ts';

const RUN_OUTCOMES = ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const;
const PHASE_OUTCOMES = ['PASS', 'FAIL', 'SKIP', 'ERROR'] as const;
/** Python's `logging`: a level of one's own counts as the named one below it. */
const LEVELS: readonly (readonly [number, LogRecord['level']])[] = [
  [50, 'CRITICAL'],
  [40, 'ERROR'],
  [30, 'WARNING'],
  [20, 'INFO'],
];
const NO_PLACE = ['subtests', 'branches', 'checkpoints', 'diagnosers', 'diagnoses'] as const;
const READ_HERE = [
  'test_name',
  'procedure_id',
  'procedure_version',
  'part_number',
  'revision',
  'revision_number',
  'batch_number',
  'unit_metadata',
] as const;

export function isOpenHtf(file: Located): boolean {
  return Array.isArray(file.get('phases').value) && typeof file.get('start_time_millis').value === 'number';
}

export async function readOpenHtf(file: Located): Promise<ReadRun> {
  const differences: string[] = [];
  const differ = (words: string) => void differences.push(words);
  const metadata = file.get('metadata');
  const read = readMetadata(metadata, READ_HERE);
  const isOwn = read.id !== undefined;
  const startMs = momentOf(file.get('start_time_millis'));
  const seen = new Map<string, number>();
  const phases = file
    .get('phases')
    .items()
    .map((at) => phaseOf(at, startMs, isOwn, seen, differ));
  const optional = (name: string) => metadata.get(name).optionalText();
  const record: RunRecord = {
    ...read.header,
    id: read.id ?? (await contentId(file.value)),
    station_id: read.header.station_id || (file.get('station_id').optionalText() ?? ''),
    serial_number: file.get('dut_id').text(),
    ...given('part_number', optional('part_number')),
    ...given('revision_number', optional('revision') ?? optional('revision_number')),
    ...given('batch_number', optional('batch_number')),
    ...unitMetadata(metadata.get('unit_metadata')),
    started_at: new Date(startMs).toISOString(),
    procedure: {
      id: optional('procedure_id') ?? '',
      name: optional('test_name') ?? file.get('code_info').get('name').optionalText() ?? '',
      ...given('version', optional('procedure_version')),
      release: read.release,
      development: read.development,
    },
    parameters: {},
    plan: [],
    outcome: file.get('outcome').isAbsent ? 'ERROR' : file.get('outcome').oneOf(RUN_OUTCOMES),
    ended_ms: endOf(file, startMs, phases),
    ...given('reason', reasonOf(file)),
    interrupted: read.interrupted,
    phases,
    logs: file
      .get('log_records')
      .items()
      .map((at) => logOf(at, startMs)),
  };
  const files = file
    .get('phases')
    .items()
    .flatMap((phase) => filesOf(phase.get('attachments'), differ));
  for (const name of read.unknown) differ(`metadata.${name} is left out: a run has no place for it.`);
  for (const name of NO_PLACE)
    if (file.get(name).items().length > 0) differ(`${name} are left out: a run has no place for them.`);
  return { record: settled(record, differ), files, differences };
}

function phaseOf(
  at: Located,
  startMs: number,
  isOwn: boolean,
  seen: Map<string, number>,
  differ: (words: string) => void,
): PhaseRecord {
  const name = at.get('name').text();
  const retry_count = seen.get(name) ?? 0;
  seen.set(name, retry_count + 1);
  const started_ms = Math.max(0, momentOf(at.get('start_time_millis')) - startMs);
  const ended_ms = at.get('end_time_millis').isAbsent
    ? started_ms
    : Math.max(started_ms, momentOf(at.get('end_time_millis')) - startMs);
  const read = at
    .get('measurements')
    .entries()
    .map(([key, one]) => readMeasurement(one, key, isOwn, differ));
  const outcome: PhaseOutcome = at.get('outcome').isAbsent ? 'ERROR' : at.get('outcome').oneOf(PHASE_OUTCOMES);
  const result = at.get('result').get('phase_result');
  const isTimeout = outcome === 'ERROR' && result.value === null;
  const docstring = isOwn ? at.get('codeinfo').get('docstring').optionalText() : undefined;
  const raised = result.get('exc_val');
  const reason = docstring ?? (raised.isAbsent ? undefined : raised.optionalText());
  const phase: PhaseRecord = {
    key: (isOwn ? at.get('codeinfo').get('name').optionalText() : undefined) ?? name,
    name,
    section: 'main',
    retry_count,
    started_ms,
    ended_ms,
    outcome,
    ...given('reason', reason),
    ...(isTimeout ? { timed_out: true } : {}),
    measurements: read.map(({ measurement }) => measurement),
  };
  return settledPhase(phase, read.find(({ contradiction }) => contradiction !== undefined)?.contradiction);
}

function logOf(at: Located, startMs: number): LogRecord {
  const level = at.get('level').number();
  return {
    level: LEVELS.find(([least]) => level >= least)?.[1] ?? 'DEBUG',
    at_ms: Math.max(0, momentOf(at.get('timestamp_millis')) - startMs),
    message: at.get('message').text(),
    source_file: at.get('source').optionalText() ?? '',
    line_number: at.get('lineno').optionalNumber() ?? 0,
  };
}

function filesOf(attachments: Located, differ: (words: string) => void): RunFile[] {
  return attachments.entries().flatMap(([name, at]) => {
    const data = at.get('data');
    if (data.isAbsent) {
      differ(`${at.place} is left out: its bytes are not in the file.`);
      return [];
    }
    const bytes = fromBase64(data.text());
    if (!bytes) throw data.wrong('base64');
    return [{ name, contentType: at.get('mimetype').optionalText() ?? 'application/octet-stream', bytes }];
  });
}

function endOf(file: Located, startMs: number, phases: readonly PhaseRecord[]): number {
  const last = Math.max(0, ...phases.map(({ ended_ms }) => ended_ms ?? 0));
  const end = file.get('end_time_millis');
  return end.isAbsent ? last : Math.max(0, momentOf(end) - startMs);
}

function reasonOf(file: Located): string | undefined {
  const words = file
    .get('outcome_details')
    .items()
    .map((at) => at.get('description').optionalText())
    .filter((one) => one !== undefined);
  return words.length === 0 ? undefined : words.join('; ');
}

/** The last moment that a Date can hold, ECMA-262, 21.4.1.1. */
const LAST_MS = 8.64e15;

function momentOf(at: Located): number {
  const ms = at.number();
  if (Math.abs(ms) > LAST_MS) throw at.wrong('milliseconds since 1970');
  return ms;
}
