import { describe, expect, test } from 'vitest';
import { numberFrom } from '#measure/numeric-text.ts';
import { compilePattern } from '#measure/pattern.ts';

describe('rule 5: numbers as instruments write them', () => {
  test.each<[string, number | null]>([
    ['5', 5],
    ['+3.30', 3.3],
    [' -1.2E-03\r', -0.0012],
    ['.5', 0.5],
    ['5.', 5],
    ['9.9E36', 9.9e36],
    ['9.9E37', Infinity],
    ['-9.9E+37', -Infinity],
    ['1E400', Infinity],
    ['9.91E37', NaN],
    ['nan', NaN],
    // IEEE 488.2, 8.7.5 to 8.7.7.
    ['#H1F', 31],
    ['#hff', 255],
    ['#Q17', 15],
    ['#B101', 5],
    ['#H', null],
    ['#Q8', null],
    ['#B2', null],
    ['#15', null],
    ['', null],
    ['3,3', null],
    ['3.3V', null],
    ['3.3,3.4', null],
    ['0x10', null],
    ['1e', null],
    ['--1', null],
    ['Infinity', null],
  ])('%j is %d', (text, value) => {
    expect(numberFrom(text)).toEqual(value);
  });
});

describe('rule 4: patterns in the subset of Rust and JavaScript', () => {
  test.each([
    ['^SN\\-[0-9]{6}$', 'SN-000123', true],
    ['(?P<a>x)\\:', 'x:', true],
    ['(?i)^acme', 'ACME,FX-1', true],
    ['\\(?=1', '=1', true],
    ['\\\\', '\\', true],
    ['[\\w.\\-]+', 'a-b', true],
    ['a.c', 'a€c', true],
    ['^b', 'ab', false],
  ])('%s on %j', (pattern, text, matches) => {
    expect(compilePattern(pattern).test(text)).toBe(matches);
  });

  test.each(['(', '[a', '(?=a)', '(?<!a)b', '(a)\\1', '\\k<a>', '\\A', '\\z', '\\pL', '[a&&b]', '*'])(
    '%s is refused',
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow(SyntaxError);
    },
  );
});
