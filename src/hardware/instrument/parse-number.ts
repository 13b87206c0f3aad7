/**
 * An instrument's answer as a number, or why it is none.
 *
 * Pure. IEEE 488.2 number forms NR1, NR2 and NR3, and SCPI's three special values (SCPI-99, volume 1, 7.2.1). Never
 * guesses: `3.3V`, `3,3`, an empty answer or two values are no number. Knows nothing of limits.
 */
export type ParsedNumber = { readonly value: number } | { readonly reason: string };

/** What an instrument answers for "not a number". */
const NOT_A_NUMBER = 9.91e37;
/** What it answers for infinity: mostly an input over its range. */
const INFINITE = 9.9e37;

export function parseNumber(answer: string): ParsedNumber {
  const text = answer.trim();
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  if (text === '') return { reason: 'no number: the answer is empty' };
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return { reason: `not a number: ${shown}` };
  const value = Number(text);
  if (value === NOT_A_NUMBER) return { reason: `the instrument has no value (${shown} means "not a number")` };
  if (Math.abs(value) === INFINITE)
    return { reason: `the value is over the instrument's range (${shown} means infinity)` };
  if (!Number.isFinite(value)) return { reason: `too large for a number: ${shown}` };
  return { value };
}
