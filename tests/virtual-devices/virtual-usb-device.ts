/**
 * An emulated USB device for WebUSB: a USBTMC instrument or a CDC-ACM port.
 *
 * `usb-device.py` is its other half, and its --help lists every order. Above it: the browser tests. Knows nothing of
 * the browser or the app.
 */
import { Emulator } from './emulator.ts';

export class VirtualUsbDevice extends Emulator {
  /** Starts a device and plugs it in. @param folder of VIRTUAL_USB_DIR */
  static start(folder: string, name: string, kind: 'usbtmc' | 'cdc', serial: string): Promise<VirtualUsbDevice> {
    return new VirtualUsbDevice('./usb-device.py', [folder, name, kind, '--serial', serial]).ready();
  }
}
