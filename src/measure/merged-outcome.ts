/**
 * One outcome from several: a value, its axes, its aggregations.
 *
 * Pure. FAIL when any part fails; UNSET only when no part was judged. The first failing part gives the reason.
 */
import type { MeasuredOutcome } from '#measure/measure-outcome.ts';

export type Part = Pick<MeasuredOutcome, 'outcome' | 'marginal' | 'reason' | 'warnings'>;

/** @param trouble why it fails whatever its parts say */
export function mergedOutcome(parts: readonly Part[], trouble: string | null = null): Part {
  const warnings = parts.flatMap((part) => part.warnings);
  const failed = parts.find(({ outcome }) => outcome === 'FAIL');
  if (trouble !== null || failed)
    return { outcome: 'FAIL', marginal: false, warnings, reason: trouble ?? failed?.reason ?? 'a limit was missed' };
  const isJudged = parts.some(({ outcome }) => outcome === 'PASS');
  return { outcome: isJudged ? 'PASS' : 'UNSET', marginal: parts.some(({ marginal }) => marginal), warnings };
}
