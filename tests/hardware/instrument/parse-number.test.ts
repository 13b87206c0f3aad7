import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNumber } from '#hardware/instrument/parse-number.ts';

describe('numbers from instruments', () => {
  test.each([
    ['3.301', 3.301],
    ['+3.301000E+00', 3.301],
    ['-1.5e-3', -0.0015],
    ['42', 42],
    ['+0', 0],
    ['.5', 0.5],
    ['5.', 5],
    [' 24.9\t', 24.9],
    ['+9.89999999E+37', 9.89999999e37],
  ])('%s is a number', (answer, value) => {
    expect(parseNumber(answer)).toEqual({ value });
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['ERR', 'not a number: "ERR"'],
    ['3.3V', 'not a number'],
    ['3,301', 'not a number'],
    ['3.301,3.302', 'not a number'],
    ['3.301 3.302', 'not a number'],
    ['0x10', 'not a number'],
    ['1_000', 'not a number'],
    ['NaN', 'not a number'],
    ['Infinity', 'not a number'],
    ['.', 'not a number'],
    ['1e', 'not a number'],
    ['--1', 'not a number'],
    ['\u0663', 'not a number'],
    ['+9.91E+37', 'has no value'],
    ['9.91000000E37', 'has no value'],
    ['+9.9E+37', 'range'],
    ['-9.90000000E+37', 'range'],
    ['1e999', 'too large'],
  ])('%s is none, with the reason', (answer, reason) => {
    expect(parseNumber(answer)).toEqual({ reason: expect.stringContaining(reason) });
  });

  test('every finite number in every common form is read back exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        fc.pre(Math.abs(value) !== 9.9e37 && value !== 9.91e37);
        for (const text of [String(value), value.toExponential(), value.toExponential().toUpperCase()])
          expect(parseNumber(text)).toEqual({ value: Number(text) });
      }),
    );
  });

  test('nothing but a number ever passes as one', () => {
    fc.assert(
      fc.property(fc.string(), (answer) => {
        const parsed = parseNumber(answer);
        if ('value' in parsed) expect(answer.trim()).toMatch(/^[-+\d.eE]+$/);
        else expect(parsed.reason).not.toBe('');
      }),
    );
  });
});
