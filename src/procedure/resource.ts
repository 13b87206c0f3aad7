/**
 * Over which wire a plug's device is reached, and how it is known again: the part of a plug that names hardware.
 *
 * Plain data, part of a procedure. Made by read/read-resource.ts. Knows nothing of ports.
 */
import type { Framing } from '#procedure/device-config.ts';

export type Resource = SerialResource | UsbSerialResource | UsbtmcResource | UsbResource;

/** A serial port, whoever opens it. */
export interface SerialResource extends AnyResource, SerialLine {
  readonly kind: 'serial';
}

/** A serial adapter that the page drives itself, over WebUSB. */
export interface UsbSerialResource extends AnyResource, SerialLine {
  readonly kind: 'usb_serial';
  readonly serialNumber?: string;
}

/** An instrument of the USB test and measurement class. */
export interface UsbtmcResource extends AnyResource {
  readonly kind: 'usbtmc';
  readonly serialNumber?: string;
  /** One character that ends an answer, for instruments that never say where their messages end. */
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

export interface SerialLine {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
  readonly parity: 'none' | 'even' | 'odd';
  readonly flowControl: 'none' | 'hardware';
}

export interface AnyResource {
  /** USB ids that may carry it: `0403:6001`, `2a8d:*`; lower-case hexadecimal. */
  readonly usb: readonly string[];
  /** Sent behind every command; over a serial line also heard behind every answer. */
  readonly terminator: string;
  readonly framing?: Framing;
  /** Pattern that the answer to the identity query must match; absent: any answer will do. */
  readonly identity?: string;
  /** `*IDN?` unless stated. */
  readonly identityQuery: string;
  /** Time that the device needs after its port was opened (it resets on DTR); 0 when it does not. */
  readonly resetOnOpenMs: number;
}
