/**
 * Labels of the steps `print`, when all phases are known: what the texts say, and when the outcome can be said.
 *
 * Label files are read by whoever has them (label/label-uses.ts). Above: read-procedure.ts. Knows nothing of printers.
 */
import { placeInside, type LocatedScalar, type Place } from '#procedure/located.ts';
import { placeIn } from '#procedure/label/label-text.ts';
import { earlyTrouble, labelUses, textTroubles } from '#procedure/label/label-uses.ts';
import type { Procedure, Step } from '#procedure/procedure.ts';
import type { Fields } from '#procedure/read/fields.ts';

/** @param labels where each step `print` was read */
export function checkLabels(
  procedure: Pick<Procedure, 'phases' | 'unit' | 'parallel'>,
  labels: ReadonlyMap<Step, Fields>,
): void {
  for (const use of labelUses(procedure)) {
    const fields = labels.get(use.step);
    if (!fields) continue;
    const { source, only } = use.step;
    if (use.phase.scope === 'execution')
      fields.error('conflict', fields.place, `${fields.what}: the phase is for all units, and a label is one unit’s`);
    const early = only === undefined ? null : earlyTrouble(procedure, use);
    if (early !== null) fields.refuse('conflict', 'only', `cannot stand here: ${early}`);
    const node = 'text' in source ? fields.scalar('text') : undefined;
    if (!node || !('text' in source)) continue;
    for (const { offset, message } of textTroubles(procedure, use, source.text))
      fields.error('label', placeOf(node, source.text, offset), `${fields.what}: ${message}`);
  }
}

/** A block's first line stands under its key, and YAML has taken its indent away. */
function placeOf(node: LocatedScalar, text: string, offset: number): Place {
  if (node.style !== 'block') return placeInside(node, offset);
  const { line, column } = placeIn(text, offset);
  return { line: node.place.line + line, column };
}
