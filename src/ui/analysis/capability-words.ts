/**
 * What a capability needs and does not have, in sentences.
 *
 * Reads what analysis/charts has worked out; decides nothing by itself but how it is said. Pure.
 */
import { type Capability, FEW_VALUES } from '#analysis/charts/capability.ts';
import type { BrokenRule } from '#analysis/charts/nelson-rules.ts';
import { counted } from '#ui/parts/words.ts';
import { probabilityText } from './number-words.ts';

export interface Condition {
  readonly isMet: boolean;
  readonly text: string;
}

/** From here on a test of normality finds what matters to nobody. */
const MANY_VALUES = 1000;
/** Fewer steps than these and a distribution cannot be judged: a fifth of a sigma at best. */
const FEW_STEPS = 10;

/** What must hold for Cpk and Ppk to mean something, each with whether it does. */
export function conditionsOf(found: Capability, distinct: number): Condition[] {
  return [countCondition(found), ...stabilityConditions(found), normalityCondition(found, distinct)];
}

/** Why there is no figure at all; null where there is one. */
export function whyNone({ limits: { low, high }, summary, within, overall }: Capability): string | null {
  if (low === null && high === null)
    return 'This measurement has no numeric limits: there is nothing to be capable of.';
  if (within || overall) return null;
  return summary.deviation > 0 ? null : 'All values are the same: without a spread there is no capability to work out.';
}

export function sidesWords({ limits: { low, high } }: Capability): string | null {
  if ((low === null) === (high === null)) return null;
  return `One limit only, the ${low === null ? 'upper' : 'lower'}: there is no Cp and no Pp.`;
}

function countCondition({ summary: { n } }: Capability): Condition {
  const isMet = n >= FEW_VALUES;
  return {
    isMet,
    text: isMet
      ? `${n} values: enough for a study.`
      : `${counted(n, 'value')}: fewer than ${FEW_VALUES}, so the figures are rough.`,
  };
}

function stabilityConditions({ unstable, summary: { n } }: Capability): Condition[] {
  if (unstable.length === 0)
    return [{ isMet: true, text: 'A stable process: rules 1 to 3 are broken no more than chance may break them.' }];
  return unstable.map((one) => ({ isMet: false, text: `Cpk needs a stable process: ${ruleWords(one, n)}.` }));
}

/** `rule 1 (beyond three sigma) is broken at 3 of 120 points; chance alone gives 0.3`. */
export function ruleWords({ rule, at }: BrokenRule, n: number): string {
  const chance = n * rule.chance;
  const expected = chance < 0.05 ? 'hardly any' : chance < 10 ? chance.toFixed(1) : chance.toFixed(0);
  return `rule ${rule.number} (${rule.words}) is broken at ${at.length} of ${n} points; chance alone gives ${expected}`;
}

function normalityCondition({ normality, summary: { n, deviation } }: Capability, distinct: number): Condition {
  if (!(deviation > 0)) return { isMet: false, text: 'Values without a spread have no distribution.' };
  if (!normality) return { isMet: false, text: 'Whether the values are normal cannot be told of fewer than eight.' };
  const test = `Anderson–Darling ${normality.adjusted.toFixed(2)}, ${probabilityText(normality.p)}`;
  if (!normality.isRejected) return { isMet: true, text: `Nothing speaks against normal values (${test}).` };
  const why =
    distinct < FEW_STEPS
      ? ` There are only ${distinct} different values: the resolution is too coarse to judge it.`
      : n > MANY_VALUES
        ? ' Of so many values even small deviations are found: look at the histogram.'
        : '';
  return {
    isMet: false,
    text: `The values are not normal (${test}), so a share outside the limits cannot be told.${why}`,
  };
}
