/** Whose turn a phase has to await: what a condition asks about must have ended, just as what the phase depends on. */
import type { Ordered } from '#engine/in-order.ts';
import type { Phase } from '#procedure/procedure.ts';
import { referencesOf } from '#procedure/when/constant-when.ts';

export function turnOf({ key, dependsOn = [], when }: Phase): Ordered {
  const asked = when ? referencesOf(when.tree).flatMap((one) => (one.kind === 'outcome' ? one.phase : [])) : [];
  return { key, dependsOn: [...dependsOn, ...asked] };
}
