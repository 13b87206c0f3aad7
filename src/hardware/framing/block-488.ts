/**
 * Answers that may be a block of bytes: `#<n><length><bytes>` and `#0<bytes>` (IEEE 488.2-1992, 8.7.9 and 8.7.10).
 *
 * A block may hold the terminator, so the block decides before the terminator does (pitfall 31). A definite block is
 * believed only when the terminator follows it: a byte that was lost would otherwise be made good by the terminator. A
 * block of unknown length ends where the message ends, which a byte stream cannot show: `end` says it.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';
import { newCounters } from '#hardware/framing/framer.ts';

export type BlockAnswer =
  | { readonly kind: 'block'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** It began with something else; the line as it is, without its end. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array<ArrayBuffer> };

const HASH = 0x23;
const ZERO = 0x30;
const CR = 0x0d;
const LF = 0x0a;

type State =
  /** Between answers; line ends are passed over. */
  | { readonly at: 'start' }
  | { readonly at: 'hash' }
  | { readonly at: 'length'; readonly digits: number; readonly seen: number; readonly length: number }
  | { readonly at: 'data'; readonly length: number }
  /** Whole, and the terminator has to come. */
  | { readonly at: 'close' }
  /** `#0`: ends with the message. */
  | { readonly at: 'open-end' }
  | { readonly at: 'line' }
  /** Not well formed or too long: nothing is believed until `reset`. */
  | { readonly at: 'astray' };

export class BlockFramer {
  readonly counters = newCounters();
  readonly #maxBytes: number;
  readonly #kept = new ByteBuffer();
  #state: State = { at: 'start' };
  #heard = 0;

  constructor(maxBytes: number) {
    if (!(maxBytes >= 1)) throw new RangeError('a block must be allowed at least one byte');
    this.#maxBytes = maxBytes;
  }

  get midFrame(): boolean {
    return this.#state.at !== 'start';
  }

  /** `#0…` has begun: no byte of a stream ends it. */
  get hasNoEnd(): boolean {
    return this.#state.at === 'open-end';
  }

  push(bytes: Uint8Array): BlockAnswer[] {
    const answers: BlockAnswer[] = [];
    for (let at = 0; at < bytes.length;) {
      const state = this.#state;
      if (state.at === 'data') {
        const wanted = Math.min(state.length - this.#kept.length, bytes.length - at);
        this.#kept.append(bytes.subarray(at, at + wanted));
        this.#heard += wanted;
        at += wanted;
        if (this.#kept.length === state.length) this.#state = { at: 'close' };
      } else {
        this.#heard++;
        this.#take(state, bytes[at++]!, answers);
      }
    }
    return answers;
  }

  /** The message has ended, as USBTMC says it: with it ends a block of unknown length, and a block that lacks a terminator. */
  end(): BlockAnswer[] {
    const answers: BlockAnswer[] = [];
    const { at } = this.#state;
    if (at === 'close') this.#give('block', answers);
    else if (at === 'line') this.#give('text', answers);
    else if (at === 'open-end') {
      const bytes = this.#kept.take();
      const isEnded = bytes.at(-1) === LF;
      this.#kept.append(isEnded ? bytes.subarray(0, -1) : bytes);
      this.#give('block', answers);
    } else if (at !== 'start') {
      this.counters.badFrames++;
      this.reset();
    }
    return answers;
  }

  reset(): void {
    this.counters.discardedBytes += this.#heard;
    this.#begin();
  }

  #take(state: State, byte: number, answers: BlockAnswer[]): void {
    switch (state.at) {
      case 'start':
        if (byte === CR || byte === LF) return this.#begin();
        if (byte === HASH) this.#state = { at: 'hash' };
        else this.#keep('line', byte);
        return;
      case 'hash':
        return this.#takeFirstDigit(byte, answers);
      case 'length':
        return this.#takeDigit(state, byte);
      case 'close':
        if (byte === LF) this.#give('block', answers);
        else if (byte !== CR) this.#goAstray('badFrames');
        return;
      case 'open-end':
        return this.#keep('open-end', byte);
      case 'line':
        if (byte === LF) return this.#give('text', answers);
        return this.#keep('line', byte);
    }
  }

  /** `#H1F` is a number and a line of text. */
  #takeFirstDigit(byte: number, answers: BlockAnswer[]): void {
    const digits = byte - ZERO;
    if (digits === 0) this.#state = { at: 'open-end' };
    else if (digits > 0 && digits <= 9) this.#state = { at: 'length', digits, seen: 0, length: 0 };
    else {
      this.#kept.push(HASH);
      this.#state = { at: 'line' };
      this.#take(this.#state, byte, answers);
    }
  }

  #takeDigit(state: Extract<State, { at: 'length' }>, byte: number): void {
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) return this.#goAstray('badFrames');
    const length = state.length * 10 + digit;
    const seen = state.seen + 1;
    if (seen < state.digits) this.#state = { ...state, seen, length };
    else if (length > this.#maxBytes) this.#goAstray('oversizeFrames');
    else this.#state = length === 0 ? { at: 'close' } : { at: 'data', length };
  }

  #keep(at: 'line' | 'open-end', byte: number): void {
    this.#state = { at };
    if (this.#kept.length === this.#maxBytes) this.#goAstray('oversizeFrames');
    else this.#kept.push(byte);
  }

  #give(kind: BlockAnswer['kind'], answers: BlockAnswer[]): void {
    const bytes = this.#kept.take();
    answers.push({ kind, bytes: kind === 'text' && bytes.at(-1) === CR ? bytes.slice(0, -1) : bytes });
    this.counters.frames++;
    this.#begin();
  }

  #goAstray(counter: 'badFrames' | 'oversizeFrames'): void {
    this.counters[counter]++;
    this.#kept.clear();
    this.#state = { at: 'astray' };
  }

  #begin(): void {
    this.#kept.clear();
    this.#heard = 0;
    this.#state = { at: 'start' };
  }
}

/** A definite block, without a terminator. */
export function encodeBlock(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = String(bytes.length);
  const header = `#${length.length}${length}`;
  const block = new Uint8Array(header.length + bytes.length);
  for (let i = 0; i < header.length; i++) block[i] = header.charCodeAt(i);
  block.set(bytes, header.length);
  return block;
}
