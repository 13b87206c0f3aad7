/**
 * The host's USB devices: which are permitted and present, which come and go, and what each of their functions can be.
 *
 * The only place that asks `navigator.usb` for devices, handed in by a door (page or dedicated worker). Above it: the
 * resource manager. Serial numbers are read without opening a device; who is behind it is settled by asking.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault, messageOf } from '#base/fault.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { HardwareCode, Transport } from '#hardware/transport/transport.ts';
import { BulkTransport } from '#hardware/transport/usb/bulk-transport.ts';
import { findChip } from '#hardware/transport/usb/serial-chips/find-chip.ts';
import { usbIdOf, type UsbDeviceLike, type UsbLike } from '#hardware/transport/usb/usb-device.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import {
  oneWayPrinters,
  plainFunctions,
  usbtmcFunctions,
  type TwoWayFunction,
  type UsbFunction,
} from '#hardware/transport/usb/usb-function.ts';
import type { UsbTransportOptions } from '#hardware/transport/usb/usb-transport.ts';
import { UsbtmcTransport } from '#hardware/transport/usb/usbtmc/usbtmc-transport.ts';

/** How a function of a device may be driven, and what has to be known for it. */
export type UsbWire =
  | { readonly kind: 'usbtmc'; readonly termChar?: string }
  | { readonly kind: 'bulk'; readonly zeroLengthPacket: boolean }
  | { readonly kind: 'serial'; readonly settings: SerialSettings };

/** One function for as long as its device stays plugged in; the same object for the same function. A re-plug makes another (10). */
export interface UsbCandidate {
  /** `2a8d:1301`, lower-case hexadecimal. */
  readonly usb: string;
  /** As the device states it; empty when it states none. */
  readonly serialNumber: string;
  readonly interfaceNumber: number;
  /** The first function of its device. */
  readonly isFirst: boolean;
  /** Something else of this station has it: it is there, and is not to be opened. */
  readonly isApart?: boolean;
  canBe(kind: UsbWire['kind']): boolean;
  /** A transport of its own over this function, closed. @param wire one that it can be */
  transport(wire: UsbWire, clock: Clock): Transport;
}

export interface UsbDevices {
  readonly system: HostSystem;
  /** @throws {HardwareFault} `permission-needed` when the browser refuses to list devices */
  list(): Promise<readonly UsbCandidate[]>;
  /** A device came or went. */
  onChange(listener: Listener<void>): () => void;
}

/** @returns null where the browser has no WebUSB at all */
export function usbDevices(usb: UsbLike | undefined, system: HostSystem): UsbDevices | null {
  return usb ? new HostUsbDevices(usb, system) : null;
}

class HostUsbDevices implements UsbDevices {
  readonly system: HostSystem;
  readonly #usb: UsbLike;
  readonly #candidates = new WeakMap<UsbDeviceLike, readonly UsbCandidate[]>();
  /** Devices that came while this was watching: their first opening is tried more than once (13). */
  readonly #justPlugged = new WeakSet<UsbDeviceLike>();
  readonly #unplugged = new Emitter<UsbDeviceLike>();
  readonly #changes = new Emitter<void>();

  constructor(usb: UsbLike, system: HostSystem) {
    this.#usb = usb;
    this.system = system;
    usb.addEventListener('connect', ({ device }) => {
      this.#justPlugged.add(device);
      this.#changes.emit();
    });
    usb.addEventListener('disconnect', ({ device }) => {
      this.#unplugged.emit(device);
      this.#changes.emit();
    });
  }

  async list(): Promise<readonly UsbCandidate[]> {
    try {
      return (await this.#usb.getDevices()).flatMap((device) => this.#of(device));
    } catch (thrown) {
      throw listFault(thrown);
    }
  }

  onChange(listener: Listener<void>): () => void {
    return this.#changes.on(listener);
  }

  #of(device: UsbDeviceLike): readonly UsbCandidate[] {
    const known = this.#candidates.get(device);
    if (known) return known;
    const candidates = functionsOf(device).map(([interfaceNumber, functions], at): UsbCandidate => ({
      usb: usbIdOf(device),
      serialNumber: device.serialNumber ?? '',
      interfaceNumber,
      isFirst: at === 0,
      canBe: (kind) => functions[kind] !== undefined,
      transport: (wire, clock) => this.#transport(device, functions, wire, clock),
    }));
    this.#candidates.set(device, candidates);
    return candidates;
  }

  #transport(device: UsbDeviceLike, functions: Functions, wire: UsbWire, clock: Clock): Transport {
    const options: UsbTransportOptions = {
      clock,
      system: this.system,
      justPlugged: this.#justPlugged.delete(device),
      onUnplug: (listener) => this.#unplugged.on((gone) => gone === device && listener()),
    };
    const name = [usbIdOf(device), device.serialNumber].filter(Boolean).join(' ');
    switch (wire.kind) {
      case 'usbtmc': {
        const { termChar } = wire;
        return new UsbtmcTransport(device, functions.usbtmc!, `usbtmc ${name}`, {
          ...options,
          ...(termChar === undefined ? {} : { termChar }),
        });
      }
      case 'bulk':
        return new BulkTransport(device, functions.bulk!, `usb ${name}`, {
          ...options,
          zeroLengthPacket: wire.zeroLengthPacket,
        });
      case 'serial': {
        const chip = findChip(device)!;
        const fn = functions.serial!;
        return new BulkTransport(device, fn, `${chip.name} ${name}`, {
          ...options,
          chip: (control) => chip.make(control, wire.settings, fn),
        });
      }
    }
  }
}

interface Functions {
  readonly bulk?: UsbFunction;
  readonly serial?: TwoWayFunction;
  readonly usbtmc?: TwoWayFunction;
}

/** By the number of the interface with the bulk endpoints: what is one interface is one candidate, whatever it may be. */
function functionsOf(device: UsbDeviceLike): readonly (readonly [interfaceNumber: number, functions: Functions])[] {
  const all = new Map<number, Functions>();
  const add = (kind: UsbWire['kind'], functions: readonly UsbFunction[]) => {
    for (const fn of functions) all.set(fn.data, { ...all.get(fn.data), [kind]: fn });
  };
  add('bulk', [...plainFunctions(device), ...oneWayPrinters(device)]);
  add('serial', findChip(device)?.ports ?? []);
  add('usbtmc', usbtmcFunctions(device));
  return [...all];
}

function listFault(thrown: unknown): Fault<HardwareCode> {
  const refused = nameOf(thrown) === 'SecurityError';
  return new Fault<HardwareCode>(
    refused ? 'permission-needed' : 'internal',
    refused
      ? 'The browser refuses to list USB devices.'
      : `The browser could not list its devices: ${messageOf(thrown)}`,
    refused ? 'Allow USB devices for this site, in the browser or by policy.' : 'Restart the browser.',
    { cause: thrown },
  );
}
