/**
 * Requests on a device's control pipe, each with its deadline.
 *
 * Requests to an interface or an endpoint carry its real number (51). Used by the serial chips and by USBTMC. Knows
 * nothing of what the requests mean.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import { lostFault } from '#hardware/transport/transport-faults.ts';
import type { HardwareCode } from '#hardware/transport/transport.ts';
import { bytesOf, type UsbDeviceLike, type UsbSetup } from '#hardware/transport/usb/usb-device.ts';
import type { UsbFunction } from '#hardware/transport/usb/usb-function.ts';
import { unlessAborted, withDeadline } from '#hardware/waiting.ts';

/** USB 2.0, 9.2.6.4 gives a device 500 ms for a request with data; twice that is a device that hangs. */
const LIMIT_MS = 1000;

export type Request = Omit<UsbSetup, 'index'> & { readonly index?: number };

/** The device does not know this request, or not now. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
}

export class ControlPipe {
  readonly #device: UsbDeviceLike;
  readonly #fn: UsbFunction;
  readonly #clock: Clock;
  readonly #label: string;

  constructor(device: UsbDeviceLike, fn: UsbFunction, clock: Clock, label: string) {
    this.#device = device;
    this.#fn = fn;
    this.#clock = clock;
    this.#label = label;
  }

  /** @throws {RefusedRequest} when the device stalls it. @throws {HardwareFault} `lost`, `timeout` */
  async write(request: Request, data?: Uint8Array<ArrayBuffer>): Promise<void> {
    const { status } = await this.#limited(() => this.#device.controlTransferOut(this.#setup(request), data));
    if (status === 'stall') throw new RefusedRequest(`request ${request.request} is refused`);
  }

  /** @throws {RefusedRequest} when the device stalls it. @throws {HardwareFault} `lost`, `timeout` */
  async read(request: Request, length: number): Promise<Uint8Array> {
    const result = await this.#limited(() => this.#device.controlTransferIn(this.#setup(request), length));
    if (result.status === 'stall') throw new RefusedRequest(`request ${request.request} is refused`);
    return bytesOf(result);
  }

  #setup(request: Request): UsbSetup {
    return { ...request, index: request.index ?? this.#fn.control };
  }

  async #limited<T>(transfer: () => Promise<T>): Promise<T> {
    let isLate = false;
    try {
      return await withDeadline(this.#clock, LIMIT_MS, new AbortController().signal, async (limited) => {
        limited.addEventListener('abort', () => (isLate = true), { once: true });
        return unlessAborted(transfer(), limited);
      });
    } catch (thrown) {
      if (isLate) throw mutePipe(this.#label);
      const cause = nameOf(thrown) === 'NotFoundError' ? 'it was unplugged' : 'the device went away';
      throw lostFault(this.#label, cause);
    }
  }
}

function mutePipe(label: string): Fault<HardwareCode> {
  return new Fault<HardwareCode>(
    'timeout',
    `The device (${label}) does not answer on USB within ${LIMIT_MS} ms.`,
    'Switch it off and on, or plug it in again.',
  );
}
