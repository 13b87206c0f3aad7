/**
 * Whether a condition comes to the same whatever a run brings: then the phase always runs, or never.
 *
 * Tries every value that could make a difference: each known option; for texts and numbers the literals that stand in
 * the condition and one value beside and between them. Above: the linter. Knows nothing of phases.
 */
import type { Scalar } from '#measure/scalar.ts';
import { evaluateWhen } from '#procedure/when/evaluate-when.ts';
import { PHASE_OUTCOMES, type WhenReference, type WhenScope, type WhenTree } from '#procedure/when/when-tree.ts';

/** More combinations than this are left undecided; a condition has two or three references. */
const MOST_TRIES = 4096;

/** @returns what it always comes to; undefined when that depends on the run, or is not known */
export function constantWhen(tree: WhenTree, { parameters }: Pick<WhenScope, 'parameters'>): boolean | undefined {
  const references = [...new Map(referencesOf(tree).map((one) => [JSON.stringify(one), one])).values()];
  const literals = literalsOf(tree);
  const domains = references.map((one) => domainOf(one, parameters, literals));
  if (domains.reduce((product, domain) => product * domain.length, 1) > MOST_TRIES) return undefined;
  let result: boolean | undefined;
  for (const choice of combinations(domains)) {
    const found = evaluateWhen(tree, valuesOf(references, choice));
    // A trouble is no answer of its own, but whoever meets it does not get the other answer either.
    if ('trouble' in found) continue;
    if (result !== undefined && result !== found.holds) return undefined;
    result = found.holds;
  }
  return result;
}

/** Everything in a condition that a run has to fill in. */
export function referencesOf(tree: WhenTree): WhenReference[] {
  switch (tree.kind) {
    case 'literal':
      return [];
    case 'not':
    case 'member':
      return referencesOf(tree.of);
    case 'and':
    case 'or':
    case 'compare':
      return [...referencesOf(tree.left), ...referencesOf(tree.right)];
    default:
      return [tree];
  }
}

function literalsOf(tree: WhenTree): Scalar[] {
  switch (tree.kind) {
    case 'literal':
      return [tree.value];
    case 'member':
      return [...tree.list, ...literalsOf(tree.of)];
    case 'not':
      return literalsOf(tree.of);
    case 'and':
    case 'or':
    case 'compare':
      return [...literalsOf(tree.left), ...literalsOf(tree.right)];
    default:
      return [];
  }
}

function domainOf(
  reference: WhenReference,
  parameters: WhenScope['parameters'],
  literals: readonly Scalar[],
): readonly Scalar[] {
  if (reference.kind === 'outcome') return PHASE_OUTCOMES;
  const known = reference.kind === 'parameter' ? parameters.get(reference.name) : undefined;
  if (known?.options) return known.options;
  if (known?.kind === 'flag') return [true, false];
  if (known?.kind === 'number' || known?.kind === 'duration') return numbersAround(literals);
  const texts = literals.filter((one) => typeof one === 'string');
  // Two others: two texts that are compared with each other may be different, and neither of them written here.
  return [...new Set([...texts, ...['other', 'another'].map((one) => `${texts.join('')}${one}`)])];
}

function numbersAround(literals: readonly Scalar[]): number[] {
  const sorted = [...new Set(literals.filter((one) => typeof one === 'number'))].sort((a, b) => a - b);
  if (sorted.length === 0) return [1, 2];
  const between = sorted.slice(1).map((high, index) => (sorted[index]! + high) / 2);
  return [sorted[0]! - 1, ...sorted, ...between, sorted.at(-1)! + 1];
}

function* combinations(domains: readonly (readonly Scalar[])[]): Generator<Scalar[]> {
  const [first, ...rest] = domains;
  if (!first) yield [];
  else for (const tail of combinations(rest)) for (const value of first) yield [value, ...tail];
}

function valuesOf(references: readonly WhenReference[], choice: readonly Scalar[]): Parameters<typeof evaluateWhen>[1] {
  const pick = (kind: WhenReference['kind']) =>
    Object.fromEntries(
      references.flatMap((one, index) => {
        const key = one.kind === 'parameter' ? one.name : one.kind === 'unit' ? one.field : one.phase;
        return one.kind === kind ? [[key, choice[index]!]] : [];
      }),
    );
  return {
    parameters: pick('parameter'),
    unit: pick('unit') as Record<string, string>,
    outcomes: pick('outcome') as Record<string, string>,
  };
}
