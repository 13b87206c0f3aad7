/**
 * An emulated USB device for WebUSB: a USBTMC instrument or a CDC-ACM port, that can be plugged, pulled, muted and asked
 * what it heard.
 *
 * `usb-device.py` is its other half, and its --help lists every order. Above it: the browser tests. Knows nothing of
 * the browser or the app.
 */
import { Emulator } from './emulator.ts';

export type UsbKind = 'usbtmc' | 'cdc';

export interface UsbDeviceOptions {
  /** A kernel driver that has it when it is plugged in, as Linux's usbtmc or cdc_acm would. */
  readonly driver?: string;
  readonly model?: string;
}

export class VirtualUsbDevice extends Emulator {
  /** Starts a device and plugs it in. @param folder of VIRTUAL_USB_DIR */
  static start(
    folder: string,
    name: string,
    kind: UsbKind,
    serial: string,
    options: UsbDeviceOptions = {},
  ): Promise<VirtualUsbDevice> {
    const more = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value as string]);
    return new VirtualUsbDevice('./usb-device.py', [folder, name, kind, '--serial', serial, ...more]).ready();
  }

  set = (key: string, value: string | number) => this.order(`set ${key} ${value}`);
  stall = () => this.order('stall');

  /** Every line of a message that came in since the mark, commands and queries. */
  heard(sinceMark = 0): string[] {
    return this.since(sinceMark).flatMap(({ event, q }) => (event === 'query' && q ? [q] : []));
  }

  /** Waits until this line has come in since the mark. */
  async hears(line: string, sinceMark = this.mark): Promise<void> {
    await this.next(({ event, q }) => event === 'query' && q === line, sinceMark);
  }

  /** Names of the class requests since the mark. */
  requests(sinceMark = 0): string[] {
    return this.since(sinceMark).flatMap(({ event, request }) =>
      event === 'control' && request ? [String(request)] : [],
    );
  }

  /** Bytes that came on bulk OUT since the mark, while `tell` is set. */
  took(sinceMark = 0): number[] {
    return this.since(sinceMark).flatMap(({ event, data }) =>
      event === 'took' && data ? [...Buffer.from(data, 'hex')] : [],
    );
  }
}
