/**
 * A phase's `when`: from its text in the file to the tree, with the place inside the text where it is wrong.
 *
 * Read after all phases, since it may name those that have ended before. Above: read-procedure.ts. Below: when/.
 */
import { placeInside, type LocatedScalar } from '#procedure/located.ts';
import type { Condition, UnitFields } from '#procedure/procedure.ts';
import { IDENTITY_FIELDS } from '#procedure/identify.ts';
import type { Context } from '#procedure/read/fields.ts';
import type { Parameter } from '#procedure/read/parameters.ts';
import { constantWhen } from '#procedure/when/constant-when.ts';
import { parseWhen } from '#procedure/when/parse-when.ts';
import type { WhenKind } from '#procedure/when/when-tree.ts';

const KINDS: Readonly<Record<Parameter['type'], WhenKind['kind']>> = {
  number: 'number',
  range: 'list',
  string: 'text',
  boolean: 'flag',
  choice: 'text',
  duration: 'duration',
};

export function readWhen(
  context: Context,
  node: LocatedScalar,
  phase: string,
  scope: { readonly unitFields: readonly string[]; readonly phases: readonly string[] },
): Condition | undefined {
  const read = parseWhen(node.text, { ...scope, parameters: parameterKinds(context) });
  if ('tree' in read) {
    const always = constantWhen(read.tree, { parameters: parameterKinds(context) });
    if (always !== undefined) {
      const message = `${phase}, “when”: this is always ${always}, so the phase ${always ? 'always' : 'never'} runs: ${node.text}`;
      context.problems.lint('constant-when', node.place, `${message}; leave it out, or compare with something else`);
    }
    return { text: node.text, tree: read.tree };
  }
  const at = node.text.slice(read.offset, read.offset + 20);
  const where = at === '' ? '' : `, at: ${at}`;
  context.problems.error('when', placeInside(node, read.offset), `${phase}, “when”: ${read.message}${where}`);
  return undefined;
}

export function parameterKinds({ parameters }: Context): Map<string, WhenKind> {
  const kinds = new Map<string, WhenKind>();
  for (const [name, { type, options }] of parameters.entries())
    kinds.set(name, { kind: KINDS[type], ...(options ? { options } : {}) });
  return kinds;
}

/** What may follow `unit.` in conditions and bindings. */
export function unitFieldsOf({ subUnits = [], metadata = {} }: UnitFields): string[] {
  return [
    ...IDENTITY_FIELDS,
    ...subUnits.map(({ key }) => `sub_units.${key}`),
    ...Object.keys(metadata).map((key) => `metadata.${key}`),
  ];
}
