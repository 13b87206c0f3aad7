/**
 * Pieces to messages, on a wire that says itself where a message ends (USBTMC): no delimiter is looked for.
 *
 * Pure, with bounded memory. Above it: protocol sessions. Knows nothing of what a message means.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';
import { newCounters, type Framer } from '#hardware/framing/framer.ts';

const CR = 0x0d;
const LF = 0x0a;

export class MessageFramer implements Framer {
  readonly counters = newCounters();
  readonly #maxFrameBytes: number;
  readonly #kept = new ByteBuffer();
  #heard = 0;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  get midFrame(): boolean {
    return this.#heard > 0;
  }

  /** @returns nothing: only `end` ends a message */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#heard += bytes.length;
    if (this.#heard <= this.#maxFrameBytes) this.#kept.append(bytes);
    else this.#kept.clear();
    return [];
  }

  /** The message has ended. @returns it, without the line end that many devices close it with; none when it was too long or empty */
  end(): Uint8Array[] {
    if (this.#heard > this.#maxFrameBytes) {
      this.counters.oversizeFrames++;
      this.reset();
      return [];
    }
    const message = this.#kept.take();
    this.#heard = 0;
    let length = message.length;
    if (message[length - 1] === LF) length--;
    if (message[length - 1] === CR) length--;
    if (length === 0) return [];
    this.counters.frames++;
    return [message.subarray(0, length)];
  }

  reset(): void {
    this.counters.discardedBytes += this.#heard;
    this.#kept.clear();
    this.#heard = 0;
  }
}
