/**
 * Whether a search can only find what another one has found: typing goes on, and what was left out stays left out.
 *
 * Says no wherever that is not certain, such as for days, where a digit more is another day. Pure.
 */
import type { FindTerm } from '#record/find/find-query.ts';
import type { FindKey } from '#record/find/keys.ts';

/** A value may stand anywhere in these, so a longer one stands in fewer. */
const ANYWHERE: ReadonlySet<FindKey | null> = new Set([
  null,
  'serial',
  'part',
  'revision',
  'batch',
  'operator',
  'fixture',
  'phase',
  'measurement',
  'reason',
]);
/** A word of this form may also be a day, or the beginning of a hash. */
const OTHERWISE_READ = /^(?:\d{4}-\d|\d+d$|today$|yesterday$|sha256:)/;

export function isNarrower(terms: readonly FindTerm[], before: readonly FindTerm[]): boolean {
  return before.every((old, at) => {
    const term = terms[at];
    return term !== undefined && term.key === old.key && (isSame(term, old) || isLonger(term, old));
  });
}

function isSame({ values }: FindTerm, old: FindTerm): boolean {
  return values.length === old.values.length && values.every((value, at) => value === old.values[at]);
}

function isLonger({ key, values }: FindTerm, old: FindTerm): boolean {
  const [value, ...more] = values;
  const [shorter, ...others] = old.values;
  if (value === undefined || shorter === undefined || more.length > 0 || others.length > 0) return false;
  return ANYWHERE.has(key) && !OTHERWISE_READ.test(value) && !OTHERWISE_READ.test(shorter) && value.includes(shorter);
}
