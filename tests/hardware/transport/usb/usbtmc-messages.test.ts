/** Headers against USBTMC 1.0, tables 1 to 9, byte by byte. */
import { describe, expect, test } from 'vitest';
import { messageOut, nextTag, readInHeader, requestIn, trigger } from '#hardware/transport/usb/usbtmc/messages.ts';
import { blockBytes, quirksOf } from '#hardware/transport/usb/usbtmc/quirks.ts';
import { ascii } from './fake-usbtmc.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('headers', () => {
  /** As captured from Linux's driver on a Rigol DS1074Z (dpenkler/linux-usbtmc, issue 8). */
  test('a command, its alignment bytes beside it', () => {
    expect(hex(messageOut(1, ascii('*idn?\n'), true, true))).toBe('0101fe0006000000010000002a69646e3f0a0000');
    expect(hex(messageOut(1, ascii('*idn?\n'), true, false))).toBe('0101fe0006000000010000002a69646e3f0a');
    expect(hex(messageOut(255, ascii('A'), false, true))).toBe('01ff0000010000000000000041000000');
  });

  test('a request for an answer, with a term character and without', () => {
    expect(hex(requestIn(2, 0x1000))).toBe('0202fd000010000000000000');
    expect(hex(requestIn(2, 0x1000, 0x0a))).toBe('0202fd0000100000020a0000');
  });

  test('a trigger', () => {
    expect(hex(trigger(3))).toBe('8003fc000000000000000000');
  });

  test('an answer', () => {
    const bytes = Uint8Array.from(Buffer.from('0202fd003700000001000000524947', 'hex'));
    expect(readInHeader(bytes)).toEqual({ tag: 2, size: 55, endOfMessage: true, termChar: false });
  });

  test.each(['0302fd003700000001000000', '0202fc003700000001000000', '0200ff003700000001000000', '0202fd0037000000'])(
    'what is none: %s',
    (bytes) => {
      expect(readInHeader(Uint8Array.from(Buffer.from(bytes, 'hex')))).toBeNull();
    },
  );

  test('tags go from 1 to 255 and over again, never 0', () => {
    let tag = 0;
    const tags = Array.from({ length: 256 }, () => (tag = nextTag(tag)));
    expect([tags[0], tags[254], tags[255]]).toEqual([1, 255, 1]);
  });
});

describe('quirks', () => {
  test('by vendor and product; none for what nobody complained of', () => {
    expect(quirksOf('1ab1:04ce')).toEqual({ noClear: true, oneHeader: true, sizeEndsTransfer: true });
    expect(quirksOf('1ab1:0e11')).toEqual({ sizeEndsTransfer: true });
    expect(quirksOf('05e6:2450')).toEqual({ noPadding: true });
    expect(quirksOf('2a8d:1301')).toEqual({});
  });

  test.each([
    ['#3100', 5 + 100],
    ['#9000000012', 11 + 12],
    ['#0', 0],
    ['1.5', 0],
    ['#3', 0],
    ['#2x1', 0],
  ])('length of the block %s', (text, length) => {
    expect(blockBytes(ascii(text))).toBe(length);
  });
});
