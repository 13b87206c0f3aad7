/**
 * The part of Web Serial that this room uses, by shape.
 *
 * A browser's `SerialPort` and `Serial` have this shape, and so have the fakes of the tests; stating it here keeps
 * the room free of a world's types. Knows nothing of how it is used (serial-transport.ts, serial-ports.ts).
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import { usbId } from '#hardware/transport/usb-id.ts';

export interface SerialOpenOptions extends SerialSettings {
  readonly bufferSize: number;
}

export interface PortReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
  releaseLock(): void;
}

export interface PortWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
  releaseLock(): void;
}

export interface SerialPortLike {
  /** Null once the port is lost or closed; after a line error the getter gives a fresh stream. */
  readonly readable: { getReader(): PortReader } | null;
  readonly writable: { getWriter(): PortWriter } | null;
  open(options: SerialOpenOptions): Promise<void>;
  close(): Promise<void>;
  getInfo(): { readonly usbVendorId?: number | undefined; readonly usbProductId?: number | undefined };
  addEventListener(type: 'disconnect', listener: () => void): void;
  removeEventListener(type: 'disconnect', listener: () => void): void;
}

/** `navigator.serial` by shape. An event's target is the port (browser-hardware, 1.6). */
export interface SerialLike {
  getPorts(): Promise<readonly SerialPortLike[]>;
  addEventListener(type: 'connect' | 'disconnect', listener: (event: { readonly target: unknown }) => void): void;
}

/** `0403:6001`, lower-case hexadecimal; empty for a port that is not on USB. */
export function usbIdOf(port: SerialPortLike): string {
  const { usbVendorId, usbProductId } = port.getInfo();
  if (usbVendorId === undefined) return '';
  return usbId(usbVendorId, usbProductId ?? 0);
}
