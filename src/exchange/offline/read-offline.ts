/**
 * A run from a JSON file of TofuPilot's offline guide: `run_passed`, and `steps` with their measurements and limits.
 *
 * Also takes the flat steps of the API's first version. The file knows PASS and FAIL only and judges by itself; its
 * limits are judged anew here, and a PASS that they contradict is a FAIL. Above: read-runs.ts.
 */
import { measureOutcome } from '#measure/measure-outcome.ts';
import type { Validator } from '#measure/validator.ts';
import type { MeasurementRecord, PhaseOutcome, PhaseRecord, RunRecord, Scalar } from '#record/run-record.ts';
import { contentId } from '#exchange/content-id.ts';
import { settled, settledPhase } from '#exchange/contradiction.ts';
import type { ReadRun } from '#exchange/exchanged-run.ts';
import { given } from '#exchange/given.ts';
import type { Located } from '#exchange/located-json.ts';
import { durationMs } from '#exchange/offline/iso-duration.ts';

/** As programs write them, in any case. */
const STATUSES: Readonly<Record<string, PhaseOutcome>> = {
  PASS: 'PASS',
  PASSED: 'PASS',
  TRUE: 'PASS',
  FAIL: 'FAIL',
  FAILED: 'FAIL',
  FALSE: 'FAIL',
  SKIP: 'SKIP',
  SKIPPED: 'SKIP',
  ERROR: 'ERROR',
};

export function isOffline(file: Located): boolean {
  return typeof file.get('run_passed').value === 'boolean';
}

/** @param fileTimeMs when the file was written: stands in where it does not say when the run was */
export async function readOffline(file: Located, fileTimeMs: number): Promise<ReadRun> {
  const differences: string[] = [];
  const differ = (words: string) => void differences.push(words);
  const startMs = startOf(file, fileTimeMs, differ);
  const phases = phasesOf(file.get('steps').items(), startMs, differ);
  const unit = file.get('unit_under_test');
  const duration = file.get('duration');
  const last = Math.max(0, ...phases.map(({ ended_ms }) => ended_ms ?? 0));
  const record: RunRecord = {
    id: await contentId(file.value),
    seq: 0,
    station_id: file.get('station_id').optionalText() ?? '',
    slot: '',
    serial_number: unit.get('serial_number').text(),
    ...given('part_number', unit.get('part_number').optionalText()),
    ...given('revision_number', unit.get('revision').optionalText() ?? unit.get('revision_number').optionalText()),
    ...given('batch_number', unit.get('batch_number').optionalText()),
    started_at: new Date(startMs).toISOString(),
    procedure: {
      id: file.get('procedure_id').optionalText() ?? '',
      name: file.get('procedure_name').optionalText() ?? '',
      ...given('version', file.get('procedure_version').optionalText()),
      release: '',
      development: false,
    },
    parameters: {},
    app_version: '',
    browser: '',
    fixture: '',
    operator: file.get('operator').optionalText() ?? '',
    clock_offset_ms: 0,
    simulated: false,
    plan: [],
    outcome: file.get('run_passed').boolean() ? 'PASS' : 'FAIL',
    ended_ms: duration.isAbsent ? last : Math.max(last, durationMs(duration)),
    interrupted: false,
    phases,
    logs: [],
  };
  return { record: settled(record, differ), files: [], differences };
}

function startOf(file: Located, fileTimeMs: number, differ: (words: string) => void): number {
  for (const name of ['started_at', 'timestamp']) if (!file.get(name).isAbsent) return file.get(name).moment();
  differ('The file does not say when the run was: the time at which it was written stands for it.');
  return fileTimeMs;
}

function phasesOf(steps: readonly Located[], startMs: number, differ: (words: string) => void): PhaseRecord[] {
  const seen = new Map<string, number>();
  let nowMs = 0;
  return steps.map((step) => {
    const name = step.get('name').text();
    const retry_count = seen.get(name) ?? 0;
    seen.set(name, retry_count + 1);
    const started = step.get('started_at');
    const started_ms = started.isAbsent ? nowMs : Math.max(0, started.moment() - startMs);
    const duration = step.get('duration');
    const ended_ms = started_ms + (duration.isAbsent ? 0 : durationMs(duration));
    nowMs = ended_ms;
    const judged = measurementsOf(step, name, differ);
    const phase: PhaseRecord = {
      key: name,
      name,
      section: 'main',
      retry_count,
      started_ms,
      ended_ms,
      outcome: statusOf(step),
      measurements: judged,
    };
    const missed = judged.find(({ outcome }) => outcome === 'FAIL');
    const reason = missed && `${missed.name}: ${missed.reason ?? 'a limit was missed'}`;
    if (reason !== undefined && phase.outcome === 'PASS')
      differ(`${step.place} says PASS, and ${reason}. It is taken as FAIL.`);
    return settledPhase(phase, reason);
  });
}

function statusOf(step: Located): PhaseOutcome {
  const status = step.get('status').isAbsent ? step.get('step_passed') : step.get('status');
  const outcome = STATUSES[String(status.value).toUpperCase()];
  if (!outcome) throw status.wrong('PASS, FAIL, SKIP or ERROR');
  return outcome;
}

/** Listed under the step, or, in the first version, the step itself. */
function measurementsOf(step: Located, name: string, differ: (words: string) => void): MeasurementRecord[] {
  if (!step.get('measurements').isAbsent)
    return step
      .get('measurements')
      .items()
      .map((at) => measurementOf(at, at.get('name').text(), at.get('value'), at.get('unit'), differ));
  if (step.get('measurement_value').isAbsent) return [];
  return [measurementOf(step, name, step.get('measurement_value'), step.get('measurement_unit'), differ)];
}

function measurementOf(
  at: Located,
  name: string,
  { value: read, place }: Located,
  unit: Located,
  differ: (words: string) => void,
): MeasurementRecord {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof read);
  const isList = !isScalar && read !== null && read !== undefined;
  if (isList) differ(`${place} has several values: they are kept as one text.`);
  const value = isScalar ? (read as Scalar) : isList ? JSON.stringify(read) : null;
  const units = unit.optionalText();
  const validators = limitsOf(at);
  const judged = measureOutcome(value, { validators, ...(units === undefined ? {} : { unit: units }) });
  return {
    key: name,
    name,
    outcome: judged.outcome,
    measured_value: value,
    ...(units === undefined ? {} : { units }),
    validators: validators.map(({ operator, expected }, index) => {
      const { verdict, reason } = judged.judgements[index]!;
      const told = { operator, expected_value: expected, is_decisive: true };
      return { ...told, outcome: verdict, ...(reason === undefined ? {} : { reason }) };
    }),
    ...(judged.reason === undefined ? {} : { reason: judged.reason }),
  };
}

function limitsOf(at: Located): Validator[] {
  const low = at.get('limit_low').optionalNumber();
  const high = at.get('limit_high').optionalNumber();
  if (low !== undefined && high !== undefined) return [{ operator: 'range', expected: [low, high], isDecisive: true }];
  if (low !== undefined) return [{ operator: '>=', expected: low, isDecisive: true }];
  return high === undefined ? [] : [{ operator: '<=', expected: high, isDecisive: true }];
}
