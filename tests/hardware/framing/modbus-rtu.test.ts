/** Modbus RTU frames, rules 1 to 5 and 7 of src/hardware/framing/RULES.md. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc16Modbus } from '#hardware/framing/crc-16-modbus.ts';
import {
  answerLength,
  encodeAdu,
  MAX_ADU_BYTES,
  ModbusRtuFramer,
  requestLength,
} from '#hardware/framing/modbus-rtu.ts';
import { anyCut, ascii, cut, FRAMES, FUZZ_LIMIT_MS, hex, joined, randomFrom, seen, shown } from './streams.ts';

/** Request and answer of each function, from the Modbus Application Protocol Specification V1.1b3, sections 6.1 to 6.17. */
const EXAMPLES = [
  ['01 read coils', '01 00 13 00 13', '01 03 cd 6b 05'],
  ['02 read discrete inputs', '02 00 c4 00 16', '02 03 ac db 35'],
  ['03 read holding registers', '03 00 6b 00 03', '03 06 02 2b 00 00 00 64'],
  ['04 read input registers', '04 00 08 00 01', '04 02 00 0a'],
  ['05 write single coil', '05 00 ac ff 00', '05 00 ac ff 00'],
  ['06 write single register', '06 00 01 00 03', '06 00 01 00 03'],
  ['08 diagnostics', '08 00 00 a5 37', '08 00 00 a5 37'],
  ['15 write multiple coils', '0f 00 13 00 0a 02 cd 01', '0f 00 13 00 0a'],
  ['16 write multiple registers', '10 00 01 00 02 04 00 0a 01 02', '10 00 01 00 02'],
  ['23 read and write', '17 00 03 00 06 00 0e 00 03 06 00 ff 00 ff 00 ff', '17 0c 00 fe 0a cd 00 01 00 03 00 0d 00 ff'],
  ['exception', '01 04 a1 00 01', '81 02'],
] as const;
const SIDES = [
  ['answer', answerLength],
  ['request', requestLength],
] as const;
const pdus = (side: 'answer' | 'request') => EXAMPLES.map((one) => hex(`11 ${one[side === 'answer' ? 2 : 1]}`));

describe('the CRC', () => {
  test('rule 7: its check value is 4B37 (catalogue of parametrised CRC algorithms, CRC-16/MODBUS)', () => {
    expect(crc16Modbus(ascii('123456789'))).toBe(0x4b37);
  });

  test('rule 7: low byte first; 02 07 ends in 41 12 (Modbus over Serial Line V1.02, 6.2.2)', () => {
    expect(shown(encodeAdu(hex('02 07')))).toBe('02 07 41 12');
  });
});

describe.each(SIDES)('%s', (side, lengthOf) => {
  test.each(EXAMPLES.map(([name], at) => [name, pdus(side)[at]!] as const))(
    'rule 7: %s has the predicted length',
    (_, pdu) => {
      const framer = new ModbusRtuFramer(lengthOf);
      const adu = encodeAdu(pdu);
      expect(lengthOf(adu)).toBe(adu.length);
      expect(framer.push(adu.subarray(0, -1))).toEqual([]);
      expect(framer.push(adu.subarray(-1)).map(shown)).toEqual([shown(pdu)]);
      expect(framer.midFrame).toBe(false);
    },
  );

  test('rule 1: every split of any input gives the same frames', () => {
    const good = fc.constantFrom(...pdus(side).map((pdu) => encodeAdu(pdu)));
    const anyStream = fc
      .array(fc.oneof(good, fc.uint8Array({ maxLength: 6 })), { maxLength: 8 })
      .map((parts) => joined(parts));
    fc.assert(
      fc.property(anyCut(anyStream), ({ all, pieces }) => {
        const framers = [pieces, [all]].map((some) => seen(new ModbusRtuFramer(lengthOf), some));
        expect(framers[0]).toEqual(framers[1]);
      }),
      { numRuns: 500 },
    );
  });

  test('rule 7: any wrong bit in a frame is seen', () => {
    for (const pdu of pdus(side)) {
      const adu = encodeAdu(pdu);
      for (let bit = 0; bit < adu.length * 8; bit++) {
        const wrong = adu.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(new ModbusRtuFramer(lengthOf).push(wrong).map(shown)).not.toContain(shown(pdu));
      }
    }
  });

  test('rules 3, 4: a mebibyte of noise keeps no more than a frame; a frame after it is found', () => {
    const random = randomFrom(7);
    const framer = new ModbusRtuFramer(lengthOf);
    let longest = 0;
    for (let i = 0; i < 1024; i++)
      for (const frame of framer.push(random.bytes(1024))) longest = Math.max(longest, frame.length);
    expect(longest).toBeLessThan(MAX_ADU_BYTES);
    const pdu = pdus(side)[2]!;
    // Noise may have begun a frame of the greatest length: as many bytes bring it to its end.
    const got = framer.push(joined([encodeAdu(pdu), new Uint8Array(MAX_ADU_BYTES)]));
    expect(got.map(shown)).toContain(shown(pdu));
  });

  test(
    'rules 1, 4, 7: frames among garbage, truncation and wrong bits: those that were whole are found, in order',
    () => {
      const random = randomFrom(20261130);
      const framer = new ModbusRtuFramer(lengthOf);
      const all = pdus(side);
      const waiting: string[] = [];
      let strange = 0;
      let noise = 0;
      for (let sent = 0; sent < FRAMES; sent++) {
        const pdu = all[random.below(all.length)]!;
        const adu = encodeAdu(pdu);
        const parts: Uint8Array[] = [];
        if (random.chance(0.2)) parts.push(random.bytes(random.below(8)));
        if (random.chance(0.1)) parts.push(adu.subarray(0, random.below(adu.length)));
        noise += joined(parts).length;
        waiting.push(shown(pdu));
        for (const piece of cut(random, joined([...parts, adu])))
          for (const frame of framer.push(piece)) {
            const at = waiting.indexOf(shown(frame));
            if (at < 0) strange += 1;
            else waiting.splice(0, at + 1);
          }
      }
      // What the last bytes have begun may still be waited for.
      framer.push(new Uint8Array(MAX_ADU_BYTES));
      // A CRC of 16 bits takes one in 65,536 of what is no frame for one: the session's own checks see to those.
      expect(strange).toBeLessThan(5 + (noise / 65_536) * 8);
      expect(framer.counters.frames).toBeGreaterThan(FRAMES * 0.98);
    },
    FUZZ_LIMIT_MS,
  );
});
