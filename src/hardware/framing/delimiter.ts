/**
 * Bytes to frames by delimiter, and nothing else.
 *
 * Pure, synchronous, incremental: whatever way the input is cut into chunks, the same frames come out (pitfall 29, 30).
 * Above it: protocol sessions, which decode a frame as a whole. Knows nothing of text, commands or time.
 */
import { newCounters, type Framer } from '#hardware/framing/framer.ts';

export interface DelimiterOptions {
  /** Any of these byte sequences ends a frame; the longest that fits wins. */
  readonly terminators: readonly Uint8Array[];
  /** Bytes that a frame may have without its terminator; what is longer is thrown away up to the next terminator. */
  readonly maxFrameBytes: number;
}

const CR = 0x0d;
const LF = 0x0a;

export class DelimiterFramer implements Framer {
  readonly counters = newCounters();
  readonly #terminators: readonly Uint8Array[];
  readonly #maxFrameBytes: number;
  readonly #longest: number;
  #buffer: Uint8Array;
  #length = 0;
  #hasContent = false;
  #oversize = false;

  constructor({ terminators, maxFrameBytes }: DelimiterOptions) {
    if (terminators.length === 0 || terminators.some((bytes) => bytes.length === 0)) {
      throw new RangeError('a delimiter framer needs terminators of at least one byte');
    }
    if (!(maxFrameBytes >= 1)) throw new RangeError('a frame must be allowed at least one byte');
    this.#terminators = [...terminators].sort((a, b) => b.length - a.length);
    this.#longest = this.#terminators[0]?.length ?? 1;
    this.#maxFrameBytes = maxFrameBytes;
    // Answers are short: 256 bytes hold nearly all of them, and the buffer doubles for the rest.
    this.#buffer = new Uint8Array(Math.min(256, maxFrameBytes + this.#longest));
  }

  /** True while a frame has begun and not ended; stray CR and LF between frames do not count. */
  get midFrame(): boolean {
    return this.#hasContent;
  }

  /** @returns the frames that ended in these bytes, without terminator and without CR and LF at either end; none is empty */
  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      this.#append(byte);
      const terminatorLength = this.#terminatorLength();
      if (terminatorLength > 0) this.#end(terminatorLength, frames);
      else if (this.#length >= this.#maxFrameBytes + this.#longest) this.#shorten();
    }
    return frames;
  }

  /** Forgets the frame that has begun. */
  reset(): void {
    this.counters.discardedBytes += this.#length;
    this.#begin();
  }

  #append(byte: number): void {
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#buffer.length * 2, this.#maxFrameBytes + this.#longest));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer[this.#length++] = byte;
    if (byte !== CR && byte !== LF) this.#hasContent = true;
  }

  /** Length of the terminator that the buffer ends with; 0 when it ends with none. */
  #terminatorLength(): number {
    for (const terminator of this.#terminators) {
      const start = this.#length - terminator.length;
      if (start >= 0 && terminator.every((byte, at) => this.#buffer[start + at] === byte)) return terminator.length;
    }
    return 0;
  }

  #end(terminatorLength: number, frames: Uint8Array[]): void {
    let end = this.#length - terminatorLength;
    if (this.#oversize || end > this.#maxFrameBytes) {
      this.counters.oversizeFrames++;
      this.counters.discardedBytes += this.#length;
    } else {
      let start = 0;
      while (start < end && isLineEnd(this.#buffer[start])) start++;
      while (end > start && isLineEnd(this.#buffer[end - 1])) end--;
      if (end > start) {
        frames.push(this.#buffer.slice(start, end));
        this.counters.frames++;
      }
    }
    this.#begin();
  }

  /** Too long already: keeps only as many bytes as a terminator may still need. */
  #shorten(): void {
    this.#oversize = true;
    const kept = this.#longest - 1;
    this.counters.discardedBytes += this.#length - kept;
    this.#buffer.copyWithin(0, this.#length - kept, this.#length);
    this.#length = kept;
  }

  #begin(): void {
    this.#length = 0;
    this.#hasContent = false;
    this.#oversize = false;
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === CR || byte === LF;
}
