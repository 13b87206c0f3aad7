/**
 * The twin of `label-printer`: it keeps what it printed, and says of itself that it is ready.
 *
 * What `bench.yaml` answers to `~HS` goes before, its strings between semicolons, so that a printer without labels can be tried.
 * One write is one label, or one command that begins with `~`.
 */
import type { Twin, TwinReply, TwinSpeech } from '#hardware/instrument/twin.ts';
import { bytesFromLatin1 } from '#hardware/protocol/byte-text.ts';
import { HOST_STATUS } from '#hardware/protocol/printer/host-status.ts';

const READY = ['030,0,0,0812,000,0,0,0,000,0,0,0', '000,0,0,0,0,2,4,0,00000000,1,000', '1234,0'].join(';');
/** Of ZPL: as many labels as there are formats in what was sent. */
const FORMAT = /\^XA[\s\S]*?\^XZ/gi;
const COMMAND = /^(~[^\r\n]*)\r?\n$/;

export class LabelPrinterTwin implements Twin, TwinSpeech {
  readonly #onPrinted: (label: string) => void;

  /** @param onPrinted told of every label, as it came */
  constructor(onPrinted: (label: string) => void) {
    this.#onPrinted = onPrinted;
  }

  get speech(): TwinSpeech {
    return this;
  }

  begin(): void {}

  hear(bytes: Uint8Array): string[] {
    const text = new TextDecoder().decode(bytes);
    const command = COMMAND.exec(text)?.[1];
    if (command !== undefined) return [command];
    for (const label of text.match(FORMAT) ?? [text]) this.#onPrinted(label);
    return [];
  }

  reply(command: string): TwinReply | undefined {
    return command === HOST_STATUS ? { text: READY } : undefined;
  }

  say({ text, raw }: TwinReply): Uint8Array | null {
    if (raw || text === undefined) return raw ?? null;
    return Uint8Array.from(
      text.split(';').flatMap((string) => [0x02, ...(bytesFromLatin1(string) ?? []), 0x03, 0x0d, 0x0a]),
    );
  }
}
