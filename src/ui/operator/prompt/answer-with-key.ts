/**
 * Keys that answer a question in which nothing is typed: P and F decide, a digit chooses an option.
 *
 * Above: PromptRoom.svelte, which makes sure that the key was pressed by itself. Knows nothing of elements.
 */
import { CHOICE_KINDS, type Component } from '#procedure/screen.ts';
import type { PromptForm } from '#ui/operator/prompt/prompt-form.svelte.ts';

/** @returns false for a key that means nothing here */
export function answerWithKey(form: PromptForm, key: string): boolean {
  const pressed = key.toLowerCase();
  const verdict = form.asking.find(({ kind }) => kind === 'verdict');
  if (verdict && (pressed === 'p' || pressed === 'f')) {
    void form.decide(verdict, pressed === 'p');
    return true;
  }
  const choice = keyedChoice(form);
  const option = choice?.options?.[Number(pressed) - 1];
  if (!choice || !option) return false;
  form.set(choice, toggled(choice, form.entry(choice.key), option.value));
  return true;
}

/** The one whose options have digits: with two of them, nobody could tell which is meant. */
export function keyedChoice(form: PromptForm): Component | null {
  const [only, ...others] = form.asking.filter(({ kind }) => (CHOICE_KINDS as readonly string[]).includes(kind));
  return only && others.length === 0 ? only : null;
}

export function toggled({ kind }: Component, entry: unknown, value: string): string | readonly string[] {
  if (kind === 'radio' || kind === 'select') return value;
  const chosen = Array.isArray(entry) ? (entry as readonly string[]) : [];
  return chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
}
