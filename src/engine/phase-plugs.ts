/** The plugs that a phase uses, so that no other phase uses them at the same time. */
import type { Phase, Step } from '#procedure/procedure.ts';

/** @param all keys of the procedure's plugs: a script may use any of them */
export function plugsOf({ steps, script }: Pick<Phase, 'steps' | 'script'>, all: readonly string[]): readonly string[] {
  if (script !== undefined) return all;
  return [...new Set(steps.flatMap(plugsOfStep))];
}

export function plugsOfStep(step: Step): string[] {
  if (step.kind === 'attach') return 'plug' in step.source ? [step.source.plug] : [];
  const inner = 'steps' in step ? step.steps.flatMap(plugsOfStep) : [];
  return 'plug' in step ? [step.plug, ...inner] : inner;
}
