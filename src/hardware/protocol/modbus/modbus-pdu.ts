/**
 * Modbus requests and the answers that belong to them (Modbus Application Protocol V1.1b3, section 6).
 *
 * Pure: numbers in, bytes out, and back. Functions 1 to 6, 8, 15, 16 and 23. Above it: modbus-session.ts, and the
 * simulated device, which reads requests. Knows nothing of wires, time and what a register stands for.
 */
export type Table = 'coil' | 'discrete' | 'holding' | 'input';

export type ModbusRequest =
  | { readonly kind: 'read'; readonly table: Table; readonly address: number; readonly count: number }
  /** One value goes by function 5 or 6, several by 15 or 16. */
  | {
      readonly kind: 'write';
      readonly table: 'coil' | 'holding';
      readonly address: number;
      readonly values: readonly number[];
    }
  /** Holding registers written, then others read, in one exchange. */
  | {
      readonly kind: 'exchange';
      readonly address: number;
      readonly values: readonly number[];
      readonly readAddress: number;
      readonly readCount: number;
    }
  /** Diagnostics: the device sends back what it was sent. */
  | { readonly kind: 'echo'; readonly token: number };

export type ModbusAnswer =
  | { readonly kind: 'values'; readonly values: readonly number[] }
  | { readonly kind: 'exception'; readonly code: number }
  /** It belongs to another request. */
  | { readonly kind: 'other' };

const READ_CODES: Readonly<Record<Table, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 };
/** By the specification, so that every answer fits into 256 bytes. */
const MOST: Readonly<Record<'readBits' | 'readWords' | 'writeBits' | 'writeWords' | 'exchangeWords', number>> = {
  readBits: 2000,
  readWords: 125,
  writeBits: 1968,
  writeWords: 123,
  exchangeWords: 121,
};

const OTHER: ModbusAnswer = { kind: 'other' };

export function codeOf(request: ModbusRequest): number {
  switch (request.kind) {
    case 'read':
      return READ_CODES[request.table];
    case 'write':
      if (request.table === 'coil') return request.values.length === 1 ? 5 : 15;
      return request.values.length === 1 ? 6 : 16;
    case 'exchange':
      return 23;
    case 'echo':
      return 8;
  }
}

/** @throws {RangeError} for what no request can hold */
export function encodeRequest(request: ModbusRequest): Uint8Array<ArrayBuffer> {
  const code = codeOf(request);
  switch (request.kind) {
    case 'read': {
      const most = isBits(request.table) ? MOST.readBits : MOST.readWords;
      return bytesOf(code, span(request.address, request.count, most));
    }
    case 'write': {
      const { table, address, values } = request;
      const most = table === 'coil' ? MOST.writeBits : MOST.writeWords;
      const [first, count] = span(address, values.length, most);
      if (values.length === 1) return bytesOf(code, [first!, table === 'coil' ? coilWord(values[0]) : word(values[0])]);
      const data = table === 'coil' ? packBits(values) : bytesOf(null, values.map(word));
      return Uint8Array.from([...bytesOf(code, [first!, count!]), data.length, ...data]);
    }
    case 'exchange': {
      const { address, values, readAddress, readCount } = request;
      const data = bytesOf(null, values.map(word));
      const read = span(readAddress, readCount, MOST.readWords);
      const write = span(address, values.length, MOST.exchangeWords);
      return Uint8Array.from([...bytesOf(code, [...read, ...write]), data.length, ...data]);
    }
    case 'echo':
      return bytesOf(code, [0, word(request.token)]);
  }
}

/** Bytes that a good answer carries after its function code; its byte count says the same. */
export function answerDataBytes(request: ModbusRequest): number {
  if (request.kind === 'read') return 1 + (isBits(request.table) ? Math.ceil(request.count / 8) : request.count * 2);
  return request.kind === 'exchange' ? 1 + request.readCount * 2 : 4;
}

