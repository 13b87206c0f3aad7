/**
 * The outcome of one measurement from all its validators.
 *
 * Pure. FAIL: there is no usable value, a decisive validator missed, or any validator could not be evaluated (a limit
 * that only warns forgives a value outside it, not the absence of a value). UNSET: nothing was to be judged.
 * Knows nothing of phases and records; the engine makes the record.
 */
import { judge, valueTrouble } from '#measure/judge.ts';
import type { Judgement, Validator, Value } from '#measure/validator.ts';

export interface Limits {
  readonly validators: readonly Validator[];
  /** A pass that misses this is close to its limit. */
  readonly marginal?: Validator;
  /** Only for the words of reasons. */
  readonly unit?: string;
}

export interface MeasuredOutcome {
  readonly outcome: 'PASS' | 'FAIL' | 'UNSET';
  /** One for each validator, in its order. */
  readonly judgements: readonly Judgement[];
  readonly marginal: boolean;
  /** First decisive reason, for FAIL. */
  readonly reason?: string;
  /** Misses that only warn, in words. */
  readonly warnings: readonly string[];
}

export function measureOutcome(value: Value, { validators, marginal, unit }: Limits): MeasuredOutcome {
  return outcomeOf(validators, marginal, valueTrouble(value), (validator) => judge(value, validator, unit));
}

/** @param trouble why what was read cannot be used at all */
export function outcomeOf(
  validators: readonly Validator[],
  marginal: Validator | undefined,
  trouble: string | null,
  verdictBy: (validator: Validator) => Judgement,
): MeasuredOutcome {
  const judgements = validators.map(verdictBy);
  const decides = ({ unusable }: Judgement, index: number) => unusable === true || validators[index]!.isDecisive;
  const missed = (judgement: Judgement) => judgement.verdict !== 'PASS';
  const decisive = judgements.find((judgement, index) => missed(judgement) && decides(judgement, index));
  const reason = trouble ?? (decisive ? wordsOf(decisive) : null);
  const warnings = judgements.filter((one, index) => missed(one) && !decides(one, index)).map(wordsOf);
  if (reason !== null) return { outcome: 'FAIL', judgements, marginal: false, reason, warnings };
  if (validators.length === 0) return { outcome: 'UNSET', judgements, marginal: false, warnings };
  const close = marginal !== undefined && verdictBy(marginal).verdict !== 'PASS';
  return { outcome: 'PASS', judgements, marginal: close, warnings };
}

function wordsOf({ reason }: Judgement): string {
  return reason ?? 'a limit was missed';
}
