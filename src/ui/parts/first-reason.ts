/**
 * Why a run did not pass, as one sentence that names value and limit, and one line that says where.
 *
 * Reads the record; judges nothing. Falls back to the reason that the engine wrote when no limit explains it.
 */
import type { MeasurementRecord, PhaseRecord, RunRecord, ValidatorRecord } from '#record/run-record.ts';
import { spanOf } from '#record/validator-span.ts';
import { limitText, valueText } from '#ui/parts/limit.ts';
import { formatQuantity } from '#ui/parts/quantity.ts';

export interface Reason {
  readonly sentence: string;
  /** Phase and attempt; empty when the reason is the run's own. */
  readonly place: string;
}

/** @returns null for a run that passed or is under way */
export function firstReason(record: RunRecord): Reason | null {
  if (record.outcome === null || record.outcome === 'PASS') return null;
  const phase = decidingPhase(record);
  const place = phase ? placeOf(phase) : '';
  const measurement = record.outcome === 'FAIL' && phase?.measurements.find(({ outcome }) => outcome === 'FAIL');
  if (measurement) return { sentence: sentenceOf(measurement), place };
  return { sentence: record.reason || phase?.reason || 'No reason was recorded.', place };
}

/** What has gone wrong in a run under way, if anything has; a phase that is tried again counts no more. */
export function troubleSoFar({ phases }: RunRecord): Reason | null {
  const last = new Map(phases.map((phase) => [phase.key, phase]));
  const phase = [...last.values()].find(({ outcome }) => outcome === 'FAIL' || outcome === 'ERROR');
  if (!phase) return null;
  const measurement = phase.measurements.find(({ outcome }) => outcome === 'FAIL');
  return { sentence: measurement ? sentenceOf(measurement) : (phase.reason ?? ''), place: placeOf(phase) };
}

/** The first phase whose last attempt went wrong: earlier attempts decide nothing. */
function decidingPhase({ phases, outcome }: RunRecord): PhaseRecord | undefined {
  const last = new Map(phases.map((phase) => [phase.key, phase]));
  const wrong = [...last.values()];
  if (outcome === 'FAIL') return wrong.find((phase) => phase.outcome === 'FAIL');
  if (outcome === 'TIMEOUT') return wrong.find(({ timed_out }) => timed_out);
  return wrong.find((phase) => phase.outcome === 'ERROR');
}

function placeOf({ name, retry_count }: PhaseRecord): string {
  return retry_count > 0 ? `${name}, attempt ${retry_count + 1}` : name;
}

export function sentenceOf(measurement: MeasurementRecord): string {
  const { name, measured_value: value, validators, reason } = measurement;
  const broken = validators.find(({ outcome, is_decisive }) => outcome === 'FAIL' && is_decisive);
  if (measurement.y_axis) return `${name}: ${reasonOfCurve(measurement) ?? 'a limit was missed'}`;
  if (value === null) return reason ? `${name} has no value: ${reason}` : `${name} has no value.`;
  if (!broken) return reason ? `${name}: ${reason}` : `${name} failed.`;
  if (broken.reason && typeof value !== 'number') return `${name} is ${quoted(value)}: ${broken.reason}`;
  return relation(`${name} is ${quoted(value, measurement)}`, value, broken, measurement);
}

/** A curve with one axis need not say which. */
export function reasonOfCurve({ reason, y_axis }: MeasurementRecord): string | undefined {
  const [axis, other] = y_axis ?? [];
  const prefix = `${axis?.name}: `;
  return unbroken(!other && reason?.startsWith(prefix) ? reason.slice(prefix.length) : reason);
}

/** The engine writes for files, with plain spaces; here a value never stands on another line than its unit. */
function unbroken(text: string | undefined): string | undefined {
  return text?.replace(/(\d) (?=[^\s\p{Ll}]|[pnmk]\p{Lu})/gu, '$1\u202f');
}

function quoted(value: number | string | boolean, measurement?: MeasurementRecord): string {
  if (typeof value === 'string') return `“${value}”`;
  return measurement ? valueText(measurement) : String(value);
}

function relation(
  fact: string,
  value: number | string | boolean,
  broken: ValidatorRecord,
  measurement: MeasurementRecord,
): string {
  const span = spanOf([broken]);
  if (typeof value === 'number' && span) {
    const limit = (end: number) => formatQuantity(end, { unit: measurement.units });
    if (span.low !== null && span.low === span.high) return `${fact}, and should be ${limit(span.low)}`;
    if (span.low !== null && value < span.low) return `${fact}, under its limit of ${limit(span.low)}`;
    if (span.high !== null && value > span.high) return `${fact}, over its limit of ${limit(span.high)}`;
    // Exactly on a limit that does not include itself.
    return `${fact}, and must be ${limitText({ ...measurement, validators: [broken] })}`;
  }
  return `${fact}, and should be ${limitText({ ...measurement, validators: [broken] })}`;
}
