/** A limit and its verdict as they stand in the record. */
import { bandOf } from '#measure/judge.ts';
import type { Judgement, Validator } from '#measure/validator.ts';
import type { ValidatorRecord } from '#record/run-record.ts';

export function validatorRecord(validator: Validator, { verdict, reason }: Judgement): ValidatorRecord {
  return {
    ...written(validator),
    outcome: verdict,
    is_decisive: validator.isDecisive,
    ...(validator.every === undefined ? {} : { every: validator.every }),
    ...(validator.curve === undefined ? {} : { curve: validator.curve }),
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
