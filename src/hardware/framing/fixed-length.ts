/**
 * Frames that all have the same length, and nothing that marks where they begin.
 *
 * What was lost shifts every frame that follows; only `reset`, after a silence, finds the beginning again.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';
import { newCounters, type Framer } from '#hardware/framing/framer.ts';

export class FixedLengthFramer implements Framer {
  readonly counters = newCounters();
  readonly #frameBytes: number;
  readonly #begun = new ByteBuffer();

  constructor(frameBytes: number) {
    if (!(frameBytes >= 1)) throw new RangeError('a frame of fixed length needs at least one byte');
    this.#frameBytes = frameBytes;
  }

  get midFrame(): boolean {
    return this.#begun.length > 0;
  }

  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const wanted = this.#frameBytes - this.#begun.length;
      this.#begun.append(bytes.subarray(at, at + wanted));
      at += wanted;
      if (this.#begun.length < this.#frameBytes) break;
      frames.push(this.#begun.take());
      this.counters.frames++;
    }
    return frames;
  }

  reset(): void {
    this.counters.discardedBytes += this.#begun.length;
    this.#begun.clear();
  }
}
