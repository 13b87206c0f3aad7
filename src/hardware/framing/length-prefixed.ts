/**
 * Frames that begin with their own length.
 *
 * A length that cannot be means that the beginning was lost. Nothing in such a stream says where the next frame begins,
 * and a guess could be taken for an answer: everything is thrown away until `reset`, after a silence.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';
import { newCounters, type Framer } from '#hardware/framing/framer.ts';

export interface LengthPrefix {
  readonly widthBytes: 1 | 2 | 4;
  readonly endian: 'big' | 'little';
  /** Whether the number counts its own bytes too. */
  readonly includesHeader: boolean;
}

export class LengthPrefixedFramer implements Framer {
  readonly counters = newCounters();
  readonly #prefix: LengthPrefix;
  readonly #maxFrameBytes: number;
  readonly #header = new ByteBuffer();
  readonly #body = new ByteBuffer();
  /** Bytes that the frame under way has after its header; null while its header is not whole. */
  #bodyBytes: number | null = null;
  #isAstray = false;

  constructor(prefix: LengthPrefix, maxFrameBytes: number) {
    if (!(maxFrameBytes >= 1)) throw new RangeError('a frame must be allowed at least one byte');
    this.#prefix = prefix;
    this.#maxFrameBytes = maxFrameBytes;
  }

  get midFrame(): boolean {
    return this.#isAstray || this.#header.length > 0;
  }

  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#isAstray) {
        this.counters.discardedBytes += bytes.length - at;
        break;
      }
      if (this.#bodyBytes === null) {
        this.#header.push(bytes[at++]!);
        if (this.#header.length === this.#prefix.widthBytes) this.#begin();
      } else {
        const wanted = this.#bodyBytes - this.#body.length;
        this.#body.append(bytes.subarray(at, at + wanted));
        at += wanted;
      }
      if (this.#body.length === this.#bodyBytes) this.#end(frames);
    }
    return frames;
  }

  reset(): void {
    this.counters.discardedBytes += this.#header.length + this.#body.length;
    this.#isAstray = false;
    this.#forget();
  }

  #begin(): void {
    const { widthBytes, endian, includesHeader } = this.#prefix;
    const header = [...this.#header.view()];
    const stated = (endian === 'big' ? header : header.toReversed()).reduce((sum, byte) => sum * 256 + byte, 0);
    const bodyBytes = includesHeader ? stated - widthBytes : stated;
    if (bodyBytes < 0) return this.#goAstray('badFrames');
    if (bodyBytes > this.#maxFrameBytes) return this.#goAstray('oversizeFrames');
    this.#bodyBytes = bodyBytes;
  }

  #end(frames: Uint8Array[]): void {
    frames.push(this.#body.take());
    this.counters.frames++;
    this.#forget();
  }

  #goAstray(counter: 'badFrames' | 'oversizeFrames'): void {
    this.counters[counter]++;
    this.counters.discardedBytes += this.#header.length;
    this.#isAstray = true;
    this.#forget();
  }

  #forget(): void {
    this.#header.clear();
    this.#body.clear();
    this.#bodyBytes = null;
  }
}

export function encodeLengthPrefixed({ widthBytes, endian, includesHeader }: LengthPrefix, body: Uint8Array) {
  const stated = body.length + (includesHeader ? widthBytes : 0);
  if (stated >= 256 ** widthBytes) throw new RangeError(`a length of ${stated} does not fit into ${widthBytes} bytes`);
  const frame = new Uint8Array(widthBytes + body.length);
  for (let i = 0; i < widthBytes; i++) {
    const weight = endian === 'big' ? widthBytes - 1 - i : i;
    frame[i] = Math.floor(stated / 256 ** weight) % 256;
  }
  frame.set(body, widthBytes);
  return frame;
}
