/**
 * Where real devices are found: Web Serial and WebUSB, in one shape for the search.
 *
 * Below it: the lists of ports and devices that a door hands in. Above it: search.ts. Knows nothing of who is behind a
 * device.
 */
import type { Clock } from '#base/clock.ts';
import { mayCarry, type BenchResource } from '#hardware/bench/plug.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { SerialPorts } from '#hardware/transport/serial/serial-ports.ts';
import type { Transport } from '#hardware/transport/transport.ts';
import type { UsbCandidate, UsbDevices, UsbWire } from '#hardware/transport/usb/usb-devices.ts';

/** What the browser calls it, and which of its choosers finds more. */
export type Reach = 'serial' | 'usb';

/** A port or a function of a device, real for as long as it is plugged in. */
export interface RealDevice {
  readonly usb: string;
  /** As WebUSB shows it; empty where nothing shows one. */
  readonly serialNumber: string;
  /** Something else of this station has it. */
  readonly isApart: boolean;
  mayCarry(resource: BenchResource): boolean;
  transport(resource: BenchResource): Transport;
}

export interface DeviceHost {
  readonly reach: Reach;
  /** Whether devices of this kind are found here at all. */
  serves(resource: BenchResource): boolean;
  /** @throws {HardwareFault} `permission-needed` */
  list(): Promise<readonly RealDevice[]>;
  /** A device came or went. */
  onChange(listener: () => void): () => void;
}

export function deviceHosts(ports: SerialPorts | null, usb: UsbDevices | null, clock: Clock): readonly DeviceHost[] {
  const serialOverUsb = isSerialOverUsb(ports, usb);
  return [...(ports ? [serialHost(ports, clock)] : []), ...(usb ? [usbHost(usb, clock, serialOverUsb)] : [])];
}

/** Android has Web Serial for Bluetooth long before a wired port is seen there (39). */
export function isSerialOverUsb(ports: SerialPorts | null, usb: UsbDevices | null): boolean {
  return ports === null || usb?.system === 'android';
}

function serialHost(ports: SerialPorts, clock: Clock): DeviceHost {
  const known = new WeakMap<object, RealDevice>();
  return {
    reach: 'serial',
    serves: ({ kind }) => kind === 'serial',
    list: async () =>
      (await ports.list()).map((port) =>
        once(known, port, () => ({
          usb: port.usb,
          serialNumber: '',
          get isApart() {
            return port.isApart === true;
          },
          mayCarry: (resource) => resource.kind === 'serial' && !port.isApart && mayCarry(resource, port.usb),
          // Only a serial resource comes here, by `mayCarry`.
          transport: (resource) => port.transport(resource as SerialSettings & BenchResource, clock),
        })),
      ),
    onChange: (listener) => {
      const stop = [ports.onArrive(listener), ports.onLeave(listener)];
      return () => stop.forEach((one) => one());
    },
  };
}

function usbHost(usb: UsbDevices, clock: Clock, serialOverUsb: boolean): DeviceHost {
  const known = new WeakMap<object, RealDevice>();
  const serves = ({ kind }: BenchResource) => kind !== 'serial' || serialOverUsb;
  return {
    reach: 'usb',
    serves,
    list: async () =>
      (await usb.list()).map((candidate) =>
        once(known, candidate, () => ({
          usb: candidate.usb,
          serialNumber: candidate.serialNumber,
          get isApart() {
            return candidate.isApart === true;
          },
          mayCarry: (resource) =>
            serves(resource) && !candidate.isApart && mayCarry(resource, candidate.usb) && isRight(resource, candidate),
          transport: (resource) => candidate.transport(wireOf(resource), clock),
        })),
      ),
    onChange: (listener) => usb.onChange(listener),
  };
}

function isRight(resource: BenchResource, candidate: UsbCandidate): boolean {
  if (!candidate.canBe(wireOf(resource).kind)) return false;
  if (resource.kind === 'serial') return true;
  if (resource.serialNumber !== undefined && resource.serialNumber !== candidate.serialNumber) return false;
  if (resource.kind !== 'usb') return true;
  return resource.interfaceNumber === undefined
    ? candidate.isFirst
    : candidate.interfaceNumber === resource.interfaceNumber;
}

function wireOf(resource: BenchResource): UsbWire {
  switch (resource.kind) {
    case 'usbtmc':
      return { kind: 'usbtmc', ...(resource.termChar === undefined ? {} : { termChar: resource.termChar }) };
    case 'usb':
      return { kind: 'bulk', zeroLengthPacket: resource.zeroLengthPacket };
    default:
      return { kind: 'serial', settings: resource };
  }
}

/** The same device for the same candidate, so that the search knows it again. */
function once(known: WeakMap<object, RealDevice>, candidate: object, make: () => RealDevice): RealDevice {
  const device = known.get(candidate) ?? make();
  known.set(candidate, device);
  return device;
}
