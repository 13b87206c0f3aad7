/**
 * Whether a condition holds, for the values of one run.
 *
 * Pure. What cannot be said is said so: a phase that nobody could decide on must not be skipped in silence. `and` and
 * `or` look at their right side only when the left one has not decided. Above: the engine.
 */
import type { Scalar } from '#measure/scalar.ts';
import type { Comparison, WhenResult, WhenTree, WhenValues } from '#procedure/when/when-tree.ts';

export function evaluateWhen(tree: WhenTree, values: WhenValues): WhenResult {
  const result = valueOf(tree, values);
  if ('trouble' in result) return { trouble: result.trouble };
  if (typeof result.value === 'boolean') return { holds: result.value };
  return { trouble: `${name(tree)} is neither true nor false` };
}

type Found = { readonly value: Scalar } | { readonly trouble: string; readonly absent?: true };

function valueOf(tree: WhenTree, values: WhenValues): Found {
  switch (tree.kind) {
    case 'literal':
      return { value: tree.value };
    case 'parameter': {
      const value = own(values.parameters, tree.name);
      if (value === undefined) return { trouble: `there is no parameter ${tree.name}` };
      if (typeof value === 'object') return { trouble: `${name(tree)} is a list` };
      return { value };
    }
    case 'unit': {
      const value = own(values.unit, tree.field);
      return value ? { value } : { trouble: `the unit has no ${tree.field}`, absent: true };
    }
    case 'outcome': {
      const value = own(values.outcomes, tree.phase);
      return value === undefined ? { trouble: `phase ${tree.phase} has no outcome yet` } : { value };
    }
    case 'not': {
      const of = evaluateWhen(tree.of, values);
      return 'trouble' in of ? of : { value: !of.holds };
    }
    case 'and':
    case 'or': {
      const left = evaluateWhen(tree.left, values);
      if ('trouble' in left) return left;
      if (left.holds === (tree.kind === 'or')) return { value: left.holds };
      const right = evaluateWhen(tree.right, values);
      return 'trouble' in right ? right : { value: right.holds };
    }
    case 'compare': {
      const left = comparable(tree.left, tree.right, values);
      const right = comparable(tree.right, tree.left, values);
      if ('trouble' in left) return left;
      if ('trouble' in right) return right;
      return compare(left.value, tree.operator, right.value);
    }
    case 'member': {
      const of = valueOf(tree.of, values);
      const value = 'value' in of ? of.value : of.absent && tree.list.includes('') ? '' : undefined;
      return value === undefined ? of : { value: tree.list.includes(value) !== tree.negated };
    }
  }
}

/** A field that the unit does not have can be compared with the empty text, which asks whether it is there. */
function comparable(side: WhenTree, other: WhenTree, values: WhenValues): Found {
  const found = valueOf(side, values);
  const asks = other.kind === 'literal' && other.value === '';
  return 'trouble' in found && found.absent && asks ? { value: '' } : found;
}

function compare(left: Scalar, operator: Comparison, right: Scalar): Found {
  if (typeof left !== typeof right) return { trouble: `${left} and ${right} cannot be compared` };
  if (operator === '==') return { value: left === right };
  if (operator === '!=') return { value: left !== right };
  if (typeof left !== 'number' || typeof right !== 'number')
    return { trouble: `${left} ${operator} ${right} needs numbers` };
  if (Number.isNaN(left) || Number.isNaN(right)) return { trouble: 'NaN cannot be compared' };
  if (operator === '<') return { value: left < right };
  if (operator === '<=') return { value: left <= right };
  return { value: operator === '>' ? left > right : left >= right };
}

/** A phase may be called `constructor`. */
function own<V>(values: Readonly<Record<string, V>>, key: string): V | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function name(tree: WhenTree): string {
  if (tree.kind === 'parameter') return `\${${tree.name}}`;
  if (tree.kind === 'unit') return `unit.${tree.field}`;
  return tree.kind === 'outcome' ? `phase.${tree.phase}.outcome` : 'the condition';
}
