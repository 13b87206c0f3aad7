/**
 * Pieces to messages, on a wire that says itself where a message ends (USBTMC): no delimiter is looked for.
 *
 * Pure, with bounded memory. Above it: protocol sessions. Knows nothing of what a message means.
 */
const CR = 0x0d;
const LF = 0x0a;

export class MessageFramer {
  /** Messages thrown away because they were longer than allowed. */
  oversizeFrames = 0;
  readonly #maxFrameBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** True while a message has begun and not ended. */
  get midFrame(): boolean {
    return this.#length > 0;
  }

  /** @returns the message that ended with these bytes, without the line end that many devices close it with; else null */
  push(bytes: Uint8Array, isEnd: boolean): Uint8Array | null {
    this.#length += bytes.length;
    if (this.#length <= this.#maxFrameBytes) this.#pieces.push(bytes);
    else this.#pieces = [];
    if (!isEnd) return null;
    const message = this.#length <= this.#maxFrameBytes ? this.#joined() : null;
    if (message === null) this.oversizeFrames++;
    this.reset();
    return message;
  }

  /** Forgets the message that has begun. */
  reset(): void {
    this.#pieces = [];
    this.#length = 0;
  }

  #joined(): Uint8Array {
    const message = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      message.set(piece, at);
      at += piece.length;
    }
    let end = message.length;
    if (message[end - 1] === LF) end--;
    if (message[end - 1] === CR) end--;
    return message.subarray(0, end);
  }
}
