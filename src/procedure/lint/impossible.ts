/**
 * Limits that no value can keep, although each by itself makes sense.
 *
 * Pure: looks at the decisive limits of one measurement together. Knows nothing of files.
 */
import { bandOf, judge } from '#measure/judge.ts';
import type { Validator, Value } from '#measure/validator.ts';

/** @returns why nothing can pass, in words; null when something can, or that cannot be told */
export function impossible(validators: readonly Validator[]): string | null {
  const decisive = validators.filter(({ isDecisive, every, curve }) => isDecisive && !every && !curve);
  const fixed = decisive.find(({ operator, expected }) => operator === '==' && !Array.isArray(expected));
  const listed = decisive.find(({ operator }) => operator === 'in');
  const candidates: readonly Value[] | null = fixed
    ? [fixed.expected]
    : listed && Array.isArray(listed.expected)
      ? (listed.expected as readonly Value[])
      : null;
  if (candidates) {
    const passes = candidates.some((one) => decisive.every((limit) => judge(one, limit).verdict === 'PASS'));
    return passes ? null : `${words(fixed ?? listed!)} contradicts the other limits`;
  }
  return emptyBand(decisive);
}

interface Edge {
  readonly at: number;
  readonly isOpen: boolean;
  readonly by: Validator;
}

function emptyBand(validators: readonly Validator[]): string | null {
  let low: Edge | undefined;
  let high: Edge | undefined;
  for (const by of validators) {
    const [from, to] = edgesOf(by);
    if (from && (!low || from.at > low.at || (from.at === low.at && from.isOpen))) low = from;
    if (to && (!high || to.at < high.at || (to.at === high.at && to.isOpen))) high = to;
  }
  if (!low || !high || low.at < high.at) return null;
  if (low.at === high.at && !low.isOpen && !high.isOpen) return null;
  return `nothing can be ${words(low.by)} and ${words(high.by)}`;
}

function edgesOf(by: Validator): readonly [Edge?, Edge?] {
  const { operator, expected } = by;
  const single = Array.isArray(expected) && expected.length === 1 ? expected[0] : expected;
  const edge = (at: unknown, isOpen: boolean) => (typeof at === 'number' ? { at, isOpen, by } : undefined);
  if (operator === '>' || operator === '>=') return [edge(single, operator === '>')];
  if (operator === '<' || operator === '<=') return [undefined, edge(single, operator === '<')];
  if (operator === 'range' && Array.isArray(expected)) return [edge(expected[0], false), edge(expected[1], false)];
  const band = operator === 'within' ? bandOf(by) : '';
  return typeof band === 'string' ? [] : [edge(band.low, false), edge(band.high, false)];
}

function words({ operator, expected }: Validator): string {
  return `${operator} ${JSON.stringify(expected)}`;
}
