/**
 * Units that measurements are usually taken in, to find the one that a mistyped unit is meant to be.
 *
 * Pure. A unit that is not in the list and near to nothing in it may be right all the same. Knows nothing of values.
 */
import { proposal } from '#procedure/nearest.ts';

/** SI base and derived units, and those accepted beside them, which take prefixes. */
const PREFIXED = 'V A Ω Hz W F H s m g N Pa J C S T Wb lm lx cd K L bar eV Wh Ah VA var Bq Gy Sv rad bit B bps'.split(
  ' ',
);
const PREFIXES = ['', 'p', 'n', 'µ', 'm', 'c', 'k', 'M', 'G', 'T'];
const PLAIN =
  '% ppm ppb °C °F ° dB dBm dBV dBi dBc dBA min h d rpm 1/s m/s m/s² L/min mL/min ohm kohm Mohm pcs px mol sr g/cm³ mmHg psi in Ω/sq V/V A/A V/µs V/A A/V nV/√Hz pH RH %RH counts LSB';
const KNOWN: ReadonlySet<string> = new Set([
  ...PREFIXED.flatMap((unit) => PREFIXES.map((prefix) => `${prefix}${unit}`)),
  ...PLAIN.split(' '),
]);
/** Other signs for the same: Greek mu beside the micro sign, the ohm sign beside omega, u for µ. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/μ/g, 'µ'],
  [/\u2126/g, 'Ω'],
  [/^u(?=.)/, 'µ'],
];
/** Words that people write out. */
const WORDS: Readonly<Record<string, string>> = {
  volt: 'V',
  volts: 'V',
  amp: 'A',
  amps: 'A',
  ampere: 'A',
  ohms: 'Ω',
  hertz: 'Hz',
  watt: 'W',
  watts: 'W',
  sec: 's',
  secs: 's',
  seconds: 's',
  celsius: '°C',
  degc: '°C',
  percent: '%',
};

/** @returns `; did you mean “mV”?` for what looks like a slip; empty when the unit is known, or like nothing known */
export function unitSlip(unit: string): string {
  const signs = SIGNS.reduce((text, [sign, meant]) => text.replaceAll(new RegExp(sign, 'g'), meant), unit);
  if (KNOWN.has(unit) || KNOWN.has(signs)) return '';
  const word = WORDS[unit.toLowerCase()];
  if (word !== undefined) return `; did you mean “${word}”?`;
  const sameLetters = [...KNOWN].filter((one) => one.toLowerCase() === signs.toLowerCase());
  // `Mhz` is meant to be MHz and not mHz: the one with most letters as they were written.
  const [nearest] = sameLetters.toSorted((a, b) => agreeing(b, signs) - agreeing(a, signs));
  if (nearest !== undefined) return `; did you mean “${nearest}”?`;
  // Of one or two letters, one wrong letter leaves nothing to go by; quotients are made of more than a list can hold.
  return unit.length < 3 || unit.includes('/') ? '' : proposal(unit, [...KNOWN]);
}

/** What people add to a unit to say how it is meant; it is the same unit. */
const MEANINGS: Readonly<Record<string, string>> = {
  VDC: 'V',
  Vdc: 'V',
  VAC: 'V',
  Vac: 'V',
  Vpp: 'V',
  Vrms: 'V',
  ADC: 'A',
  Adc: 'A',
  ohm: 'Ω',
  kohm: 'kΩ',
  Mohm: 'MΩ',
};

/** @returns what is wrong, for a known unit that is not the one that is given; null when they agree or nobody can say */
export function unitTrouble(stated: string, given: string | undefined): string | null {
  const meant = plain(stated);
  if (meant === plain(given ?? '') || !KNOWN.has(meant)) return null;
  if (given === undefined) return null;
  return meant.endsWith(given) && meant.length > given.length
    ? `and ${stated} is another multiple of it; state ${given} and its limits in ${given}`
    : `and ${stated} is another unit`;
}

function plain(unit: string): string {
  const signs = SIGNS.reduce((text, [sign, meant]) => text.replaceAll(new RegExp(sign, 'g'), meant), unit.trim());
  return MEANINGS[signs] ?? WORDS[signs.toLowerCase()] ?? signs;
}

function agreeing(one: string, other: string): number {
  return [...one].filter((letter, index) => letter === [...other][index]).length;
}
