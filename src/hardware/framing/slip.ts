/**
 * SLIP: frames between END bytes, with END and ESC inside them escaped (RFC 1055).
 *
 * An escape that the RFC does not know is damage: the frame is thrown away, where the RFC's own example code lets it
 * pass. The next END is a beginning again, whatever was lost before it.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';
import { newCounters, type Framer } from '#hardware/framing/framer.ts';

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

export class SlipFramer implements Framer {
  readonly counters = newCounters();
  readonly #maxFrameBytes: number;
  readonly #begun = new ByteBuffer();
  /** Bytes on the wire of the frame under way, escapes and all. */
  #heard = 0;
  #isEscaped = false;
  #trouble: 'badFrames' | 'oversizeFrames' | null = null;

  constructor(maxFrameBytes: number) {
    if (!(maxFrameBytes >= 1)) throw new RangeError('a frame must be allowed at least one byte');
    this.#maxFrameBytes = maxFrameBytes;
  }

  get midFrame(): boolean {
    return this.#heard > 0;
  }

  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === END) this.#end(frames);
      else this.#take(byte);
    }
    return frames;
  }

  reset(): void {
    this.counters.discardedBytes += this.#heard;
    this.#forget();
  }

  #take(byte: number): void {
    this.#heard++;
    if (this.#trouble !== null) return;
    if (!this.#isEscaped && byte === ESC) {
      this.#isEscaped = true;
      return;
    }
    const meant = this.#isEscaped ? unescaped(byte) : byte;
    this.#isEscaped = false;
    if (meant === null) this.#trouble = 'badFrames';
    else if (this.#begun.length === this.#maxFrameBytes) this.#trouble = 'oversizeFrames';
    else this.#begun.push(meant);
  }

  #end(frames: Uint8Array[]): void {
    if (this.#isEscaped) this.#trouble ??= 'badFrames';
    if (this.#trouble !== null) {
      this.counters[this.#trouble]++;
      this.counters.discardedBytes += this.#heard;
    } else if (this.#begun.length > 0) {
      frames.push(this.#begun.take());
      this.counters.frames++;
    }
    this.#forget();
  }

  #forget(): void {
    this.#begun.clear();
    this.#heard = 0;
    this.#isEscaped = false;
    this.#trouble = null;
  }
}

/** END goes first too: it ends whatever noise the line has had (RFC 1055, “PROTOCOL”). */
export function encodeSlip(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = [END];
  for (const byte of body) {
    if (byte === END) frame.push(ESC, ESC_END);
    else if (byte === ESC) frame.push(ESC, ESC_ESC);
    else frame.push(byte);
  }
  return Uint8Array.from([...frame, END]);
}

function unescaped(byte: number): number | null {
  if (byte === ESC_END) return END;
  return byte === ESC_ESC ? ESC : null;
}
