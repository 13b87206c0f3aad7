/**
 * From the text that an instrument answered to the value that is judged.
 *
 * A numeric answer is a number unless every validator expects a text. Knows nothing of how the answer came.
 */
import { numberFrom } from '#measure/numeric-text.ts';
import type { Validator } from '#measure/validator.ts';
import type { Scalar } from '#record/run-record.ts';

/** @returns null for an empty answer that is not wanted as a text */
export function readAnswer(answer: string, validators: readonly Validator[]): Scalar | null {
  const text = answer.trim();
  if (validators.length > 0 && validators.every(expectsText)) return text;
  return numberFrom(text) ?? (text === '' ? null : text);
}

function expectsText({ operator, expected }: Validator): boolean {
  if (operator === 'matches') return true;
  return Array.isArray(expected) ? expected.every((one) => typeof one === 'string') : typeof expected === 'string';
}
