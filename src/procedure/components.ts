/**
 * Everything that a phase shows or asks, and which fields of the unit are filled in that way.
 *
 * Pure. Above: the reader, screen-file.ts. Knows nothing of who answers.
 */
import type { Phase, Step } from '#procedure/procedure.ts';
import type { Component } from '#procedure/screen.ts';

/** Beside the phase and in its steps. */
export function componentsOf({ ui, steps }: Pick<Phase, 'ui' | 'steps'>): readonly Component[] {
  return [...(ui?.components ?? []), ...steps.flatMap(asked)];
}

function asked(step: Step): readonly Component[] {
  if ('steps' in step) return step.steps.flatMap(asked);
  return step.kind === 'prompt' ? step.components : [];
}

/** Fields of the unit that a screen fills during the run: `part_number`, `sub_units.<key>` … */
export function fieldsOnScreens(phases: readonly Phase[]): string[] {
  const shown = phases.filter(({ skip }) => skip === undefined).flatMap(componentsOf);
  return [...new Set(shown.flatMap(({ bind }) => (bind?.to === 'unit' ? bind.field : [])))];
}
