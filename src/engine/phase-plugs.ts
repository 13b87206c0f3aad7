/** The plugs that a phase uses, so that no other phase uses them at the same time. */
import type { Phase, Step } from '#procedure/procedure.ts';

export function plugsOf({ steps }: Pick<Phase, 'steps'>): string[] {
  return [...new Set(steps.flatMap(plugsOfStep))];
}

function plugsOfStep(step: Step): string[] {
  if (step.kind === 'repeat') return step.steps.flatMap(plugsOfStep);
  if (step.kind === 'attach') return 'plug' in step.source ? [step.source.plug] : [];
  return 'plug' in step ? [step.plug] : [];
}
