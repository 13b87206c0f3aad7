/** Sizes of files as people read them: three digits and a prefix of a thousand, as file managers write them. Pure. */
import { locale as spoken } from '#ui/language/locale.ts';

const UNITS = ['bytes', 'kB', 'MB', 'GB'];

export function formatSize(bytes: number, locale = spoken()): string {
  let [value, unit] = [bytes, 0];
  // Rounded first: 999.96 kB is 1 MB.
  while (Number(value.toPrecision(3)) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value);
  return `${digits} ${unit === 0 && bytes === 1 ? 'byte' : UNITS[unit]}`;
}