/** @param pdu function code and data of an answer */
export function decodeAnswer(request: ModbusRequest, pdu: Uint8Array): ModbusAnswer {
  const code = codeOf(request);
  const data = pdu.subarray(1);
  if (pdu[0] === (code | 0x80) && data.length === 1) return { kind: 'exception', code: data[0]! };
  if (pdu[0] !== code || data.length !== answerDataBytes(request)) return OTHER;
  if (request.kind === 'read' || request.kind === 'exchange') {
    if (data[0] !== data.length - 1) return OTHER;
    const isBitTable = request.kind === 'read' && isBits(request.table);
    const values = isBitTable ? unpackBits(data.subarray(1), request.count) : wordsIn(data.subarray(1));
    return { kind: 'values', values };
  }
  // A write is answered with its own beginning: where it began, and the value or how many there were.
  const expected = encodeRequest(request).subarray(1, 5);
  return expected.every((byte, at) => byte === data[at]) ? { kind: 'values', values: [] } : OTHER;
}

/**
 * A request as the device reads it.
 * @returns null for a function that is not known, or a request that is not well formed
 */
export function decodeRequest(pdu: Uint8Array): ModbusRequest | null {
  const [address = 0, count = 0, readAddress = 0, readCount = 0] = wordsIn(pdu.subarray(1, 9));
  switch (pdu[0]) {
    case 1:
    case 2:
    case 3:
    case 4: {
      const table = (['coil', 'discrete', 'holding', 'input'] as const)[pdu[0] - 1]!;
      return { kind: 'read', table, address, count };
    }
    case 5:
      if (count !== 0xff00 && count !== 0) return null;
      return { kind: 'write', table: 'coil', address, values: [count === 0 ? 0 : 1] };
    case 6:
      return { kind: 'write', table: 'holding', address, values: [count] };
    case 8:
      // Its first word says which diagnosis; 0 is the echo.
      return address === 0 ? { kind: 'echo', token: count } : null;
    case 15:
      if (pdu[5] !== pdu.length - 6 || count > pdu[5] * 8) return null;
      return { kind: 'write', table: 'coil', address, values: unpackBits(pdu.subarray(6), count) };
    case 16:
      if (pdu[5] !== pdu.length - 6 || count * 2 !== pdu[5]) return null;
      return { kind: 'write', table: 'holding', address, values: wordsIn(pdu.subarray(6)) };
    case 23: {
      if (pdu[9] !== pdu.length - 10 || readCount * 2 !== pdu[9]) return null;
      // On the wire what is read comes first.
      const values = wordsIn(pdu.subarray(10));
      return { kind: 'exchange', address: readAddress, values, readAddress: address, readCount: count };
    }
    default:
      return null;
  }
}

/** @param values what was read; none for a write */
export function encodeAnswer(request: ModbusRequest, values: readonly number[]): Uint8Array<ArrayBuffer> {
  const code = codeOf(request);
  if (request.kind === 'read' || request.kind === 'exchange') {
    const isBitTable = request.kind === 'read' && isBits(request.table);
    const data = isBitTable ? packBits(values) : bytesOf(null, values.map(word));
    return Uint8Array.from([code, data.length, ...data]);
  }
  return encodeRequest(request).slice(0, 5);
}

export function encodeException(code: number, exception: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(code | 0x80, exception);
}

function isBits(table: Table): boolean {
  return table === 'coil' || table === 'discrete';
}

function span(address: number, count: number, most: number): number[] {
  if (!(count >= 1 && count <= most)) throw new RangeError(`one request holds 1 to ${most} of them, not ${count}`);
  if (!(address >= 0 && address + count <= 0x1_0000))
    throw new RangeError(`addresses end at 65535, and ${count} from ${address} on do not fit`);
  return [address, count];
}

function word(value: number | undefined): number {
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value <= 0xffff) return value;
  throw new RangeError(`a register holds a whole number from 0 to 65535, not ${value}`);
}

function coilWord(value: number | undefined): number {
  return bit(value) === 1 ? 0xff00 : 0;
}

function bit(value: number | undefined): number {
  if (value === 0 || value === 1) return value;
  throw new RangeError(`a coil is 0 or 1, not ${value}`);
}

function bytesOf(code: number | null, words: readonly number[]): Uint8Array<ArrayBuffer> {
  const data = words.flatMap((one) => [one >> 8, one & 0xff]);
  return Uint8Array.from(code === null ? data : [code, ...data]);
}

function wordsIn(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, at) => bytes[at * 2]! * 256 + bytes[at * 2 + 1]!);
}

/** The first in the lowest bit. */
function packBits(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries()) bytes[at >> 3]! |= bit(value) << (at & 7);
  return bytes;
}

function unpackBits(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (bytes[at >> 3]! >> (at & 7)) & 1);
}
