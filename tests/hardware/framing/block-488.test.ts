/** Blocks of IEEE 488.2, rules 1 to 6 of src/hardware/framing/RULES.md. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockFramer, encodeBlock, type BlockAnswer } from '#hardware/framing/block-488.ts';
import { anyCut, ascii, cut, FRAMES, FUZZ_LIMIT_MS, joined, randomFrom, shown } from './streams.ts';

const plain = (answers: readonly BlockAnswer[]) =>
  answers.map(({ kind, bytes }) => `${kind} ${String.fromCharCode(...bytes)}`);
const seen = (framer: BlockFramer, pieces: readonly Uint8Array[]) => ({
  answers: plain(pieces.flatMap((piece) => framer.push(piece))),
  counters: { ...framer.counters },
  midFrame: framer.midFrame,
});
/** Streams that look like blocks more often than chance would have it. */
const anyStream = fc
  .array(
    fc.oneof(
      fc.constantFrom('#0', '#10', '#15', '#15abcde\n', '#3005ab\ncd\n', '#212', '#H1F\n', '\r\n', '\n', '#9999999999'),
      fc.string({ unit: fc.constantFrom(...'#0123456789ab\n\r\xff'), maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => ascii(parts.join('')));

describe('blocks', () => {
  test('rule 1: every split gives the same answers', () => {
    fc.assert(
      fc.property(anyCut(anyStream), ({ all, pieces }) => {
        expect(seen(new BlockFramer(64), pieces)).toEqual(seen(new BlockFramer(64), [all]));
      }),
      { numRuns: 1000 },
    );
  });

  // IEEE 488.2-1992, 8.7.9: `#`, how many digits, the length, the bytes. The same five bytes in any number of digits.
  test.each(['#15hello\n', '#3005hello\n', '#9000000005hello\r\n'])('rule 6: %j is the block “hello”', (wire) => {
    const framer = new BlockFramer(64);
    expect(plain(framer.push(ascii(wire)))).toEqual(['block hello']);
    expect(framer.midFrame).toBe(false);
  });

  test('rule 6, pitfall 31: a block may hold the terminator, and anything else', () => {
    expect(plain(new BlockFramer(64).push(ascii('#14\n#1\n\n#10\n')))).toEqual(['block \n#1\n', 'block ']);
  });

  test('rule 6: a byte that was lost is not made good by the terminator', () => {
    const framer = new BlockFramer(64);
    expect(framer.push(ascii('#15hell\n'))).toEqual([]);
    expect(framer.midFrame).toBe(true);
    expect(framer.push(ascii('3.3\n'))).toEqual([]);
    expect(framer.counters).toMatchObject({ frames: 0, badFrames: 1 });
  });

  test('rule 6: a byte too much is no block', () => {
    const framer = new BlockFramer(64);
    expect(framer.push(ascii('#15hellos\n#11a\n'))).toEqual([]);
    framer.reset();
    expect(plain(framer.push(ascii('#11a\n')))).toEqual(['block a']);
  });

  test('rule 6: a block of unknown length ends with its message and with no byte', () => {
    const framer = new BlockFramer(64);
    expect(framer.push(ascii('#0ab\ncd\n'))).toEqual([]);
    expect(framer.hasNoEnd).toBe(true);
    expect(plain(framer.end())).toEqual(['block ab\ncd']);
    expect(framer.midFrame).toBe(false);
  });

  test('rule 6: the end of a message ends a block and a line without terminator, and half a block never', () => {
    const framer = new BlockFramer(64);
    framer.push(ascii('#12ab'));
    expect(plain(framer.end())).toEqual(['block ab']);
    framer.push(ascii('3.3'));
    expect(plain(framer.end())).toEqual(['text 3.3']);
    framer.push(ascii('#13ab'));
    expect(framer.end()).toEqual([]);
    expect(framer.counters.badFrames).toBe(1);
    expect(framer.end()).toEqual([]);
  });

  test('rule 6: what does not begin like a block is a line; `#H1F` is a number', () => {
    expect(plain(new BlockFramer(64).push(ascii('\r\n-113,"Undefined header"\r\n#H1F\n#\n')))).toEqual([
      'text -113,"Undefined header"',
      'text #H1F',
      'text #',
    ]);
  });

  test('rules 3, 4: a length past the limit, or one that is no number, is not waited for', () => {
    for (const [wire, counter] of [
      ['#265', 'oversizeFrames'],
      ['#9999999999', 'oversizeFrames'],
      ['#2a', 'badFrames'],
      [`#0${'x'.repeat(65)}`, 'oversizeFrames'],
      ['x'.repeat(65), 'oversizeFrames'],
    ] as const) {
      const framer = new BlockFramer(64);
      framer.push(ascii(wire));
      expect(framer.counters[counter], wire).toBe(1);
      expect(framer.push(ascii('#11a\n'))).toEqual([]);
      framer.reset();
      expect(plain(framer.push(ascii('#11a\n')))).toEqual(['block a']);
    }
    expect(() => new BlockFramer(0)).toThrow(RangeError);
  });

  test(
    'rules 1, 4, 6: blocks among lines, garbage and truncation: each block as it was sent, or none',
    () => {
      const random = randomFrom(4882);
      const framer = new BlockFramer(256);
      for (let sent = 0; sent < FRAMES; sent++) {
        const body = random.bytes(random.below(200));
        const wire = joined([encodeBlock(body), ascii('\n')]);
        const isCut = random.chance(0.2);
        const isDirty = random.chance(0.2);
        const stream = joined([
          isDirty ? random.bytes(random.below(20)) : new Uint8Array(),
          isCut ? wire.subarray(0, random.below(wire.length)) : wire,
        ]);
        const got = cut(random, stream).flatMap((piece) => framer.push(piece));
        const blocks = got.filter(({ kind }) => kind === 'block');
        if (!isCut && !isDirty) {
          if (got.length !== 1 || shown(blocks[0]!.bytes) !== shown(body)) expect(plain(got)).toEqual([shown(body)]);
        } else if (!isDirty) expect(got).toEqual([]);
        if (isCut || isDirty) framer.reset();
      }
      expect(framer.counters.frames).toBeGreaterThan(FRAMES / 2);
    },
    FUZZ_LIMIT_MS,
  );
});
