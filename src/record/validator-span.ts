/**
 * The numbers between which validators let a value pass.
 *
 * Reads what the record carries; never judges again: the outcome is the record's. Above: scales on screens, analysis.
 */
import type { Scalar, ValidatorRecord } from '#record/run-record.ts';

/** One-sided where an end is null. */
export interface Span {
  readonly low: number | null;
  readonly high: number | null;
}

/** @returns null when the limits are no numbers: a list, a pattern, an exclusion */
export function spanOf(validators: readonly ValidatorRecord[]): Span | null {
  const decisive = validators.filter(({ is_decisive }) => is_decisive);
  let low: number | null = null;
  let high: number | null = null;
  for (const validator of decisive.length > 0 ? decisive : validators) {
    const [from, to] = endsOf(validator);
    if (from !== null) low = low === null ? from : Math.max(low, from);
    if (to !== null) high = high === null ? to : Math.min(high, to);
  }
  return low === null && high === null ? null : { low, high };
}

function endsOf({ operator, expected_value: expected }: ValidatorRecord): readonly [number | null, number | null] {
  if (Array.isArray(expected)) {
    const [from, to] = expected as readonly Scalar[];
    const isSpan =
      (operator === 'range' || operator === 'within') && typeof from === 'number' && typeof to === 'number';
    return isSpan ? [from, to] : [null, null];
  }
  if (typeof expected !== 'number') return [null, null];
  if (operator === '>' || operator === '>=') return [expected, null];
  if (operator === '<' || operator === '<=') return [null, expected];
  return operator === '==' ? [expected, expected] : [null, null];
}
