/** Modbus without a wire: requests, answers, the register map, and the words of a procedure. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryFrom, writeFrom } from '#hardware/protocol/modbus/modbus-commands.ts';
import { exceptionName } from '#hardware/protocol/modbus/modbus-faults.ts';
import { silenceMs } from '#hardware/protocol/modbus/modbus-line.ts';
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeException,
  encodeRequest,
  type ModbusRequest,
} from '#hardware/protocol/modbus/modbus-pdu.ts';
import {
  valueFrom,
  wordsFor,
  type ModbusMap,
  type ModbusRegister,
  type RegisterType,
} from '#hardware/protocol/modbus/register-map.ts';
import { hex, shown } from '../framing/streams.ts';

/** The examples of the Modbus Application Protocol Specification V1.1b3, sections 6.1 to 6.6, 6.11, 6.12 and 6.17. */
const EXAMPLES: readonly (readonly [string, ModbusRequest, string, string, readonly number[]])[] = [
  [
    '01',
    { kind: 'read', table: 'coil', address: 0x13, count: 0x13 },
    '01 00 13 00 13',
    '01 03 cd 6b 05',
    [1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1],
  ],
  [
    '02',
    { kind: 'read', table: 'discrete', address: 0xc4, count: 0x16 },
    '02 00 c4 00 16',
    '02 03 ac db 35',
    [0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1],
  ],
  [
    '03',
    { kind: 'read', table: 'holding', address: 0x6b, count: 3 },
    '03 00 6b 00 03',
    '03 06 02 2b 00 00 00 64',
    [555, 0, 100],
  ],
  ['04', { kind: 'read', table: 'input', address: 8, count: 1 }, '04 00 08 00 01', '04 02 00 0a', [10]],
  ['05', { kind: 'write', table: 'coil', address: 0xac, values: [1] }, '05 00 ac ff 00', '05 00 ac ff 00', []],
  ['06', { kind: 'write', table: 'holding', address: 1, values: [3] }, '06 00 01 00 03', '06 00 01 00 03', []],
  ['08', { kind: 'echo', token: 0xa537 }, '08 00 00 a5 37', '08 00 00 a5 37', []],
  [
    '15',
    { kind: 'write', table: 'coil', address: 0x13, values: [1, 0, 1, 1, 0, 0, 1, 1, 1, 0] },
    '0f 00 13 00 0a 02 cd 01',
    '0f 00 13 00 0a',
    [],
  ],
  [
    '16',
    { kind: 'write', table: 'holding', address: 1, values: [10, 0x102] },
    '10 00 01 00 02 04 00 0a 01 02',
    '10 00 01 00 02',
    [],
  ],
  [
    '23',
    { kind: 'exchange', address: 14, values: [255, 255, 255], readAddress: 3, readCount: 6 },
    '17 00 03 00 06 00 0e 00 03 06 00 ff 00 ff 00 ff',
    '17 0c 00 fe 0a cd 00 01 00 03 00 0d 00 ff',
    [254, 0x0acd, 1, 3, 13, 255],
  ],
];

const register = (more: Partial<ModbusRegister>): ModbusRegister => ({
  name: 'x',
  unitId: 1,
  table: 'holding',
  address: 0,
  type: 'uint16',
  wordOrder: 'big',
  scale: 1,
  ...more,
});
const MAP: ModbusMap = {
  unitId: 1,
  registers: [
    register({ name: 'temperature', table: 'input', address: 4, type: 'int16', scale: 0.1 }),
    register({ name: 'power', address: 10, type: 'float32', wordOrder: 'little', unitId: 2 }),
    register({ name: 'relay_1', table: 'coil', address: 0 }),
    register({ name: 'voltage', address: 20, scale: 0.01 }),
  ],
};

