/**
 * What the aggregations of a list are, and whether they keep their limits.
 *
 * The engine computes every value; one that the author states is judged instead, and said when it contradicts the
 * computed one. Pure. Knows nothing of records.
 */
import { aggregate } from '#measure/aggregate.ts';
import { measureOutcome, type MeasuredOutcome } from '#measure/measure-outcome.ts';
import type { Scalar } from '#measure/scalar.ts';
import type { Validator } from '#measure/validator.ts';

export interface Aggregation {
  /** `min`, `percentile_95` …; see aggregate.ts. */
  readonly type: string;
  readonly unit?: string;
  /** Stated by the author instead of the computed one. */
  readonly value?: Scalar;
  readonly validators: readonly Validator[];
}

export interface AggregatedOutcome extends MeasuredOutcome {
  readonly value: Scalar | null;
}

/** Doubles agree to 15 digits; sums in another order and printed results differ in the last few of them. */
const SAME_WITHIN = 1e-9;

export function aggregationOutcome(declared: Aggregation, values: Float64Array, listUnit?: string): AggregatedOutcome {
  const { type, value: stated, validators } = declared;
  const computed = aggregate(type, values);
  const own = 'value' in computed ? computed.value : null;
  const value = stated ?? own;
  // A count has no unit of its own list, whatever the list is in.
  const unit = declared.unit ?? (type === 'count' ? undefined : listUnit);
  const judged = measureOutcome(value, { validators, ...(unit === undefined ? {} : { unit }) });
  const warnings = judged.warnings.map((warning) => `${type}: ${warning}`);
  if (stated !== undefined && own !== null && !agree(stated, own))
    warnings.push(`${type} is stated as ${String(stated)}, and ${own} was computed`);
  const why = 'reason' in computed && stated === undefined ? computed.reason : judged.reason;
  const reason = why === undefined ? undefined : `${type}: ${why}`;
  // A value that nobody limits may be missing: it decides nothing.
  const outcome = validators.length === 0 && stated === undefined ? 'UNSET' : judged.outcome;
  return { ...without(judged), value, outcome, warnings, ...(reason === undefined ? {} : { reason }) };
}

function agree(stated: Scalar, computed: number): boolean {
  if (typeof stated !== 'number') return false;
  return Math.abs(stated - computed) <= SAME_WITHIN * Math.max(Math.abs(stated), Math.abs(computed));
}

function without({ reason, ...rest }: MeasuredOutcome): Omit<MeasuredOutcome, 'reason'> {
  void reason;
  return rest;
}
