/**
 * What a USB488 instrument says on its interrupt endpoint: status bytes that were asked for, and service requests.
 *
 * USB488 1.0, 3.4. Read from the first time that anybody wants to know. Used by usbtmc-transport.ts.
 */
import { bytesOf, type UsbDeviceLike } from '#hardware/transport/usb/usb-device.ts';
import type { UsbFunction } from '#hardware/transport/usb/usb-function.ts';
import { unlessAborted } from '#hardware/waiting.ts';

const SERVICE_REQUEST = 0x81;
/** Set in the first byte of every notification; beside it the tag of a status byte. */
const NOTIFICATION = 0x80;

export class Notifications {
  readonly #device: UsbDeviceLike;
  readonly #fn: UsbFunction;
  readonly #onServiceRequest: (statusByte: number) => void;
  readonly #heard = new Map<number, number>();
  #wake = () => {};
  #isListening = false;

  constructor(device: UsbDeviceLike, fn: UsbFunction, onServiceRequest: (statusByte: number) => void) {
    this.#device = device;
    this.#fn = fn;
    this.#onServiceRequest = onServiceRequest;
  }

  listen(): void {
    if (this.#isListening || !this.#fn.interruptIn) return;
    this.#isListening = true;
    this.#heard.clear();
    // It ends with the wire; whoever waits for a status byte has a signal of its own.
    void this.#read(this.#fn.interruptIn).finally(() => (this.#isListening = false));
  }

  async statusByte(tag: number, signal: AbortSignal): Promise<number> {
    for (;;) {
      const statusByte = this.#heard.get(tag);
      if (statusByte !== undefined) {
        this.#heard.delete(tag);
        return statusByte;
      }
      await unlessAborted(new Promise<void>((resolve) => (this.#wake = resolve)), signal);
    }
  }

  async #read({ endpointNumber, packetSize }: NonNullable<UsbFunction['interruptIn']>): Promise<void> {
    for (;;) {
      const result = await this.#device.transferIn(endpointNumber, packetSize).catch(() => null);
      if (result === null) return;
      if (result.status === 'stall') await this.#device.clearHalt('in', endpointNumber).catch(() => undefined);
      const [kind = 0, statusByte = 0] = bytesOf(result);
      if (kind === SERVICE_REQUEST) this.#onServiceRequest(statusByte);
      else if (kind & NOTIFICATION) this.#heard.set(kind & ~NOTIFICATION, statusByte);
      this.#wake();
    }
  }
}
