/**
 * One USB device for all who use a function of it: opened by the first, closed by the last, one change at a time.
 *
 * WebUSB refuses a change of state while another is under way, and knows one `open` a device however many interfaces
 * are in use. Above it: usb-transport.ts. Knows nothing of transfers.
 */
import type { Clock } from '#base/clock.ts';
import { Turns } from '#base/turns.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import type { UsbDeviceLike } from '#hardware/transport/usb/usb-device.ts';
import { claimFault, openFault } from '#hardware/transport/usb/usb-error.ts';
import type { UsbFunction } from '#hardware/transport/usb/usb-function.ts';

/**
 * `close()` resolves before the node is closed, so a claim right after it can fail: about 1 in 100, and 1 in 5 when a
 * transfer was pending (Chromium 156 on Linux). 5 ms later it mostly does not; a loaded machine takes longer.
 */
const CLAIM_DELAYS_MS = [5, 10, 25, 50, 100];
/** After a plug the node may not be there yet, or not be this user's yet (browser-hardware, 2.1). */
const AFTER_PLUG_DELAYS_MS = [100, 250, 500, 1000];

const seats = new WeakMap<UsbDeviceLike, DeviceSeat>();

export interface ClaimOptions {
  readonly clock: Clock;
  readonly system: HostSystem;
  readonly label: string;
  /** The device has just arrived: a refusal to open is tried again a few times. */
  readonly justPlugged: boolean;
  readonly signal: AbortSignal;
}

export class DeviceSeat {
  readonly #device: UsbDeviceLike;
  readonly #turns = new Turns();
  #users = 0;

  static of(device: UsbDeviceLike): DeviceSeat {
    const known = seats.get(device);
    if (known) return known;
    const seat = new DeviceSeat(device);
    seats.set(device, seat);
    return seat;
  }

  private constructor(device: UsbDeviceLike) {
    this.#device = device;
  }

  /** Claims the interfaces of a function. Every call is followed by one of `release`, also when it failed. */
  claim(fn: UsbFunction, options: ClaimOptions): Promise<void> {
    this.#users++;
    return this.#turns.take(async () => {
      options.signal.throwIfAborted();
      if (!this.#device.opened) await this.#open(options);
      options.signal.throwIfAborted();
      // Switching does not work on Windows (49): only a device that has none gets one.
      if (!this.#device.configuration) await this.#device.selectConfiguration(fn.configuration);
      for (const number of interfacesOf(fn)) await this.#claim(number, options);
      if (fn.alternate > 0) await this.#device.selectAlternateInterface(fn.data, fn.alternate);
    });
  }

  /** Gives them back; the last one closes the device, which ends every transfer. Never throws. */
  release(fn: UsbFunction): Promise<void> {
    return this.#turns.take(async () => {
      this.#users--;
      for (const number of interfacesOf(fn)) await this.#device.releaseInterface(number).catch(() => undefined);
      if (this.#users === 0) await this.#device.close().catch(() => undefined);
    });
  }

  async #open(options: ClaimOptions): Promise<void> {
    const { clock, label, system, justPlugged } = options;
    const delaysMs = justPlugged ? AFTER_PLUG_DELAYS_MS : [];
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#device.open();
      } catch (thrown) {
        const delayMs = delaysMs[attempt];
        if (delayMs === undefined || nameOf(thrown) === 'NotFoundError') throw openFault(thrown, label, system);
        await clock.sleep(delayMs, options.signal);
      }
    }
  }

  async #claim(number: number, { clock, label, system, signal }: ClaimOptions): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#device.claimInterface(number);
      } catch (thrown) {
        const delayMs = CLAIM_DELAYS_MS[attempt];
        if (delayMs === undefined || nameOf(thrown) === 'NotFoundError') throw claimFault(thrown, label, system);
        await clock.sleep(delayMs, signal);
      }
    }
  }
}

function interfacesOf({ control, data }: UsbFunction): readonly number[] {
  return control === data ? [data] : [control, data];
}