describe('requests and answers', () => {
  test.each(EXAMPLES)('rule 16: function %s, as in the specification', (_, request, asked, answered, values) => {
    expect(shown(encodeRequest(request))).toBe(asked);
    expect(decodeAnswer(request, hex(answered))).toEqual({ kind: 'values', values });
    expect(decodeRequest(hex(asked))).toEqual(request);
    expect(shown(encodeAnswer(request, values))).toBe(answered);
  });

  test('rule 16: an answer of another function, length or content belongs to another request', () => {
    for (const [, request, , answered] of EXAMPLES) {
      for (const [, other, , otherAnswered] of EXAMPLES)
        if (other !== request) expect(decodeAnswer(request, hex(otherAnswered))).toEqual({ kind: 'other' });
      const wire = hex(answered);
      expect(decodeAnswer(request, wire.subarray(0, -1))).toEqual({ kind: 'other' });
      expect(decodeAnswer(request, Uint8Array.from([...wire, 0]))).toEqual({ kind: 'other' });
      if (request.kind !== 'read' && request.kind !== 'exchange')
        expect(decodeAnswer(request, wire.with(-1, wire.at(-1)! ^ 1))).toEqual({ kind: 'other' });
    }
  });

  test('rule 16: exceptions are told by function and named', () => {
    const [, request] = EXAMPLES[2]!;
    expect(decodeAnswer(request, encodeException(3, 2))).toEqual({ kind: 'exception', code: 2 });
    expect(decodeAnswer(request, encodeException(4, 2))).toEqual({ kind: 'other' });
    expect(exceptionName(2)).toBe('exception 2 (illegal data address)');
    expect(exceptionName(77)).toBe('exception 77 (not in the standard)');
  });

  test('rule 21: what no request can hold is refused', () => {
    const refused: ModbusRequest[] = [
      { kind: 'read', table: 'holding', address: 0, count: 126 },
      { kind: 'read', table: 'coil', address: 0, count: 2001 },
      { kind: 'read', table: 'input', address: 65_535, count: 2 },
      { kind: 'read', table: 'input', address: 0, count: 0 },
      { kind: 'write', table: 'holding', address: 0, values: [] },
      { kind: 'write', table: 'holding', address: 0, values: [65_536] },
      { kind: 'write', table: 'holding', address: 0, values: [1.5] },
      { kind: 'write', table: 'coil', address: 0, values: [2] },
      { kind: 'write', table: 'holding', address: 0, values: Array.from({ length: 124 }, () => 0) },
      { kind: 'exchange', address: 0, values: [-1], readAddress: 0, readCount: 1 },
    ];
    for (const request of refused) expect(() => encodeRequest(request), JSON.stringify(request)).toThrow(RangeError);
  });

  test('rule 16: any bytes as a request or an answer are read, or are none; nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (pdu) => {
        const request = decodeRequest(pdu);
        if (request && request.kind !== 'echo') decodeAnswer(request, pdu);
        for (const [, one] of EXAMPLES) decodeAnswer(one, pdu);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the register map', () => {
  test.each<[RegisterType, 'big' | 'little', number[], number]>([
    ['uint16', 'big', [0xffff], 65_535],
    ['int16', 'big', [0xffff], -1],
    ['uint32', 'big', [0x0001, 0x0000], 65_536],
    ['uint32', 'little', [0x0000, 0x0001], 65_536],
    ['int32', 'big', [0xffff, 0xfffe], -2],
    ['float32', 'big', [0x3fc0, 0], 1.5],
    ['float32', 'little', [0, 0x3fc0], 1.5],
  ])('rule 21: %s, %s: %j is %d', (type, wordOrder, words, value) => {
    const one = register({ type, wordOrder });
    expect(valueFrom(one, words)).toBe(value);
    expect(wordsFor(one, value)).toEqual(words);
  });

  test('rule 21: scaled numbers are those that a person would write', () => {
    const tenth = register({ type: 'int16', scale: 0.1 });
    expect(valueFrom(tenth, [3])).toBe(0.3);
    expect(valueFrom(tenth, [0xff85])).toBe(-12.3);
    expect(wordsFor(tenth, 25.3)).toEqual([253]);
    expect(wordsFor(register({ scale: 0.01 }), 3.3)).toEqual([330]);
  });

  test('rule 21: every value that a register can hold comes back as it was', () => {
    const types = fc.constantFrom<RegisterType>('uint16', 'int16', 'uint32', 'int32', 'float32');
    fc.assert(
      fc.property(
        types,
        fc.constantFrom('big', 'little'),
        fc.array(fc.nat(0xffff), { minLength: 2, maxLength: 2 }),
        (type, wordOrder, pair) => {
          const one = register({ type, wordOrder: wordOrder as 'big' });
          const words = type.endsWith('16') ? pair.slice(0, 1) : pair;
          const value = valueFrom(one, words);
          if (Number.isFinite(value) && !Object.is(value, -0)) expect(wordsFor(one, value)).toEqual(words);
        },
      ),
    );
  });

  test.each<[Partial<ModbusRegister>, number]>([
    [{ type: 'uint16' }, -1],
    [{ type: 'int16' }, 40_000],
    [{ type: 'uint16', scale: 0.01 }, 656],
    [{ type: 'int32' }, 3e9],
    [{ type: 'float32' }, 1e39],
    [{ type: 'uint16' }, NaN],
    [{ table: 'coil' }, 2],
  ])('rule 21: %j cannot hold %d', (more, value) => {
    expect(() => wordsFor(register(more), value)).toThrow(RangeError);
  });
});

describe('the words of a procedure', () => {
  test.each<[string, number, ModbusRequest, number[], string]>([
    ['temperature?', 1, { kind: 'read', table: 'input', address: 4, count: 1 }, [253], '25.3'],
    ['power?', 2, { kind: 'read', table: 'holding', address: 10, count: 2 }, [0, 0x3fc0], '1.5'],
    ['relay_1?', 1, { kind: 'read', table: 'coil', address: 0, count: 1 }, [1], '1'],
    ['holding 100 3?', 1, { kind: 'read', table: 'holding', address: 100, count: 3 }, [1, 2, 3], '1,2,3'],
    ['discrete 7 ?', 1, { kind: 'read', table: 'discrete', address: 7, count: 1 }, [0], '0'],
    [
      'holding 5 = 1, 2; voltage?',
      1,
      { kind: 'exchange', address: 5, values: [1, 2], readAddress: 20, readCount: 1 },
      [330],
      '3.3',
    ],
  ])('rule 21: %s', (command, unitId, request, values, text) => {
    const query = queryFrom(command, MAP);
    expect(query).toMatchObject({ unitId, request });
    expect(query.textOf(values)).toBe(text);
  });

  test.each<[string, ModbusRequest]>([
    ['relay_1 = on', { kind: 'write', table: 'coil', address: 0, values: [1] }],
    ['relay_1=0', { kind: 'write', table: 'coil', address: 0, values: [0] }],
    ['voltage = 3.3', { kind: 'write', table: 'holding', address: 20, values: [330] }],
    ['holding 9 = 1, 2', { kind: 'write', table: 'holding', address: 9, values: [1, 2] }],
    ['coil 3 = 1,0,1', { kind: 'write', table: 'coil', address: 3, values: [1, 0, 1] }],
  ])('rule 21: %s', (command, request) => {
    expect(writeFrom(command, MAP)).toMatchObject({ unitId: 1, request });
  });

  test.each([
    ['temperatur?', 'there are temperature, power, relay_1, voltage'],
    ['temperature', 'ends in'],
    ['holding?', 'there is no register'],
    ['relay_1 = 1; power?', 'only holding registers of one device'],
    ['voltage = 1; power?', 'only holding registers of one device'],
    ['voltage = 1; temperature?', 'only holding registers of one device'],
  ])('rule 21: the query %s is refused: %s', (command, why) => {
    expect(() => queryFrom(command, MAP)).toThrow(
      expect.objectContaining({ code: 'protocol-error', message: expect.stringContaining(why) }),
    );
  });

  test.each([
    ['temperature = 5', 'can only be read'],
    ['input 3 = 5', 'nothing can be written'],
    ['voltage = ', 'is no number'],
    ['voltage = 3,3 V', 'is no number'],
    ['voltage = 3, 4', 'takes one value'],
    ['voltage = 700', 'holds 0 to'],
    ['relay_1', 'name = value'],
    ['relay_1 = 2', 'is 0 or 1'],
    ['a = b = c', 'name = value'],
  ])('rule 21: the write %s is refused: %s', (command, why) => {
    expect(() => writeFrom(command, MAP)).toThrow(
      expect.objectContaining({ code: 'protocol-error', message: expect.stringContaining(why) }),
    );
  });

  test.each([
    [9600, 4.01],
    [19_200, 2.005],
    [38_400, 1.75],
    [115_200, 1.75],
  ])('rule 17: at %d baud a frame ends in a silence of %d ms', (baudRate, silence) => {
    expect(silenceMs(baudRate)).toBeCloseTo(silence, 2);
  });
});
