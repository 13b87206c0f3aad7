/**
 * The headers of USBTMC's bulk messages: made for what goes out, read from what comes in.
 *
 * Pure. USBTMC 1.0, tables 1 to 9; USB488 1.0, table 2. Knows nothing of transfers.
 */
export const HEADER_BYTES = 12;

const DEV_DEP_MSG_OUT = 1;
const REQUEST_DEV_DEP_MSG_IN = 2;
const DEV_DEP_MSG_IN = 2;
const TRIGGER = 128;
const END_OF_MESSAGE = 0x01;
const TERM_CHAR = 0x02;
/** Every message is a multiple of this long (3.2). */
const ALIGNMENT = 4;

export interface InHeader {
  readonly tag: number;
  /** Bytes of payload in this transfer. */
  readonly size: number;
  readonly endOfMessage: boolean;
  /** The transfer ended because the term character came. */
  readonly termChar: boolean;
}

/** Transfers are numbered 1 to 255, over and over (table 1). */
export function nextTag(tag: number): number {
  return (tag % 255) + 1;
}

/** @param padded a few devices take the alignment bytes for part of the message (quirks.ts) */
export function messageOut(
  tag: number,
  payload: Uint8Array,
  endOfMessage: boolean,
  padded: boolean,
): Uint8Array<ArrayBuffer> {
  const bytes = HEADER_BYTES + payload.length;
  const message = header(DEV_DEP_MSG_OUT, tag, padded ? Math.ceil(bytes / ALIGNMENT) * ALIGNMENT : bytes);
  const view = new DataView(message.buffer);
  view.setUint32(4, payload.length, true);
  view.setUint8(8, endOfMessage ? END_OF_MESSAGE : 0);
  message.set(payload, HEADER_BYTES);
  return message;
}

/** @param termChar ends the transfer when it comes; only for devices that say they can */
export function requestIn(tag: number, maxBytes: number, termChar?: number): Uint8Array<ArrayBuffer> {
  const message = header(REQUEST_DEV_DEP_MSG_IN, tag, HEADER_BYTES);
  const view = new DataView(message.buffer);
  view.setUint32(4, maxBytes, true);
  if (termChar !== undefined) {
    view.setUint8(8, TERM_CHAR);
    view.setUint8(9, termChar);
  }
  return message;
}

export function trigger(tag: number): Uint8Array<ArrayBuffer> {
  return header(TRIGGER, tag, HEADER_BYTES);
}

/** @returns null for what is no header of an answer */
export function readInHeader(bytes: Uint8Array): InHeader | null {
  if (bytes.length < HEADER_BYTES) return null;
  const [id, tag = 0, inverse = 0] = bytes;
  if (id !== DEV_DEP_MSG_IN || tag === 0 || (tag ^ inverse) !== 0xff) return null;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const attributes = bytes[8] ?? 0;
  return {
    tag,
    size,
    endOfMessage: (attributes & END_OF_MESSAGE) !== 0,
    termChar: (attributes & TERM_CHAR) !== 0,
  };
}

function header(id: number, tag: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes.set([id, tag, tag ^ 0xff]);
  return bytes;
}
