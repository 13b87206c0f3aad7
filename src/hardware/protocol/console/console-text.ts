/**
 * What a console prints: bytes to lines of text as a person would read them, and the line that has not ended.
 *
 * Bytes are put together to lines first and decoded then, as UTF-8 (pitfall 29). Colours and other escape sequences are
 * taken out. Memory is bounded: a line without an end is cut into pieces. Knows nothing of prompts.
 */
import { ByteBuffer } from '#hardware/framing/byte-buffer.ts';

const LF = 0x0a;
/** Four times the longest line that a boot loader prints. */
const MAX_LINE_BYTES = 4096;
/** ECMA-48: control sequences (colours, cursor), and the titles that shells set. */
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

export class ConsoleText {
  readonly #line = new ByteBuffer();
  readonly #decoder = new TextDecoder('utf-8');

  /** The text after the last line end: a prompt, or the beginning of a line. */
  get tail(): string {
    return this.#decode(this.#line.view());
  }

  /** @returns the lines that ended in these bytes, empty ones too */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte !== LF) this.#line.push(byte);
      if (byte === LF || this.#line.length === MAX_LINE_BYTES) lines.push(this.#decode(this.#line.take()));
    }
    return lines;
  }

  #decode(bytes: Uint8Array): string {
    const text = this.#decoder.decode(bytes).replaceAll(ESCAPES, '').replace(/\r+$/, '');
    // What a bare CR goes back to is written over, as progress bars do.
    return text.slice(text.lastIndexOf('\r') + 1).replaceAll(CONTROLS, '');
  }
}
