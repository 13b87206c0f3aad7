/** Rules 1 to 5 of src/hardware/framing/RULES.md, held by every framer, and the vectors of those that have some. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CobsFramer, encodeCobs } from '#hardware/framing/cobs.ts';
import { FixedLengthFramer } from '#hardware/framing/fixed-length.ts';
import { createFramer, encodeFrame, type Framing } from '#hardware/framing/framing.ts';
import { encodeLengthPrefixed, LengthPrefixedFramer } from '#hardware/framing/length-prefixed.ts';
import { encodeSlip, SlipFramer } from '#hardware/framing/slip.ts';
import { anyCut, ascii, cut, FRAMES, FUZZ_LIMIT_MS, hex, joined, randomFrom, seen, shown } from './streams.ts';

const MAX = 64;
const FRAMINGS: Readonly<Record<string, Framing>> = {
  terminator: { kind: 'terminator', terminator: '\n' },
  fixed: { kind: 'fixed', frameBytes: 7 },
  'length of one byte': { kind: 'length', widthBytes: 1, endian: 'big', includesHeader: false },
  'length of two bytes, with itself': { kind: 'length', widthBytes: 2, endian: 'big', includesHeader: true },
  'length of four bytes, low byte first': { kind: 'length', widthBytes: 4, endian: 'little', includesHeader: false },
  slip: { kind: 'slip' },
  cobs: { kind: 'cobs' },
};
const each = Object.entries(FRAMINGS);
/** Many of the bytes that framings live by. */
const anyBytes = fc
  .array(fc.oneof(fc.constantFrom(0, 1, 2, 7, 0x0a, 0x0d, 0xc0, 0xdb, 0xdc, 0xdd, 0xff), fc.nat(255)), {
    maxLength: 300,
  })
  .map((all) => Uint8Array.from(all));
/** What a framing can carry: lines have no line end inside, fixed frames have their length. */
function bodyFor(framing: Framing, bytes: Uint8Array): Uint8Array {
  if (framing.kind === 'fixed') return Uint8Array.from({ length: 7 }, (_, at) => bytes[at] ?? 0);
  const body = framing.kind === 'terminator' ? bytes.map((byte) => (byte === 10 || byte === 13 ? 65 : byte)) : bytes;
  return body.length === 0 ? Uint8Array.of(1) : body.slice(0, MAX);
}

describe.each(each)('%s', (_, framing) => {
  test('rule 1: every split of any input gives the same frames', () => {
    fc.assert(
      fc.property(anyCut(anyBytes), ({ all, pieces }) => {
        expect(seen(createFramer(framing, MAX), pieces)).toEqual(seen(createFramer(framing, MAX), [all]));
      }),
      { numRuns: 500 },
    );
  });

  test('rule 2: what is framed comes out as it went in, and nothing is left', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 8 }), (all) => {
        const bodies = all.map((bytes) => bodyFor(framing, bytes));
        const framer = createFramer(framing, MAX);
        const { frames, midFrame } = seen(
          framer,
          bodies.map((body) => encodeFrame(framing, body)),
        );
        expect(frames).toEqual(bodies.map(shown));
        expect(midFrame).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('rule 3: a mebibyte of one byte, or of any, keeps no more than a frame, and a reset begins anew', () => {
    const random = randomFrom(3);
    for (const fill of [0x41, 0xdb, 0x01, 0xff, null]) {
      const framer = createFramer(framing, MAX);
      let longest = 0;
      for (let i = 0; i < 1024; i++) {
        const chunk = fill === null ? random.bytes(1024) : new Uint8Array(1024).fill(fill);
        for (const frame of framer.push(chunk)) longest = Math.max(longest, frame.length);
      }
      expect(longest).toBeLessThanOrEqual(MAX);
      framer.reset();
      expect(framer.midFrame).toBe(false);
      const body = bodyFor(framing, ascii('after it'));
      expect(framer.push(encodeFrame(framing, body)).map(shown)).toEqual([shown(body)]);
    }
  });

  test(
    'rules 1, 4: whole frames between garbage come out whole and in order',
    () => {
      const random = randomFrom(20261129);
      const framer = createFramer(framing, MAX);
      const isSelfEnding = ['slip', 'cobs', 'terminator'].includes(framing.kind);
      const end = framing.kind === 'slip' ? 0xc0 : framing.kind === 'cobs' ? 0 : 10;
      for (let sent = 0; sent < FRAMES; sent++) {
        const isDirty = random.chance(0.3);
        const garbage = isDirty ? random.bytes(1 + random.below(3 * MAX)) : new Uint8Array();
        for (const piece of cut(random, garbage)) framer.push(piece);
        // A framing that marks its frames finds the next one by itself; the others are told, after a silence.
        if (isDirty && isSelfEnding) framer.push(Uint8Array.of(end));
        else if (isDirty) framer.reset();
        const body = bodyFor(framing, random.bytes(1 + random.below(MAX)));
        const got = cut(random, encodeFrame(framing, body)).flatMap((piece) => framer.push(piece));
        // Compared as texts and only here: a million assertions would be the slowest part.
        if (got.length !== 1 || shown(got[0]!) !== shown(body)) expect(got.map(shown)).toEqual([shown(body)]);
      }
    },
    FUZZ_LIMIT_MS,
  );
});

