/**
 * The far end of a line whose frames are not lines: the simulated bench answers by command, this puts it into frames.
 *
 * Knows no command of its own.
 */
import type { Twin, TwinReply, TwinSpeech } from '#hardware/instrument/twin.ts';
import type { Framer } from '#hardware/framing/framer.ts';
import { createFramer, encodeFrame, type Framing } from '#hardware/framing/framing.ts';
import { bytesFromHex, bytesFromLatin1, hexFromBytes, latin1FromBytes } from '#hardware/protocol/byte-text.ts';
import type { Coding } from '#hardware/protocol/line-link.ts';

/** Longer than any command of a procedure. */
const MAX_COMMAND_BYTES = 65_536;

export class FramedTwin implements Twin, TwinSpeech {
  readonly #framing: Framing;
  readonly #coding: Coding;
  #framer: Framer;

  constructor(framing: Framing, coding: Coding) {
    this.#framing = framing;
    this.#coding = coding;
    this.#framer = createFramer(framing, MAX_COMMAND_BYTES);
  }

  get speech(): TwinSpeech {
    return this;
  }

  begin(): void {
    this.#framer.reset();
  }

  hear(bytes: Uint8Array): string[] {
    return this.#framer.push(bytes).map(this.#coding === 'hex' ? hexFromBytes : latin1FromBytes);
  }

  /** What `bench.yaml` states and no frame can hold stays unsaid. */
  say({ text, raw }: TwinReply): Uint8Array | null {
    if (raw || text === undefined) return raw ?? null;
    const bytes = (this.#coding === 'hex' ? bytesFromHex(text) : null) ?? bytesFromLatin1(text);
    return bytes && encodeFrame(this.#framing, bytes);
  }
}
