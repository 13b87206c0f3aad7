/**
 * WCH's CH340 and CH341.
 *
 * WCH publishes no description; requests and the rate's equation are those in the comments of Linux's ch341.c:
 * rate = 48 MHz / (2^(12 - 3 prescale - factor) x divisor). Above it: bulk-transport.ts. The chip tells no line errors.
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { BulkChip } from '#hardware/transport/usb/bulk-transport.ts';
import { RefusedRequest, type ControlPipe } from '#hardware/transport/usb/control-pipe.ts';
import { cannot, demandRate } from '#hardware/transport/usb/serial-chips/chip-faults.ts';

/** Vendor and product; the later CH343 and CH9102 are CDC-ACM. */
export const CH34X_IDS: readonly string[] = ['1a86:7523', '1a86:7522', '1a86:5523', '1a86:e523', '4348:5523'];

const READ_VERSION = 0x5f;
const READ_REGISTER = 0x95;
const WRITE_REGISTER = 0x9a;
const SERIAL_INIT = 0xa1;
const MODEM_CONTROL = 0xa4;
/** Two registers are written at once: their numbers make the value of the request, their contents its index. */
const DIVISOR_AND_PRESCALER = 0x1312;
const LINE_CONTROL = 0x2518;
const BREAK_REGISTER = 0x0005;
/** Without it the chip holds bytes back until a packet of 32 is full; older chips take the bit amiss. */
const SEND_AT_ONCE = 1 << 7;
const HOLDS_BACK_UP_TO_VERSION = 0x27;
/** Chips before this one have no register for data bits, parity and stop bits. */
const LINE_CONTROL_FROM_VERSION = 0x30;
const DTR = 1 << 5;
const RTS = 1 << 6;
const RECEIVE_AND_TRANSMIT = 0xc0;
const DATA_BITS = { 7: 0x02, 8: 0x03 } as const;
const STOP_BITS = { 1: 0, 2: 0x04 } as const;
const PARITY = { none: 0, odd: 0x08, even: 0x18 } as const;
const CLOCK_HZ = 48_000_000;
const NAME = 'CH34x';

interface Rate {
  /** Divisor in the high byte, as 256 less it; factor and prescale in the low one. */
  readonly code: number;
  readonly actual: number;
}

/** @param isLimited chips without a break register take the factor only with the largest prescale */
export function ch34xDivisor(baudRate: number, isLimited: boolean): Rate | null {
  const rates: Rate[] = [];
  // Of two that are equally near, the one with the slower clock reads better: factor 0 comes first.
  for (const factor of [0, 1]) {
    for (let prescale = 3; prescale >= 0; prescale--) {
      if (isLimited && prescale < 3 && factor === 1) continue;
      const baseHz = CLOCK_HZ / 2 ** (12 - 3 * prescale - factor);
      const divisor = Math.round(baseHz / baudRate);
      if (divisor > 256 || divisor < (factor === 1 ? 9 : 2)) continue;
      rates.push({ code: ((256 - divisor) << 8) | (factor << 2) | prescale, actual: baseHz / divisor });
    }
  }
  const miss = ({ actual }: Rate) => Math.abs(actual - baudRate);
  return rates.reduce<Rate | null>((best, rate) => (best && miss(best) <= miss(rate) ? best : rate), null);
}

export class Ch34x implements BulkChip {
  readonly #control: ControlPipe;
  readonly #settings: SerialSettings;

  constructor(control: ControlPipe, settings: SerialSettings) {
    this.#control = control;
    this.#settings = settings;
  }

  async start(): Promise<void> {
    const { baudRate, dataBits, parity, stopBits, flowControl } = this.#settings;
    if (flowControl === 'hardware')
      throw cannot(
        NAME,
        'do hardware flow control here',
        'Set `flow_control: none` in the procedure, or use another adapter.',
      );
    const [version = 0] = await this.#read(READ_VERSION, 0);
    const isPlain = dataBits === 8 && parity === 'none' && stopBits === 1;
    if (version < LINE_CONTROL_FROM_VERSION && !isPlain)
      throw cannot(NAME, 'do anything but 8 data bits, no parity and one stop bit', 'Use another adapter.');
    const rate = ch34xDivisor(baudRate, await this.#isLimited());
    demandRate(NAME, baudRate, rate?.actual ?? Number.NaN);
    await this.#write(SERIAL_INIT, 0, 0);
    const atOnce = version > HOLDS_BACK_UP_TO_VERSION ? SEND_AT_ONCE : 0;
    await this.#write(WRITE_REGISTER, DIVISOR_AND_PRESCALER, rate!.code | atOnce);
    if (version >= LINE_CONTROL_FROM_VERSION)
      await this.#write(
        WRITE_REGISTER,
        LINE_CONTROL,
        RECEIVE_AND_TRANSMIT | DATA_BITS[dataBits] | STOP_BITS[stopBits] | PARITY[parity],
      );
    await this.#setLines(DTR | RTS);
  }

  async stop(): Promise<void> {
    await this.#setLines(0);
  }

  decode(bytes: Uint8Array): readonly [Uint8Array] {
    return [bytes];
  }

  async #isLimited(): Promise<boolean> {
    try {
      await this.#read(READ_REGISTER, BREAK_REGISTER);
      return false;
    } catch (thrown) {
      if (thrown instanceof RefusedRequest) return true;
      throw thrown;
    }
  }

  /** The lines are low where their bit is 0, so they are written inverted. */
  #setLines(lines: number): Promise<void> {
    return this.#write(MODEM_CONTROL, ~lines & 0xffff, 0);
  }

  #read(request: number, value: number): Promise<Uint8Array> {
    return this.#control.read({ requestType: 'vendor', recipient: 'device', request, value, index: 0 }, 2);
  }

  #write(request: number, value: number, index: number): Promise<void> {
    return this.#control.write({ requestType: 'vendor', recipient: 'device', request, value, index });
  }
}
