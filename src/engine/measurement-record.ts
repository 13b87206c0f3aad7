/**
 * A measured value, judged, as it stands in the record.
 *
 * Joins `measure` (verdicts) and `record` (shapes), which do not know each other.
 */
import { bandOf, valueTrouble } from '#measure/judge.ts';
import { measureOutcome } from '#measure/measure-outcome.ts';
import type { Judgement, Validator } from '#measure/validator.ts';
import type { Measurement } from '#procedure/procedure.ts';
import type { MeasurementRecord, Scalar, ValidatorRecord } from '#record/run-record.ts';

export interface Recorded {
  readonly record: MeasurementRecord;
  /** Misses that only warn, in words. */
  readonly warnings: readonly string[];
}

/** @param why there is no value, when it is null */
export function recordValue(declared: Measurement, value: Scalar | null, why?: string): Recorded {
  const judged = measureOutcome(value, declared);
  const reason = value === null ? (why ?? judged.reason) : judged.reason;
  const record: MeasurementRecord = {
    key: declared.key,
    name: declared.name,
    outcome: judged.outcome,
    // NaN and infinity exist in no JSON; the reason says what was read.
    measured_value: valueTrouble(value) === null ? value : null,
    ...(declared.unit === undefined ? {} : { units: declared.unit }),
    validators: declared.validators.map((validator, index) => validatorRecord(validator, judged.judgements[index]!)),
    ...(judged.marginal ? { marginal: true } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
  return { record, warnings: judged.warnings };
}

function validatorRecord(validator: Validator, { verdict, reason }: Judgement): ValidatorRecord {
  return {
    ...written(validator),
    outcome: verdict,
    is_decisive: validator.isDecisive,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** `within` is recorded as the range that it was judged by: its tolerance has no place on the wire. */
function written(validator: Validator): Pick<ValidatorRecord, 'operator' | 'expected_value' | 'expression'> {
  const { operator, expected, expression, tolerance } = validator;
  const said = expression === undefined ? {} : { expression };
  const band = operator === 'within' ? bandOf(validator) : null;
  if (!band || typeof band === 'string' || !tolerance) return { operator, expected_value: expected, ...said };
  const width = 'absolute' in tolerance ? String(tolerance.absolute) : `${tolerance.fraction * 100} %`;
  return {
    operator: 'range',
    expected_value: [band.low, band.high],
    expression: expression ?? `${String(expected)} ± ${width}`,
  };
}
