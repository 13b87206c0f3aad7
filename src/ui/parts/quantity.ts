/**
 * A number as a person reads it: engineering notation with SI prefix, digits by the limit, never rounded over a limit.
 *
 * Pure, but for the decimal sign of the language that is spoken. Above it: limit.ts, measurement rows, sentences. Knows nothing of records or components.
 */

import { locale as spoken } from '#ui/language/locale.ts';

/** Powers of ten that a person at a bench knows by name. */
const PREFIXES: Readonly<Record<number, string>> = {
  12: 'T',
  9: 'G',
  6: 'M',
  3: 'k',
  0: '',
  '-3': 'm',
  '-6': 'µ',
  '-9': 'n',
  '-12': 'p',
  '-15': 'f',
};
const SMALLEST_EXPONENT = -15;
const LARGEST_EXPONENT = 12;

/** Units that take a prefix. A percentage, a decibel, a degree or a unit that has one already (`mV`) takes none. */
const PREFIXABLE = new Set([
  'V',
  'A',
  'W',
  'VA',
  'Ω',
  'Ohm',
  'ohm',
  'Hz',
  's',
  'F',
  'H',
  'J',
  'C',
  'S',
  'T',
  'Pa',
  'N',
  'm',
  'g',
  'Wh',
  'Ah',
]);

/** Doubles carry 15 to 17 digits; 12 takes away what scaling by a power of ten adds. */
const CLEAN_DIGITS = 12;
/** Without a limit nothing says how fine a value is meant; six digits are a good meter's. */
const DIGITS_WITHOUT_LIMIT = 6;
/** Beyond these, powers of ten are easier to read than rows of zeros. */
const MOST_DECIMALS = 15;
const PLAIN_TO = 1e15;
/** A value is shown to a thousandth of the span that its limits leave. */
const SPAN_PARTS = 1000;
/** Narrow and not breaking: a value never stands on another line than its unit. */
const THIN_SPACE = '\u202f';

export interface QuantityOptions {
  readonly unit?: string | undefined;
  /** The limits that it is held against, in the same unit. */
  readonly limits?: readonly number[];
  /** Decimal sign; that of the language that is spoken when absent. */
  readonly locale?: string;
}

export function formatQuantity(
  value: number,
  { unit = '', limits = [], locale = spoken() }: QuantityOptions = {},
): string {
  if (!Number.isFinite(value)) return withUnit(String(value), unit);
  const exponent = PREFIXABLE.has(unit) ? exponentOf(value || Math.max(0, ...limits.map(Math.abs))) : 0;
  const scaled = scale(value, exponent);
  const scaledLimits = limits.filter(Number.isFinite).map((limit) => scale(limit, exponent));
  const decimals = decimalsFor(scaled, scaledLimits);
  const text =
    decimals > MOST_DECIMALS || Math.abs(scaled) >= PLAIN_TO ? String(scaled) : formatNumber(scaled, decimals, locale);
  return withUnit(text, (PREFIXES[exponent] ?? '') + unit);
}

function exponentOf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log10(clean(Math.abs(value))) / 3) * 3;
  return Math.min(LARGEST_EXPONENT, Math.max(SMALLEST_EXPONENT, exponent));
}

/** Multiplies by whole powers of ten only: 0.0421 * 1000 is nearer to 42.1 than 0.0421 / 0.001. */
function scale(value: number, exponent: number): number {
  return clean(exponent < 0 ? value * 10 ** -exponent : value / 10 ** exponent);
}

function clean(value: number): number {
  return Number(value.toPrecision(CLEAN_DIGITS));
}

function decimalsFor(value: number, limits: readonly number[]): number {
  const own = decimalsOf(value);
  if (limits.length === 0) return Math.min(own, Math.max(0, DIGITS_WITHOUT_LIMIT - 1 - magnitudeOf(value)));
  const written = Math.max(...limits.map(decimalsOf));
  const span = Math.max(...limits) - Math.min(...limits) || Math.abs(limits[0] ?? 0) || 1;
  const finest = Math.max(written, Math.ceil(-Math.log10(span / SPAN_PARTS)), 0);
  let decimals = Math.min(Math.max(own, written), finest);
  // 3.1999 V must not read "3.2 V, under its limit of 3.2 V".
  while (decimals < own && limits.some((limit) => sideOf(round(value, decimals), limit) !== sideOf(value, limit)))
    decimals++;
  return decimals;
}

function sideOf(value: number, limit: number): number {
  return Math.sign(value - limit);
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(Math.min(decimals, 100)));
}

function magnitudeOf(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
}

/** Decimals of the shortest text that is this number: 3.20 has one, 1e-7 seven. */
function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs tens of microseconds and a run may show thousands of values, so they are kept. */
function formatNumber(value: number, decimals: number, locale: string | undefined): string {
  const key = `${locale ?? ''} ${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: false,
      numberingSystem: 'latn',
      signDisplay: 'negative',
    });
    formats.set(key, format);
  }
  return format.format(value);
}

function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text}${THIN_SPACE}${unit}`;
}
