/**
 * What stands in a component on the screen, and the answer that it makes.
 *
 * A number is kept as it was typed, so that a half-written one is not thrown away. Pure. Knows nothing of elements.
 */
import { numberFrom } from '#measure/numeric-text.ts';
import { initialAnswer, type Answer } from '#procedure/answer.ts';
import type { Component, ComponentKind } from '#procedure/screen.ts';

/** null: nothing yet. */
export type Entry = Answer | null;

const TYPED: readonly ComponentKind[] = ['text_input', 'textarea', 'number_input'];

/** A person or a scanner types into it. */
export function isTyped(kind: ComponentKind): boolean {
  return TYPED.includes(kind);
}

export function initialEntry(component: Component): Entry {
  const initial = initialAnswer(component);
  if (component.kind !== 'number_input') return initial;
  return initial === null ? '' : String(initial);
}

export function answerOf({ kind }: Component, entry: Entry): Answer | null {
  if (kind !== 'number_input' || typeof entry !== 'string') return entry;
  if (entry.trim() === '') return null;
  // Half the world writes 3,3.
  return numberFrom(entry.replace(',', '.')) ?? NaN;
}
