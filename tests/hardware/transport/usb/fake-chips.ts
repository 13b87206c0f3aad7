/**
 * USB devices that are serial adapters: what each chip's own end does to the bytes, and how it tells a line error.
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import { BulkTransport } from '#hardware/transport/usb/bulk-transport.ts';
import { findChip } from '#hardware/transport/usb/serial-chips/find-chip.ts';
import type { FakeClock } from '../../fake-clock.ts';
import { BULK_PAIR, fakeInterface, FakeUsbDevice, INTERRUPT_IN, joined } from './fake-usb-device.ts';

export const OUT = 2;
export const IN = 5;
const PACKET = 64;

export interface FakeChip {
  readonly name: string;
  make(): FakeUsbDevice;
  /** Bytes from the line. */
  send(device: FakeUsbDevice, bytes: Uint8Array): void;
  /** A parity error on the line; undefined: this chip tells none. */
  readonly lineError?: (device: FakeUsbDevice) => void;
}

/** A packet of FTDI's: modem state, line state, then bytes. */
export function ftdiPacket(bytes: Uint8Array, lineState = 0x60): Uint8Array {
  return joined([Uint8Array.of(0x01, lineState), bytes]);
}

export const CDC: FakeChip = {
  name: 'CDC-ACM',
  make: () =>
    new FakeUsbDevice({
      productId: 2,
      interfaces: [fakeInterface(2, 0x02, 0x02, [INTERRUPT_IN]), fakeInterface(3, 0x0a, 0, BULK_PAIR)],
    }),
  send: (device, bytes) => device.send(IN, bytes),
  // SERIAL_STATE of interface 2, two bytes of state: parity.
  lineError: (device) => device.send(6, Uint8Array.of(0xa1, 0x20, 0, 0, 2, 0, 2, 0, 1 << 5, 0)),
};

export const FTDI: FakeChip = {
  name: 'FTDI',
  make: () => new FakeUsbDevice({ vendorId: 0x0403, productId: 0x6001, version: [6, 0] }),
  send: (device, bytes) => {
    for (let at = 0; at < bytes.length; at += PACKET - 2)
      device.send(IN, ftdiPacket(bytes.slice(at, at + PACKET - 2)), { short: false });
  },
  lineError: (device) => device.send(IN, ftdiPacket(new Uint8Array(), 0x64)),
};

export const CP210X: FakeChip = {
  name: 'CP210x',
  make: () => new FakeUsbDevice({ vendorId: 0x10c4, productId: 0xea60 }),
  send: (device, bytes) => device.send(IN, bytes),
};

export const CH34X: FakeChip = {
  name: 'CH34x',
  make: () => {
    const device = new FakeUsbDevice({ vendorId: 0x1a86, productId: 0x7523 });
    device.onRequest = ({ request }) => (request === 0x5f ? Uint8Array.of(0x31, 0) : Uint8Array.of(0, 0));
    return device;
  },
  send: (device, bytes) => device.send(IN, bytes),
};

export const SETTINGS: SerialSettings = {
  baudRate: 115_200,
  dataBits: 8,
  stopBits: 1,
  parity: 'none',
  flowControl: 'none',
};

export function serialOver(
  device: FakeUsbDevice,
  clock: FakeClock,
  settings: Partial<SerialSettings> = {},
): BulkTransport {
  const chip = findChip(device)!;
  const [port] = chip.ports;
  return new BulkTransport(device, port!, `${chip.name} test`, {
    clock,
    system: 'android',
    justPlugged: false,
    onUnplug: device.onUnplug,
    chip: (control) => chip.make(control, { ...SETTINGS, ...settings }, port!),
  });
}
