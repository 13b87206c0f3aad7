/** Codes out of a scanner's bytes: whole ones, however they were cut, and never half of one. Rules: protocol/RULES.md. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScanReader } from '#hardware/protocol/scanner/scan-reader.ts';
import { anyCut, ascii, cut, FRAMES, FUZZ_LIMIT_MS, randomFrom } from '../framing/streams.ts';

/** Each piece with the pause before it, ms. */
function read(...pieces: readonly (readonly [text: string | Uint8Array, pauseMs?: number])[]): string[] {
  const reader = new ScanReader();
  let atMs = 1_000;
  return pieces.flatMap(([text, pauseMs = 1]) => {
    atMs += pauseMs;
    return reader.push(typeof text === 'string' ? ascii(text) : text, atMs);
  });
}

describe('rule 31: a code is what came whole before CR, LF or ETX', () => {
  test.each([
    ['SN-000123\r', ['SN-000123']],
    ['SN-000123\n', ['SN-000123']],
    ['SN-1\r\nSN-2\r\n', ['SN-1', 'SN-2']],
    ['\u0002SN-1\u0003', ['\u0002SN-1']],
    ['\u0002SN-1\r\u0003', ['\u0002SN-1']],
    [']C1010950600013435221A7\u001d10B2\r', [']C1010950600013435221A7\u001d10B2']],
    ['[)>\u001e06\u001dSA7\u001e\u0004\r', ['[)>\u001e06\u001dSA7\u001e\u0004']],
    ['\r\n\r\n\u0003', []],
    ['SN-1', []],
  ])('%j', (sent, codes) => {
    expect(read([sent])).toEqual(codes);
  });

  test('text as UTF-8', () => {
    expect(read([new TextEncoder().encode('Prüfling 測試\r')])).toEqual(['Prüfling 測試']);
  });

  test('however it is cut, the same codes come out', () => {
    const bytes = fc.array(
      fc.oneof(
        fc.constantFrom('SN-000123', 'A', ']C101', '\u0002', '\u001d', '\r', '\n', '\u0003', '\0', 'ü', '\u00ff'),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 40 },
    );
    const anyBytes = bytes.map((parts) => Uint8Array.from(parts.join(''), (one) => one.charCodeAt(0) & 0xff));
    fc.assert(
      fc.property(anyCut(anyBytes), ({ all, pieces }) => {
        expect(read(...pieces.map((piece) => [piece] as const))).toEqual(read([all]));
      }),
    );
  });
});

describe('rule 32: half a code is none', () => {
  test('two chunks are one code; after half a second of silence neither half is one', () => {
    expect(read(['SN-00'], ['0123\r', 500])).toEqual(['SN-000123']);
    expect(read(['SN-00'], ['0123\r', 501])).toEqual([]);
    expect(read(['SN-00'], ['01', 501], ['23\r', 501], ['SN-2\r'])).toEqual(['SN-2']);
    expect(read(['SN-00'], ['\r', 501], ['SN-2\r'])).toEqual(['SN-2']);
  });

  test('damage takes the code that it was in up to its end, and no other', () => {
    const reader = new ScanReader();
    expect(reader.push(ascii('SN-1\rSN-'), 0)).toEqual(['SN-1']);
    reader.tear(1);
    expect(reader.push(ascii('0002'), 2)).toEqual([]);
    expect(reader.push(ascii('3\rSN-3\r'), 3)).toEqual(['SN-3']);
    expect(reader.push(ascii('SN-4\r'), 4)).toEqual(['SN-4']);
  });

  test('damage in the middle of a code takes its tail too, however late that comes', () => {
    const reader = new ScanReader();
    expect(reader.push(ascii('SN-'), 0)).toEqual([]);
    reader.tear(1);
    expect(reader.push(ascii('0123\r'), 2000)).toEqual([]);
    expect(reader.push(ascii('SN-2\r'), 4000)).toEqual(['SN-2']);
  });

  test('a code whose beginning was damaged has no tail either, after any silence', () => {
    const reader = new ScanReader();
    reader.tear(0);
    expect(reader.push(ascii('SN-6353-XXX'), 1)).toEqual([]);
    expect(reader.push(ascii('XXXXX\r'), 900)).toEqual([]);
    expect(reader.push(ascii('SN-2\r'), 901)).toEqual(['SN-2']);
  });

  test('damage between two codes takes neither, once it is half a second ago', () => {
    const reader = new ScanReader();
    reader.tear(0);
    expect(reader.push(ascii('SN-1\r'), 501)).toEqual(['SN-1']);
  });

  test('a code is not cut at any length: what is too long is thrown away as a whole', () => {
    const longest = 'A'.repeat(4296);
    expect(read([`${longest}\r`])).toEqual([longest]);
    expect(read([`${longest}A\rSN-2\r`])).toEqual(['SN-2']);
  });
});

describe('rule 33: noise is no scan', () => {
  test.each([
    ['a wrong baud rate', Uint8Array.of(0xe0, 0xfe, 0x80, 0x0d)],
    ['zeros', Uint8Array.of(0x41, 0x00, 0x42, 0x0d)],
    ['a control that no code has', ascii('SN-\u00071\r')],
    ['half a character', Uint8Array.of(0x41, 0xc3, 0x0d)],
  ])('%s, and the next code is read', (_, bytes) => {
    expect(read([bytes], ['SN-2\r'])).toEqual(['SN-2']);
  });
});

describe('rules 31 to 33: no code that nobody scanned', () => {
  test(`${FRAMES} codes, cut anywhere, damaged, torn by silence and between noise`, { timeout: FUZZ_LIMIT_MS }, () => {
    const random = randomFrom(31);
    const reader = new ScanReader();
    let atMs = 0;
    let read = 0;
    for (let n = 0; n < FRAMES; n++) {
      const code = `SN-${n}-${'X'.repeat(random.below(30))}`;
      let isWhole = true;
      const codes: string[] = [];
      for (const piece of cut(random, ascii(`${code}${['\r', '\n', '\r\n', '\u0003'][random.below(4)]}`))) {
        const fate = random.below(400);
        if (fate === 0) reader.tear((atMs += 1));
        const isLate = fate === 1;
        if (fate === 0 || isLate) isWhole = false;
        codes.push(...reader.push(piece, (atMs += isLate ? 501 + random.below(5000) : random.below(50))));
      }
      if (isWhole) expect(codes).toEqual([code]);
      for (const one of codes) expect(one).toBe(code);
      expect(codes.length).toBeLessThan(2);
      read += codes.length;
    }
    expect(read).toBeGreaterThan(FRAMES * 0.8);
  });
});
