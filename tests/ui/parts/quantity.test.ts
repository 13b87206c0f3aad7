/** How a value is written: prefix, digits, and never over a limit that it did not cross. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQuantity } from '#ui/parts/quantity.ts';

const en = (value: number, unit?: string, limits: number[] = []) =>
  formatQuantity(value, { unit, limits, locale: 'en' }).replace('\u202f', ' ');

describe('quantity', () => {
  test.each([
    [3.301, 'V', [3.2, 3.4], '3.301 V'],
    [3.05, 'V', [3.2, 3.4], '3.05 V'],
    [3, 'V', [3.2, 3.4], '3.0 V'],
    [3.3000000001, 'V', [3.2, 3.4], '3.3000 V'],
    [0.0421, 'A', [0.06], '42.1 mA'],
    [0.06, 'A', [], '60 mA'],
    [1.2e-6, 'F', [], '1.2 µF'],
    [4700, 'Ω', [], '4.7 kΩ'],
    [1e6, 'Hz', [], '1 MHz'],
    [-0.012, 'V', [], '-12 mV'],
    [0, 'A', [0.06], '0 mA'],
    [0, 'V', [], '0 V'],
    [97.25, '%', [], '97.25 %'],
    [1500, 'mV', [], '1500 mV'],
    [0.5, '', [], '0.5'],
    [1 / 3, 'V', [], '333.333 mV'],
    [NaN, 'V', [], 'NaN V'],
    [Infinity, 'V', [], 'Infinity V'],
    [5e-324, 'V', [], '4.94065645841e-309 fV'],
    [2.5e-9, '', [], '0.0000000025'],
    [2.5e-19, '', [], '2.5e-19'],
  ])('%d %s with limits %j reads %s', (value, unit, limits, text) => {
    expect(en(value, unit, limits)).toBe(text);
  });

  test('decimal sign by locale, digits never by locale', () => {
    expect(formatQuantity(3.301, { unit: 'V', locale: 'de' })).toBe('3,301\u202fV');
    expect(formatQuantity(3.301, { locale: 'ar-EG' })).toMatch(/^3.301$/);
  });

  test('rule 3: a value is never rounded onto or over its limit', () => {
    expect(en(3.1999999, 'V', [3.2, 3.4])).toBe('3.1999999 V');
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: -6, max: 3 }), (value, limit, decimals) => {
        const limits = [Number(limit.toFixed(Math.max(0, decimals)))];
        const shown = Number.parseFloat(en(value, '', limits));
        const [end = 0] = limits;
        // Twelve digits are what scaling keeps; nearer than that nobody can tell.
        fc.pre(Math.abs(value - end) > 1e-9 * Math.max(1, Math.abs(end)));
        expect(Math.sign(shown - end)).toBe(Math.sign(value - end));
      }),
    );
  });

  test('every value that it writes reads back as that value, to a part in a million', () => {
    const scale: Record<string, number> = {
      T: 1e12,
      G: 1e9,
      M: 1e6,
      k: 1e3,
      m: 1e-3,
      µ: 1e-6,
      n: 1e-9,
      p: 1e-12,
      f: 1e-15,
    };
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), fc.boolean(), (size, isNegative) => {
        const value = isNegative ? -size : size;
        const [digits = '', unit = ''] = en(value, 'V').split(' ');
        const back = Number(digits) * (scale[unit.slice(0, -1)] ?? 1);
        expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-5 * size);
      }),
    );
  });
});
