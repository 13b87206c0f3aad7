/**
 * COBS: frames that end in a zero byte and have none inside (Cheshire and Baker, IEEE/ACM Transactions on Networking, 1999).
 *
 * A frame that does not decode is thrown away; the next zero is a beginning again, whatever was lost before it.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';
import { newCounters, type Framer } from '#hardware/framing/framer.ts';

/** A code byte of 255 stands for 254 bytes and no zero after them. */
const LONGEST_RUN = 254;

export class CobsFramer implements Framer {
  readonly counters = newCounters();
  readonly #maxFrameBytes: number;
  readonly #begun = new ByteBuffer();
  /** Bytes on the wire of the frame under way, code bytes and all. */
  #heard = 0;
  /** Bytes that the run under way still lacks. */
  #lacking = 0;
  /** A run that another one follows ends in a zero. */
  #owesZero = false;
  #isOversize = false;

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
      if (byte === 0) this.#end(frames);
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
    if (this.#lacking > 0) {
      this.#lacking--;
      this.#keep(byte);
      return;
    }
    if (this.#owesZero) this.#keep(0);
    this.#lacking = byte - 1;
    this.#owesZero = byte <= LONGEST_RUN;
  }

  #keep(byte: number): void {
    if (this.#begun.length === this.#maxFrameBytes) this.#isOversize = true;
    else this.#begun.push(byte);
  }

  #end(frames: Uint8Array[]): void {
    if (this.#lacking > 0) this.counters.badFrames++;
    else if (this.#isOversize) this.counters.oversizeFrames++;
    else if (this.#heard > 0) {
      frames.push(this.#begun.take());
      this.counters.frames++;
      this.#heard = 0;
    }
    this.counters.discardedBytes += this.#heard;
    this.#forget();
  }

  #forget(): void {
    this.#begun.clear();
    this.#heard = 0;
    this.#lacking = 0;
    this.#owesZero = false;
    this.#isOversize = false;
  }
}

/** With the zero that ends it. */
export function encodeCobs(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame: number[] = [];
  let run: number[] = [];
  for (const [at, byte] of body.entries()) {
    if (byte !== 0) run.push(byte);
    if (byte === 0 || (run.length === LONGEST_RUN && at + 1 < body.length)) {
      for (const one of [run.length + 1, ...run]) frame.push(one);
      run = [];
    }
  }
  return Uint8Array.from([...frame, run.length + 1, ...run, 0]);
}
