/** `navigator.usb` with its devices in hand. As in Chromium, its events come only once the devices were listed. */
import type { UsbDeviceLike, UsbLike } from '#hardware/transport/usb/usb-device.ts';
import type { FakeUsbDevice } from './fake-usb-device.ts';

type Listen = (event: { readonly device: UsbDeviceLike }) => void;

export class FakeUsb implements UsbLike {
  devices: FakeUsbDevice[];
  refusal: string | null = null;
  readonly #listeners: { readonly type: string; readonly listener: Listen }[] = [];
  #listed = false;

  constructor(devices: FakeUsbDevice[] = []) {
    this.devices = devices;
  }

  async getDevices(): Promise<FakeUsbDevice[]> {
    if (this.refusal) throw new DOMException('fake', this.refusal);
    this.#listed = true;
    return [...this.devices];
  }

  addEventListener(type: 'connect' | 'disconnect', listener: Listen): void {
    this.#listeners.push({ type, listener });
  }

  arrive(device: FakeUsbDevice): void {
    this.devices.push(device);
    this.#tell('connect', device);
  }

  leave(device: FakeUsbDevice): void {
    this.devices = this.devices.filter((other) => other !== device);
    this.#tell('disconnect', device);
    device.unplug('error-only');
  }

  #tell(type: string, device: UsbDeviceLike): void {
    if (!this.#listed) return;
    for (const known of this.#listeners) if (known.type === type) known.listener({ device });
  }
}
