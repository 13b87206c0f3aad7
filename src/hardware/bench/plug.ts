/**
 * What the bench must know of a plug: who it is, over which wire, and what makes it safe.
 *
 * Of the same shape as the procedure's own, so that those can be handed in; this room does not know procedures.
 */
import type { Framing } from '#hardware/framing/framing.ts';
import { protocolOf, usualIdentityQuery, type DevicePlug } from '#hardware/instrument/open-device.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';

/** `driver` is a name from #hardware/instrument/drivers.ts. */
export interface BenchPlug extends DevicePlug {
  readonly name: string;
  /** Whose it is, where each slot has one of its own with this key; absent: everybody's. */
  readonly slot?: string;
  /** Absent: the plug exists only on a simulated bench. */
  readonly resource?: BenchResource;
  /** Commands that leave the fixture without power. */
  readonly safeState: readonly string[];
  /** Answer of the one device that a person has chosen for it at this station; absent: any that fits. */
  readonly chosen?: string;
}

export type BenchResource = SerialResource | UsbSerialResource | UsbtmcResource | UsbResource;

/** A serial port, whoever opens it: Web Serial, or WebUSB where there is none. */
export interface SerialResource extends AnyResource, SerialSettings {
  readonly kind: 'serial';
}

/** A serial adapter that the page itself drives over WebUSB. */
export interface UsbSerialResource extends AnyResource, SerialSettings {
  readonly kind: 'usb_serial';
  readonly serialNumber?: string;
}

/** An instrument of the USB test and measurement class. */
export interface UsbtmcResource extends AnyResource {
  readonly kind: 'usbtmc';
  readonly serialNumber?: string;
  /** Ends an answer of an instrument that never says where its messages end. */
  readonly termChar?: string;
}

/** A pair of bulk endpoints of a device's own. */
export interface UsbResource extends AnyResource {
  readonly kind: 'usb';
  readonly serialNumber?: string;
  /** Absent: the first interface that has both. */
  readonly interfaceNumber?: number;
  /** A write that fills its last packet is followed by an empty one. */
  readonly zeroLengthPacket: boolean;
}

interface AnyResource {
  /** USB ids that may carry it: `0403:6001`, `2a8d:*`; lower-case hexadecimal. */
  readonly usb: readonly string[];
  readonly terminator: string;
  /** What marks a frame when it is not the terminator. */
  readonly framing?: Framing;
  /** Pattern that the answer to the identity query must match; absent: any answer will do. */
  readonly identity?: string;
  readonly identityQuery: string;
  /** Time that the device needs after its port was opened, since it resets then (21); 0 when it does not. */
  readonly resetOnOpenMs: number;
}

/** How a plug without a resource would be wired: as most instruments are. Only simulated wires use it. */
const SIMULATED_RESOURCE: BenchResource = {
  kind: 'serial',
  usb: [],
  baudRate: 115_200,
  dataBits: 8,
  stopBits: 1,
  parity: 'none',
  flowControl: 'none',
  terminator: '\n',
  identityQuery: '*IDN?',
  resetOnOpenMs: 0,
};

export function resourceOf(plug: BenchPlug): BenchResource {
  return plug.resource ?? { ...SIMULATED_RESOURCE, identityQuery: usualIdentityQuery(plug.driver) };
}

/** Whether a device with this USB id may carry it; a port that is not on USB never does. */
export function mayCarry(resource: Pick<BenchResource, 'usb'>, usb: string): boolean {
  const vendor = usb.slice(0, 4);
  return usb !== '' && resource.usb.some((id) => id.toLowerCase() === usb || id.toLowerCase() === `${vendor}:*`);
}

/** Plugs with the same key can be probed by one opening of a port: all but who it is for is the same. */
export function wireKey(plug: BenchPlug): string {
  const { usb: _usb, identity: _identity, resetOnOpenMs: _resetOnOpenMs, ...wire } = resourceOf(plug);
  return JSON.stringify([...Object.entries(wire).toSorted(([a], [b]) => (a < b ? -1 : 1)), protocolOf(plug)]);
}