describe('limits', () => {
  test.each(each.filter(([, { kind }]) => kind !== 'fixed'))(
    'rule 3: %s: the longest frame passes, one byte more does not',
    (_, framing) => {
      const framer = createFramer(framing, MAX);
      const body = (length: number) => new Uint8Array(length).fill(65);
      expect(framer.push(encodeFrame(framing, body(MAX)))).toEqual([body(MAX)]);
      expect(framer.push(encodeFrame(framing, body(MAX + 1)))).toEqual([]);
      expect(framer.counters).toMatchObject({ frames: 1, oversizeFrames: 1, badFrames: 0 });
    },
  );

  test('a framing that no frame fits into is refused', () => {
    const prefix = { widthBytes: 1, endian: 'big', includesHeader: true } as const;
    for (const make of [
      () => new FixedLengthFramer(0),
      () => new LengthPrefixedFramer(prefix, 0),
      () => new SlipFramer(0),
      () => new CobsFramer(NaN),
      () => encodeLengthPrefixed(prefix, new Uint8Array(255)),
      () => encodeFrame({ kind: 'fixed', frameBytes: 2 }, new Uint8Array(3)),
    ])
      expect(make).toThrow(RangeError);
  });
});

describe('length in front', () => {
  const twice = { widthBytes: 2, includesHeader: true } as const;
  test.each([
    [{ ...twice, endian: 'big' } as const, '00 05 aa bb cc'],
    [{ ...twice, endian: 'little' } as const, '05 00 aa bb cc'],
    [{ widthBytes: 4, endian: 'big', includesHeader: false } as const, '00 00 00 03 aa bb cc'],
    [{ widthBytes: 1, endian: 'big', includesHeader: false } as const, '03 aa bb cc'],
  ])('rule 2: %j is %s', (prefix, wire) => {
    expect(shown(encodeLengthPrefixed(prefix, hex('aa bb cc')))).toBe(wire);
    expect(new LengthPrefixedFramer(prefix, 8).push(hex(wire)).map(shown)).toEqual(['aa bb cc']);
  });

  test('rule 4: a length that cannot be ends in silence until a reset, since nothing says where the next frame begins', () => {
    const framer = new LengthPrefixedFramer({ ...twice, endian: 'big' }, 8);
    expect(framer.push(hex('00 01 00 05 aa bb cc'))).toEqual([]);
    expect(framer.midFrame).toBe(true);
    expect(framer.counters).toMatchObject({ badFrames: 1, discardedBytes: 7 });
    framer.reset();
    expect(framer.push(hex('00 05 aa bb cc')).map(shown)).toEqual(['aa bb cc']);
  });
});

describe('SLIP, by RFC 1055', () => {
  test('rule 2: END 192 and ESC 219 inside a frame become 219 220 and 219 221', () => {
    expect([...encodeSlip(Uint8Array.of(1, 192, 2, 219, 3))]).toEqual([192, 1, 219, 220, 2, 219, 221, 3, 192]);
  });

  test('rule 4: an END in front ends noise, and empty frames between two ENDs are none', () => {
    const framer = new SlipFramer(8);
    expect(framer.push(hex('ff c0 01 c0 c0 c0 02 c0')).map(shown)).toEqual(['ff', '01', '02']);
  });

  test('rule 4: an escape that the RFC does not know, or one before END, is damage', () => {
    const framer = new SlipFramer(8);
    expect(framer.push(hex('c0 01 db 02 c0 01 db c0 05 c0')).map(shown)).toEqual(['05']);
    expect(framer.counters).toMatchObject({ frames: 1, badFrames: 2, discardedBytes: 5 });
  });
});

describe('COBS, by Cheshire and Baker', () => {
  const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const of = (...parts: (number | number[])[]) => Uint8Array.from(parts.flat());
  test.each<[string, Uint8Array, Uint8Array]>([
    // The start of an IP header, from the paper.
    [
      'the paper’s example',
      hex('45 00 00 2c 4c 79 00 00 40 06 4f 37'),
      hex('02 45 01 04 2c 4c 79 01 05 40 06 4f 37 00'),
    ],
    // The examples of Wikipedia, “Consistent Overhead Byte Stuffing”, in its order.
    ['1', of(0), of(1, 1, 0)],
    ['2', of(0, 0), of(1, 1, 1, 0)],
    ['3', of(0, 0x11, 0), of(1, 2, 0x11, 1, 0)],
    ['4', of(0x11, 0x22, 0, 0x33), of(3, 0x11, 0x22, 2, 0x33, 0)],
    ['5', of(0x11, 0x22, 0x33, 0x44), of(5, 0x11, 0x22, 0x33, 0x44, 0)],
    ['6', of(0x11, 0, 0, 0), of(2, 0x11, 1, 1, 1, 0)],
    ['7', of(run(1, 254)), of(255, run(1, 254), 0)],
    ['8', of(0, run(1, 254)), of(1, 255, run(1, 254), 0)],
    ['9', of(run(1, 255)), of(255, run(1, 254), 2, 255, 0)],
    ['10', of(run(2, 255), 0), of(255, run(2, 255), 1, 1, 0)],
    ['11', of(run(3, 255), 0, 1), of(254, run(3, 255), 2, 1, 0)],
  ])('rule 2: %s', (_, body, wire) => {
    expect(shown(encodeCobs(body))).toBe(shown(wire));
    expect(new CobsFramer(300).push(wire).map(shown)).toEqual([shown(body)]);
  });

  test('rule 4: a run that its zero cuts short is damage; the frame after it is whole', () => {
    const framer = new CobsFramer(8);
    expect(framer.push(hex('05 11 22 00 02 11 00')).map(shown)).toEqual(['11']);
    expect(framer.counters).toMatchObject({ frames: 1, badFrames: 1, discardedBytes: 3 });
  });

  test('rule 4: zeros between frames are no frames', () => {
    expect(new CobsFramer(8).push(joined([hex('00 00'), hex('02 11 00'), hex('00')])).map(shown)).toEqual(['11']);
  });
});
