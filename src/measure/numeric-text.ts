/**
 * Numbers as instruments write them in text.
 *
 * IEEE 488.2 NR1, NR2 and NR3 (`5`, `+3.30`, `-1.2E-03`), its numbers of another base (`#H1F`, `#Q17`, `#B101`), and
 * SCPI's way of saying that there is no number.
 * Knows nothing of which instrument wrote it.
 */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** IEEE 488.2, 8.7.5 to 8.7.7; in the order of their letters: base 16, 8 and 2. */
const BASED = /^#(?:H([0-9A-F]+)|Q([0-7]+)|B([01]+))$/i;
const WORDS: Readonly<Record<string, number>> = {
  NAN: NaN,
  INF: Infinity,
  '+INF': Infinity,
  NINF: -Infinity,
  '-INF': -Infinity,
};
/** SCPI-99 volume 1, 7.2.1.4 and 7.2.1.5: 9.9E37 stands for infinity (an overload), 9.91E37 for “not a number”. */
const INFINITE = 9.9e37;
const NOT_A_NUMBER = 9.91e37;

/** @returns the number; NaN or ±Infinity where the instrument says that it has none; null when the text is no number */
export function numberFrom(text: string): number | null {
  const trimmed = text.trim();
  const word = WORDS[trimmed.toUpperCase()];
  if (word !== undefined) return word;
  const [, hexadecimal, octal, binary] = BASED.exec(trimmed) ?? [];
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16);
  if (octal !== undefined) return Number.parseInt(octal, 8);
  if (binary !== undefined) return Number.parseInt(binary, 2);
  if (!NUMBER.test(trimmed)) return null;
  const value = Number(trimmed);
  if (Math.abs(value) < INFINITE) return value;
  return Math.abs(value) === NOT_A_NUMBER ? NaN : Math.sign(value) * Infinity;
}
