/**
 * The framings that a procedure may choose for a line, made from their names.
 *
 * Above it: protocol sessions. Modbus and blocks are not in the list: they belong to their protocols.
 */
import { CobsFramer, encodeCobs } from '#hardware/framing/cobs.ts';
import { DelimiterFramer } from '#hardware/framing/delimiter.ts';
import { FixedLengthFramer } from '#hardware/framing/fixed-length.ts';
import type { Framer } from '#hardware/framing/framer.ts';
import { encodeLengthPrefixed, LengthPrefixedFramer, type LengthPrefix } from '#hardware/framing/length-prefixed.ts';
import { encodeSlip, SlipFramer } from '#hardware/framing/slip.ts';

export type Framing =
  | { readonly kind: 'terminator'; readonly terminator: string }
  | { readonly kind: 'fixed'; readonly frameBytes: number }
  | ({ readonly kind: 'length' } & LengthPrefix)
  | { readonly kind: 'slip' }
  | { readonly kind: 'cobs' };

export function createFramer(framing: Framing, maxFrameBytes: number): Framer {
  switch (framing.kind) {
    case 'terminator':
      return new DelimiterFramer({ terminators: [latin1(endOf(framing.terminator))], maxFrameBytes });
    case 'fixed':
      return new FixedLengthFramer(framing.frameBytes);
    case 'length':
      return new LengthPrefixedFramer(framing, maxFrameBytes);
    case 'slip':
      return new SlipFramer(maxFrameBytes);
    case 'cobs':
      return new CobsFramer(maxFrameBytes);
  }
}

/** @throws {RangeError} when a frame of this framing cannot hold these bytes */
export function encodeFrame(framing: Framing, body: Uint8Array): Uint8Array {
  switch (framing.kind) {
    case 'terminator':
      return Uint8Array.from([...body, ...latin1(framing.terminator)]);
    case 'fixed':
      if (body.length === framing.frameBytes) return body;
      throw new RangeError(`it has ${body.length} bytes, and every frame has ${framing.frameBytes}`);
    case 'length':
      return encodeLengthPrefixed(framing, body);
    case 'slip':
      return encodeSlip(body);
    case 'cobs':
      return encodeCobs(body);
  }
}

/** CR LF is heard from its LF on, so that a device that sends the LF alone is understood too (30). */
function endOf(terminator: string): string {
  return terminator === '\r\n' ? '\n' : terminator;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
