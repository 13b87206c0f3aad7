/**
 * FTDI's adapters: FT232B/R/H, FT2232, FT4232, FT-X and what is built on them.
 *
 * Divisors: FTDI application note AN232B-05; requests and status bytes: the description in Linux's ftdi_sio.h, which
 * FTDI provided. Above it: bulk-transport.ts. An adapter holds short answers back until its latency timer runs out or the event
 * character comes (38, AN232B-04): a line feed is sent on at once, anything else after LATENCY_MS.
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { LineError } from '#hardware/transport/transport.ts';
import type { BulkChip } from '#hardware/transport/usb/bulk-transport.ts';
import type { ControlPipe } from '#hardware/transport/usb/control-pipe.ts';
import { demandRate } from '#hardware/transport/usb/serial-chips/chip-faults.ts';
import type { UsbDeviceLike } from '#hardware/transport/usb/usb-device.ts';
import type { TwoWayFunction } from '#hardware/transport/usb/usb-function.ts';

export const FTDI_VENDOR = 0x0403;

const RESET = 0;
const SET_MODEM_CONTROL = 1;
const SET_FLOW_CONTROL = 2;
const SET_BAUD_RATE = 3;
const SET_DATA = 4;
const SET_EVENT_CHARACTER = 6;
const SET_LATENCY_TIMER = 9;
const RTS_CTS = 0x0100;
/** High byte: which lines to change; low byte: their new state. DTR is bit 0, RTS is bit 1. */
const LINES_ON = 0x0303;
const LINES_OFF = 0x0300;
const LINE_FEED_SENDS = 0x0100 | 0x0a;
/** The factory's 16 ms costs 16 s in 1000 short answers; 1 ms wakes the browser a thousand times a second for nothing. */
const LATENCY_MS = 4;
const PARITY = { none: 0, odd: 1, even: 2 } as const;
const STOP_BITS = { 1: 0, 2: 2 } as const;
/** Every packet begins with the modem's state and the line's. */
const STATUS_BYTES = 2;
const ERRORS: readonly (readonly [bit: number, error: LineError])[] = [
  [1 << 4, 'break'],
  [1 << 3, 'framing'],
  [1 << 2, 'parity'],
  [1 << 1, 'overrun'],
];
/** AN232B-05: the eighths of a divisor 0, 1/8 … 7/8 as the chip codes them. */
const EIGHTHS = [0, 3, 2, 4, 1, 5, 6, 7];
/** First byte of the device's version: FT2232C, FT2232H, FT4232H have several ports; from 7 to 9 the clock is faster. */
const SEVERAL_PORTS = [5, 7, 8];
const FAST_CLOCK = [7, 8, 9];
const FAST_CLOCK_FROM_BAUD = 1200;
const CLOCK_HZ = 48_000_000;
const FAST_CLOCK_HZ = 120_000_000;

/** What SET_BAUD_RATE takes, 18 bits, and the rate that comes of it. */
export function ftdiDivisor(baudRate: number, hasFastClock: boolean): { code: number; actual: number } {
  const isFast = hasFastClock && baudRate >= FAST_CLOCK_FROM_BAUD;
  // In eighths of the clock behind its fixed divider: by 16, or by 10 of the fast one.
  const eighthsHz = isFast ? (FAST_CLOCK_HZ * 8) / 10 : CLOCK_HZ / 2;
  const eighths = Math.max(8, Math.min(0x3fff * 8 + 7, Math.round(eighthsHz / baudRate)));
  const actual = eighthsHz / (eighths === 12 ? 12 : eighths < 16 ? 8 : eighths);
  // Two divisors below 2 have codes of their own; between 1 and 2 there is only 1.5.
  const code = eighths === 12 ? 1 : eighths < 16 ? 0 : (eighths >> 3) | (EIGHTHS[eighths & 7]! << 14);
  return { code: isFast ? code | 0x2_0000 : code, actual };
}

export class Ftdi implements BulkChip {
  readonly #control: ControlPipe;
  readonly #settings: SerialSettings;
  readonly #packetSize: number;
  readonly #hasFastClock: boolean;
  /** In the low byte of a request's index: 1, 2 … for a chip of several ports, else 0. */
  readonly #port: number;
  /** The line's state in the packet before. */
  #line = 0;

  constructor(control: ControlPipe, settings: SerialSettings, device: UsbDeviceLike, fn: TwoWayFunction) {
    this.#control = control;
    this.#settings = settings;
    this.#packetSize = fn.bulkIn.packetSize;
    this.#hasFastClock = FAST_CLOCK.includes(device.deviceVersionMajor);
    this.#port = SEVERAL_PORTS.includes(device.deviceVersionMajor) ? fn.data + 1 : 0;
  }

  async start(): Promise<void> {
    const { baudRate, dataBits, parity, stopBits, flowControl } = this.#settings;
    const { code, actual } = ftdiDivisor(baudRate, this.#hasFastClock);
    demandRate('FTDI', baudRate, actual);
    await this.#request(RESET, 0);
    // The upper bits of the divisor share the index with the port, where there are several ports.
    const upper = code >> 16;
    const index = this.#port > 0 || this.#hasFastClock ? (upper << 8) | this.#port : upper;
    await this.#send(SET_BAUD_RATE, code & 0xffff, index);
    await this.#request(SET_DATA, dataBits | (PARITY[parity] << 8) | (STOP_BITS[stopBits] << 11));
    await this.#send(SET_FLOW_CONTROL, 0, (flowControl === 'hardware' ? RTS_CTS : 0) | this.#port);
    await this.#request(SET_LATENCY_TIMER, LATENCY_MS);
    await this.#request(SET_EVENT_CHARACTER, LINE_FEED_SENDS);
    await this.#request(SET_MODEM_CONTROL, LINES_ON);
  }

  async stop(): Promise<void> {
    await this.#request(SET_MODEM_CONTROL, LINES_OFF);
  }

  decode(bytes: Uint8Array): readonly (Uint8Array | LineError)[] {
    const parts: (Uint8Array | LineError)[] = [];
    for (let at = 0; at + STATUS_BYTES <= bytes.length; at += this.#packetSize) {
      const line = bytes[at + 1] ?? 0;
      const data = bytes.subarray(at + STATUS_BYTES, at + this.#packetSize);
      if (data.length > 0) parts.push(data);
      // Which of its bytes was damaged is not said: the error comes behind them. An empty packet repeats the last state.
      const news = data.length > 0 ? line : line & ~this.#line;
      for (const [bit, error] of ERRORS) if (news & bit) parts.push(error);
      this.#line = line;
    }
    return parts;
  }

  #request(request: number, value: number): Promise<void> {
    return this.#send(request, value, this.#port);
  }

  #send(request: number, value: number, index: number): Promise<void> {
    return this.#control.write({ requestType: 'vendor', recipient: 'device', request, value, index });
  }
}
