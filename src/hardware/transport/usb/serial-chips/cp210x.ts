/**
 * Silicon Labs' CP2101 to CP2110.
 *
 * Requests: Silicon Labs AN571 (CP210x Virtual COM Port Interface); events among the bytes: the same and Linux's
 * cp210x.c, which uses them in the same case. Above it: bulk-transport.ts. Line errors are told only where parity is checked,
 * since a chip that tells them sends one byte value as two.
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { LineError } from '#hardware/transport/transport.ts';
import type { BulkChip } from '#hardware/transport/usb/bulk-transport.ts';
import type { ControlPipe } from '#hardware/transport/usb/control-pipe.ts';

export const CP210X_VENDOR = 0x10c4;
/** As the chips leave the factory: one port, two, four. */
export const CP210X_PRODUCTS: readonly number[] = [0xea60, 0xea61, 0xea63, 0xea70, 0xea71, 0xea7a, 0xea7b];

const IFC_ENABLE = 0x00;
const SET_LINE_CTL = 0x03;
const SET_MHS = 0x07;
const PURGE = 0x12;
const SET_FLOW = 0x13;
const EMBED_EVENTS = 0x15;
const SET_BAUDRATE = 0x1e;
/** High byte: which lines to change; low byte: their new state. DTR is bit 0, RTS is bit 1. */
const LINES_ON = 0x0303;
const LINES_OFF = 0x0300;
const BOTH_QUEUES = 0x000f;
const PARITY = { none: 0, odd: 1, even: 2 } as const;
const STOP_BITS = { 1: 0, 2: 2 } as const;
/** Of SET_FLOW: DTR on; CTS holds sending back; RTS on, or RTS by the fill of the chip's buffer. */
const DTR_ACTIVE = 0x01;
const CTS_HANDSHAKE = 0x08;
const RTS_ACTIVE = 0x40;
const RTS_FLOW_CONTROL = 0x80;
/** Bytes of room at which the chip says stop and go; as Linux sets them. */
const ROOM_BYTES = 128;
/** A byte that is rare in text and in erased memory, as Linux has it. */
const ESCAPE = 0xec;
const ERRORS: readonly (readonly [bit: number, error: LineError])[] = [
  [1 << 4, 'break'],
  [1 << 3, 'framing'],
  [1 << 2, 'parity'],
  [1 << 1, 'overrun'],
];

/** What stands behind an escape: the escape itself, a line state with its byte, a line state alone, the modem's state. */
type Expected = 'data' | 'kind' | 'state-and-byte' | 'byte' | 'state' | 'modem';
const KINDS: readonly Expected[] = ['data', 'state-and-byte', 'state', 'modem'];

export function flowControlOf({ flowControl }: SerialSettings): Uint8Array<ArrayBuffer> {
  const isHardware = flowControl === 'hardware';
  const flow = new DataView(new ArrayBuffer(16));
  flow.setUint32(0, DTR_ACTIVE | (isHardware ? CTS_HANDSHAKE : 0), true);
  flow.setUint32(4, isHardware ? RTS_FLOW_CONTROL : RTS_ACTIVE, true);
  flow.setUint32(8, ROOM_BYTES, true);
  flow.setUint32(12, ROOM_BYTES, true);
  return new Uint8Array(flow.buffer);
}

export class Cp210x implements BulkChip {
  readonly #control: ControlPipe;
  readonly #settings: SerialSettings;
  readonly #hasEvents: boolean;
  #expected: Expected = 'data';

  constructor(control: ControlPipe, settings: SerialSettings) {
    this.#control = control;
    this.#settings = settings;
    this.#hasEvents = settings.parity !== 'none';
  }

  async start(): Promise<void> {
    const { baudRate, dataBits, parity, stopBits } = this.#settings;
    this.#expected = 'data';
    await this.#send(IFC_ENABLE, 1);
    const rate = new DataView(new ArrayBuffer(4));
    rate.setUint32(0, baudRate, true);
    await this.#send(SET_BAUDRATE, 0, new Uint8Array(rate.buffer));
    await this.#send(SET_LINE_CTL, (dataBits << 8) | (PARITY[parity] << 4) | STOP_BITS[stopBits]);
    await this.#send(SET_FLOW, 0, flowControlOf(this.#settings));
    await this.#send(SET_MHS, LINES_ON);
    await this.#send(EMBED_EVENTS, this.#hasEvents ? ESCAPE : 0);
  }

  async stop(): Promise<void> {
    await this.#send(SET_MHS, LINES_OFF);
    await this.#send(PURGE, BOTH_QUEUES);
    await this.#send(IFC_ENABLE, 0);
  }

  decode(bytes: Uint8Array): readonly (Uint8Array | LineError)[] {
    if (!this.#hasEvents) return [bytes];
    const parts: (Uint8Array | LineError)[] = [];
    let plain: number[] = [];
    const flush = () => {
      if (plain.length > 0) parts.push(Uint8Array.from(plain));
      plain = [];
    };
    for (const byte of bytes) {
      switch (this.#expected) {
        case 'data':
          if (byte === ESCAPE) this.#expected = 'kind';
          else plain.push(byte);
          break;
        case 'kind':
          if (byte === 0) plain.push(ESCAPE);
          this.#expected = KINDS[byte] ?? 'data';
          break;
        case 'byte':
          // Not escaped, whatever its value.
          plain.push(byte);
          this.#expected = 'data';
          break;
        case 'modem':
          this.#expected = 'data';
          break;
        default:
          // The state of a line, alone or before the byte that it is about.
          flush();
          parts.push(...errorsOf(byte));
          this.#expected = this.#expected === 'state-and-byte' ? 'byte' : 'data';
      }
    }
    flush();
    return parts;
  }

  #send(request: number, value: number, data?: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#control.write({ requestType: 'vendor', recipient: 'interface', request, value }, data);
  }
}

function errorsOf(lineState: number): LineError[] {
  return ERRORS.flatMap(([bit, error]) => (lineState & bit ? [error] : []));
}
