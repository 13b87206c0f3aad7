import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DelimiterFramer } from '#hardware/framing/delimiter.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (frame: Uint8Array) => String.fromCharCode(...frame);
const framer = (terminators = ['\n'], maxFrameBytes = 64) =>
  new DelimiterFramer({ terminators: terminators.map(bytes), maxFrameBytes });

describe('delimiter framing', () => {
  test('pitfall 29: every split of the input gives the same frames and the same counters', () => {
    const alphabet = fc.constantFrom(...'\r\n;>AB\0\xff');
    const input = fc.array(alphabet, { maxLength: 200 }).map((characters) => characters.join(''));
    const terminators = fc.uniqueArray(fc.constantFrom('\n', '\r', '\r\n', ';', '\n>', 'AB'), { minLength: 1 });
    fc.assert(
      fc.property(
        input,
        terminators,
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(200)),
        (all, ends, max, cuts) => {
          const whole = framer(ends, max);
          const expected = whole.push(bytes(all)).map(text);
          const pieces = framer(ends, max);
          const borders = [0, ...cuts.sort((a, b) => a - b), all.length];
          const got = borders.flatMap((border, i) => pieces.push(bytes(all.slice(border, borders[i + 1]))).map(text));
          expect(got).toEqual(expected);
          expect(pieces.counters).toEqual(whole.counters);
          expect(pieces.midFrame).toBe(whole.midFrame);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('pitfall 30: lines end in LF, CR LF or CR, and no other line end is left in a frame', () => {
    expect(framer(['\n']).push(bytes('1.5\r\n2.5\n\r3.5\r\n')).map(text)).toEqual(['1.5', '2.5', '3.5']);
    expect(framer(['\r']).push(bytes('1.5\r\n2.5\r\n')).map(text)).toEqual(['1.5', '2.5']);
    expect(framer(['\n', '\r']).push(bytes('a\rb\nc\r\n')).map(text)).toEqual(['a', 'b', 'c']);
    expect(framer(['\r\n>']).push(bytes('ok\r\n>\r\n>')).map(text)).toEqual(['ok']);
  });

  test('pitfall 30: stray line ends between frames are not a begun frame, a character is', () => {
    const lines = framer(['\r']);
    lines.push(bytes('1\r\n'));
    expect(lines.midFrame).toBe(false);
    lines.push(bytes('2'));
    expect(lines.midFrame).toBe(true);
    lines.reset();
    expect(lines.midFrame).toBe(false);
    expect(lines.push(bytes('3\r')).map(text)).toEqual(['3']);
  });

  test('pitfall 30: a frame of the greatest length passes, one byte more is thrown away whole, the next is whole', () => {
    const lines = framer(['\r\n'], 4);
    expect(lines.push(bytes('1234\r\n12345\r\n123456789\r\nok\r\n')).map(text)).toEqual(['1234', 'ok']);
    expect(lines.counters).toEqual({ frames: 2, oversizeFrames: 2, badFrames: 0, discardedBytes: 18 });
  });

  test('pitfall 30: a mebibyte without a terminator costs no more memory than the limit and ends in step', () => {
    const lines = framer(['\n'], 1024);
    for (let i = 0; i < 1024; i++) expect(lines.push(new Uint8Array(1024).fill(65))).toEqual([]);
    expect(lines.push(bytes('\nok\n')).map(text)).toEqual(['ok']);
    expect(lines.counters.oversizeFrames).toBe(1);
  });

  test('a framer without a terminator or a limit is refused', () => {
    expect(() => framer([])).toThrow(RangeError);
    expect(() => framer([''])).toThrow(RangeError);
    expect(() => framer(['\n'], 0)).toThrow(RangeError);
  });
});
