/**
 * Bytes of a barcode scanner to codes: what came whole between two line ends, and nothing else.
 *
 * Pure but for the times handed in. Below: framing's delimiter. Above: bench/scanner.ts, which has the wire. Knows nothing
 * of what a code says, nor what a scanner may put around it.
 */
import { DelimiterFramer } from '#hardware/framing/delimiter.ts';

/** CR, LF and ETX: scanners leave the works with one of these, or CR LF. */
const ENDS = [0x0d, 0x0a, 0x03];
/** The largest QR code holds 4296 letters and digits (ISO/IEC 18004, version 40-L); no other code on a label holds more. */
const LONGEST_CODE_BYTES = 4296;
/** A scanner sends a code in one go, also over radio: what has not gone on by now never will. */
const SILENCE_MS = 500;
/** Controls that codes have in them: tab, what frames a message, and the separators of ISO/IEC 15434 and GS1. */
const CONTROLS_OF_CODES = '\t\u0002\u0003\u0004\u001c\u001d\u001e\u001f';

export class ScanReader {
  readonly #framer = new DelimiterFramer({
    terminators: ENDS.map((end) => Uint8Array.of(end)),
    maxFrameBytes: LONGEST_CODE_BYTES,
  });
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  #heardAtMs = -Infinity;
  /** A code has begun and not ended. */
  #isWithin = false;
  /**
   * What comes is thrown away up to the next end. `half`: a code has begun, and its tail would be another unit's number,
   * however late it comes. `maybe`: something was damaged between two codes; after a silence the next one is whole.
   */
  #torn: 'half' | 'maybe' | null = null;

  /** @param atMs monotonic @returns the codes that ended in these bytes */
  push(bytes: Uint8Array, atMs: number): string[] {
    if (bytes.length === 0) return [];
    this.#hear(atMs);
    let rest = bytes;
    if (this.#torn) {
      const end = bytes.findIndex((byte) => ENDS.includes(byte));
      if (end < 0) {
        // Whatever was damaged, a code has begun by now.
        this.#torn = 'half';
        return [];
      }
      this.#torn = null;
      rest = bytes.subarray(end + 1);
    }
    if (rest.length > 0) this.#isWithin = !ENDS.includes(rest.at(-1)!);
    return this.#framer.push(rest).flatMap((frame) => this.#read(frame) ?? []);
  }

  /** Bytes were lost or damaged about now: half a code would be another unit's number. */
  tear(atMs: number): void {
    this.#hear(atMs);
    this.#drop(this.#isWithin ? 'half' : 'maybe');
  }

  #hear(atMs: number): void {
    if (atMs - this.#heardAtMs > SILENCE_MS) {
      if (this.#isWithin) this.#drop('half');
      else if (this.#torn === 'maybe') this.#torn = null;
    }
    this.#heardAtMs = atMs;
  }

  #drop(torn: 'half' | 'maybe'): void {
    this.#framer.reset();
    this.#isWithin = false;
    this.#torn = this.#torn === 'half' ? 'half' : torn;
  }

  /** @returns null for what is no text: noise, or another baud rate */
  #read(frame: Uint8Array): string | null {
    let text: string;
    try {
      text = this.#utf8.decode(frame);
    } catch {
      return null;
    }
    const isNoise = [...text].some((one) => /\p{Cc}/u.test(one) && !CONTROLS_OF_CODES.includes(one));
    return isNoise ? null : text;
  }
}
