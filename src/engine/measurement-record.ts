/**
 * A measured value, judged, as it stands in the record.
 *
 * Joins `measure` (verdicts) and `record` (shapes), which do not know each other. Beside it: curve-record.ts, for
 * measurements of many points; validator-record.ts, for limits.
 */
import { aggregationOutcome, type Aggregation } from '#measure/aggregation-outcome.ts';
import { valueTrouble } from '#measure/judge.ts';
import { measureOutcome } from '#measure/measure-outcome.ts';
import { mergedOutcome, type Part } from '#measure/merged-outcome.ts';
import { validatorRecord } from '#engine/validator-record.ts';
import type { Measurement } from '#procedure/procedure.ts';
import type { AggregationRecord, MeasurementRecord, Scalar } from '#record/run-record.ts';

export interface Recorded {
  readonly record: MeasurementRecord;
  /** Misses that only warn, in words. */
  readonly warnings: readonly string[];
}

export interface ValueScene {
  /** Why there is no value, when it is null. */
  readonly why?: string;
  /** The numbers that this attempt recorded under this name before; aggregations are over them and the new one. */
  readonly before?: readonly number[];
}

export function recordValue(declared: Measurement, value: Scalar | null, { why, before }: ValueScene = {}): Recorded {
  const { aggregations: wanted = [], unit } = declared;
  const judged = measureOutcome(value, declared);
  const numbers = wanted.length > 0 ? Float64Array.from([...(before ?? []), Number(value ?? NaN)]) : new Float64Array();
  const aggregations = wanted.map((one) => recordAggregation(one, numbers, unit));
  const said = value === null && why !== undefined ? { ...judged, reason: why } : judged;
  const { outcome, marginal, reason, warnings } = mergedOutcome([said, ...aggregations.map(({ part }) => part)]);
  const record: MeasurementRecord = {
    key: declared.key,
    name: declared.name,
    outcome,
    // NaN and infinity exist in no JSON; the reason says what was read.
    measured_value: valueTrouble(value) === null ? value : null,
    ...(unit === undefined ? {} : { units: unit }),
    validators: declared.validators.map((validator, index) => validatorRecord(validator, judged.judgements[index]!)),
    ...(aggregations.length > 0 ? { aggregations: aggregations.map((one) => one.record) } : {}),
    ...(marginal ? { marginal: true } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
  return { record, warnings };
}

export function recordAggregation(
  declared: Aggregation,
  values: Float64Array,
  listUnit: string | undefined,
): { readonly record: AggregationRecord; readonly part: Part } {
  const judged = aggregationOutcome(declared, values, listUnit);
  const { value, outcome, reason, judgements } = judged;
  const units = declared.unit ?? (declared.type === 'count' ? undefined : listUnit);
  const record: AggregationRecord = {
    type: declared.type,
    value: valueTrouble(value) === null ? value : null,
    outcome,
    ...(units === undefined ? {} : { units }),
    validators: declared.validators.map((validator, index) => validatorRecord(validator, judgements[index]!)),
    ...(reason === undefined ? {} : { reason }),
  };
  return { record, part: judged };
}
