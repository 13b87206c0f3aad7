/**
 * Bytes that are collected one by one, up to a limit that the owner keeps.
 *
 * Grows as it fills, so that a long limit costs nothing while frames are short. Knows nothing of frames.
 */
/** Answers are short: 256 bytes hold nearly all of them. */
const FIRST_BYTES = 256;

export class ByteBuffer {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(byte: number): void {
    this.#reserve(this.#length + 1);
    this.#bytes[this.#length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(this.#length + bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was collected, for the caller to keep; it is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    if (this.#length === this.#bytes.length) return this.#handOver();
    const taken = this.#bytes.slice(0, this.#length);
    this.clear();
    return taken;
  }

  /** Not a copy: a waveform fills its buffer, and copying it takes longer than all else. */
  #handOver(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes;
    this.#bytes = new Uint8Array(FIRST_BYTES);
    this.#length = 0;
    return taken;
  }

  /** What was collected, as a view that holds until the next change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  dropFirst(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  clear(): void {
    this.#length = 0;
    // A long frame was a rare one: its room is given back.
    if (this.#bytes.length > FIRST_BYTES * 256) this.#bytes = new Uint8Array(FIRST_BYTES);
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
