/**
 * CDC-ACM: the serial port that USB itself defines, as most microcontrollers with USB of their own have it.
 *
 * Requests and notifications: USB CDC PSTN 1.2, 6.3 and 6.5. Above it: bulk-transport.ts. A device that has no line to
 * set may refuse the requests, and then needs none of them.
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { LineError } from '#hardware/transport/transport.ts';
import type { BulkChip } from '#hardware/transport/usb/bulk-transport.ts';
import { RefusedRequest, type ControlPipe } from '#hardware/transport/usb/control-pipe.ts';

const SET_LINE_CODING = 0x20;
const SET_CONTROL_LINE_STATE = 0x22;
const DTR_AND_RTS = 0x03;
const SERIAL_STATE = 0x20;
const TO_INTERFACE = { requestType: 'class', recipient: 'interface' } as const;
/** Table 17, PSTN 1.2. */
const STOP_BITS = { 1: 0, 2: 2 } as const;
const PARITY = { none: 0, odd: 1, even: 2 } as const;
/** Table 31, PSTN 1.2: bits of the state that say that bytes were damaged. */
const ERRORS: readonly (readonly [bit: number, error: LineError])[] = [
  [1 << 2, 'break'],
  [1 << 4, 'framing'],
  [1 << 5, 'parity'],
  [1 << 6, 'overrun'],
];
/** A notification's head is eight bytes, its state the two after them. */
const STATE_AT = 8;

/** As SET_LINE_CODING takes it: rate (little-endian), stop bits, parity, data bits. */
export function lineCoding({ baudRate, stopBits, parity, dataBits }: SerialSettings): Uint8Array<ArrayBuffer> {
  const coding = new DataView(new ArrayBuffer(7));
  coding.setUint32(0, baudRate, true);
  coding.setUint8(4, STOP_BITS[stopBits]);
  coding.setUint8(5, PARITY[parity]);
  coding.setUint8(6, dataBits);
  return new Uint8Array(coding.buffer);
}

export class CdcAcm implements BulkChip {
  readonly #control: ControlPipe;
  readonly #settings: SerialSettings;

  constructor(control: ControlPipe, settings: SerialSettings) {
    this.#control = control;
    this.#settings = settings;
  }

  async start(): Promise<void> {
    const setLineCoding = { ...TO_INTERFACE, request: SET_LINE_CODING, value: 0 };
    await this.#control.write(setLineCoding, lineCoding(this.#settings)).catch(unlessRefused);
    await this.#setLines(DTR_AND_RTS);
  }

  async stop(): Promise<void> {
    await this.#setLines(0);
  }

  decode(bytes: Uint8Array): readonly [Uint8Array] {
    return [bytes];
  }

  notified(bytes: Uint8Array): readonly LineError[] {
    if (bytes[1] !== SERIAL_STATE) return [];
    const state = bytes[STATE_AT] ?? 0;
    return ERRORS.flatMap(([bit, error]) => (state & bit ? [error] : []));
  }

  async #setLines(lines: number): Promise<void> {
    await this.#control.write({ ...TO_INTERFACE, request: SET_CONTROL_LINE_STATE, value: lines }).catch(unlessRefused);
  }
}

function unlessRefused(thrown: unknown): void {
  if (!(thrown instanceof RefusedRequest)) throw thrown;
}
