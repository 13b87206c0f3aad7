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

/**
 * Numbers between commas, as IEEE 488.2 lists them; NaN and infinities as the instrument wrote them.
 * @returns why it is no such list, in words, for anything else: half a curve is no curve
 */
export function readPoints(answer: string): Float64Array<ArrayBuffer> | string {
  const texts = answer.trim() === '' ? [] : answer.split(',');
  const points = new Float64Array(texts.length);
  for (const [index, text] of texts.entries()) {
    const value = numberFrom(text);
    if (value === null)
      return `the answer is no list of numbers: item ${index + 1} of ${texts.length} is ${JSON.stringify(text.slice(0, 40))}`;
    points[index] = value;
  }
  return points;
}
