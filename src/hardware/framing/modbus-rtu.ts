/**
 * Modbus RTU: frames whose length follows from what they say, closed by a CRC (Modbus over Serial Line V1.02, 2.5.1).
 *
 * A page cannot time the silence that ends a frame on the wire, so the length is predicted from the function code and
 * the byte count. What cannot be a frame loses its first byte, and the search goes on with the next.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';
import { crc16Modbus } from '#hardware/framing/crc-16-modbus.ts';
import { newCounters, type Framer } from '#hardware/framing/framer.ts';

/** Address, 253 bytes of function and data, CRC. */
export const MAX_ADU_BYTES = 256;
const CRC_BYTES = 2;

/**
 * Bytes of the whole frame that begins so; undefined: more have to be seen; null: no frame begins so.
 * Asked anew as bytes come; what it once said of a beginning must stay true.
 */
export type LengthOf = (begun: Uint8Array) => number | null | undefined;

/** Of an answer. */
export const answerLength: LengthOf = ([, code, count]) => {
  if (code === undefined) return undefined;
  if (code >= 0x80) return 5;
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 23:
      return count === undefined ? undefined : 3 + count + CRC_BYTES;
    case 5:
    case 6:
    case 8:
    case 15:
    case 16:
      return 8;
    default:
      return null;
  }
};

/** Of a request, as the far end sees it. */
export const requestLength: LengthOf = (begun) => {
  const code = begun[1];
  if (code === undefined) return undefined;
  if ((code >= 1 && code <= 6) || code === 8) return 8;
  const countAt = code === 15 || code === 16 ? 6 : code === 23 ? 10 : null;
  if (countAt === null) return null;
  const count = begun[countAt];
  return count === undefined ? undefined : countAt + 1 + count + CRC_BYTES;
};

export class ModbusRtuFramer implements Framer {
  readonly counters = newCounters();
  readonly #lengthOf: LengthOf;
  readonly #begun = new ByteBuffer();

  constructor(lengthOf: LengthOf) {
    this.#lengthOf = lengthOf;
  }

  get midFrame(): boolean {
    return this.#begun.length > 0;
  }

  /** @returns address, function code and data of each frame, without its CRC */
  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      this.#begun.push(byte);
      while (this.#settle(frames));
    }
    return frames;
  }

  reset(): void {
    this.counters.discardedBytes += this.#begun.length;
    this.#begun.clear();
  }

  /** @returns true when what is left has to be looked at again */
  #settle(frames: Uint8Array[]): boolean {
    const begun = this.#begun.view();
    if (begun.length === 0) return false;
    const length = this.#lengthOf(begun);
    if (length === null || (length !== undefined && length > MAX_ADU_BYTES)) return this.#drop();
    if (length === undefined || begun.length < length) return false;
    const body = begun.slice(0, length - CRC_BYTES);
    const crc = crc16Modbus(body);
    if (begun[length - 2] !== (crc & 0xff) || begun[length - 1] !== crc >>> 8) {
      this.counters.badFrames++;
      return this.#drop();
    }
    frames.push(body);
    this.counters.frames++;
    this.#begun.dropFirst(length);
    return true;
  }

  #drop(): true {
    this.counters.discardedBytes++;
    this.#begun.dropFirst(1);
    return true;
  }
}

export function encodeAdu(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const crc = crc16Modbus(body);
  return Uint8Array.from([...body, crc & 0xff, crc >>> 8]);
}
