/**
 * Which serial chip a USB device is, and which ports it has.
 *
 * By class where USB has one, else by the maker's ids. Above it: usb-devices.ts. Opens nothing.
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { BulkChip } from '#hardware/transport/usb/bulk-transport.ts';
import type { ControlPipe } from '#hardware/transport/usb/control-pipe.ts';
import { CdcAcm } from '#hardware/transport/usb/serial-chips/cdc-acm.ts';
import { Ch34x, CH34X_IDS } from '#hardware/transport/usb/serial-chips/ch34x.ts';
import { Cp210x, CP210X_PRODUCTS, CP210X_VENDOR } from '#hardware/transport/usb/serial-chips/cp210x.ts';
import { Ftdi, FTDI_VENDOR } from '#hardware/transport/usb/serial-chips/ftdi.ts';
import { usbIdOf, type UsbDeviceLike } from '#hardware/transport/usb/usb-device.ts';
import { cdcFunctions, plainFunctions, type TwoWayFunction } from '#hardware/transport/usb/usb-function.ts';

export interface SerialChip {
  /** For people: `CDC-ACM`, `FTDI`. */
  readonly name: string;
  /** One for each port. */
  readonly ports: readonly TwoWayFunction[];
  make(control: ControlPipe, settings: SerialSettings, port: TwoWayFunction): BulkChip;
}

/** @returns null for a device that is no serial adapter that is known here */
export function findChip(device: UsbDeviceLike): SerialChip | null {
  const cdc = cdcFunctions(device);
  if (cdc.length > 0)
    return { name: 'CDC-ACM', ports: cdc, make: (control, settings) => new CdcAcm(control, settings) };
  const ports = plainFunctions(device);
  if (ports.length === 0) return null;
  if (device.vendorId === FTDI_VENDOR)
    return { name: 'FTDI', ports, make: (control, settings, port) => new Ftdi(control, settings, device, port) };
  if (device.vendorId === CP210X_VENDOR && CP210X_PRODUCTS.includes(device.productId))
    return { name: 'CP210x', ports, make: (control, settings) => new Cp210x(control, settings) };
  if (CH34X_IDS.includes(usbIdOf(device)))
    return { name: 'CH34x', ports, make: (control, settings) => new Ch34x(control, settings) };
  return null;
}
