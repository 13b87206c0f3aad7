/**
 * The part of WebUSB that this room uses, by shape.
 *
 * A browser's `USBDevice` and `USB` have this shape, and so have the fakes of the tests; stating it here keeps the room
 * free of a world's types. Knows nothing of how it is used.
 */
import { usbId } from '#hardware/transport/usb-id.ts';

export interface UsbEndpoint {
  /** Without the direction bit. */
  readonly endpointNumber: number;
  readonly direction: 'in' | 'out';
  readonly type: 'bulk' | 'interrupt' | 'isochronous';
  readonly packetSize: number;
}

export interface UsbAlternate {
  readonly alternateSetting: number;
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly endpoints: readonly UsbEndpoint[];
}

export interface UsbInterface {
  readonly interfaceNumber: number;
  readonly alternates: readonly UsbAlternate[];
}

export interface UsbConfiguration {
  readonly configurationValue: number;
  readonly interfaces: readonly UsbInterface[];
}

export interface UsbSetup {
  readonly requestType: 'standard' | 'class' | 'vendor';
  readonly recipient: 'device' | 'interface' | 'endpoint';
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

export interface UsbInResult {
  readonly status?: 'ok' | 'stall' | 'babble' | undefined;
  readonly data?: DataView | undefined;
}

export interface UsbOutResult {
  readonly status?: 'ok' | 'stall' | 'babble' | undefined;
  readonly bytesWritten: number;
}

export interface UsbDeviceLike {
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersionMajor: number;
  readonly deviceVersionMinor: number;
  /** Readable without opening the device. */
  readonly serialNumber?: string | null | undefined;
  readonly productName?: string | null | undefined;
  readonly opened: boolean;
  readonly configuration?: UsbConfiguration | null | undefined;
  readonly configurations: readonly UsbConfiguration[];
  open(): Promise<void>;
  close(): Promise<void>;
  selectConfiguration(configurationValue: number): Promise<void>;
  claimInterface(interfaceNumber: number): Promise<void>;
  releaseInterface(interfaceNumber: number): Promise<void>;
  selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void>;
  controlTransferIn(setup: UsbSetup, length: number): Promise<UsbInResult>;
  controlTransferOut(setup: UsbSetup, data?: Uint8Array<ArrayBuffer>): Promise<UsbOutResult>;
  transferIn(endpointNumber: number, length: number): Promise<UsbInResult>;
  transferOut(endpointNumber: number, data: Uint8Array<ArrayBuffer>): Promise<UsbOutResult>;
  clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void>;
}

/** `navigator.usb` by shape. Its events come only once `getDevices` was called. */
export interface UsbLike {
  getDevices(): Promise<readonly UsbDeviceLike[]>;
  addEventListener(type: 'connect' | 'disconnect', listener: (event: { readonly device: UsbDeviceLike }) => void): void;
}

/** `2a8d:1301`, lower-case hexadecimal. */
export function usbIdOf({ vendorId, productId }: UsbDeviceLike): string {
  return usbId(vendorId, productId);
}

/** The bytes of a transfer; none when it carried none. */
export function bytesOf({ data }: UsbInResult): Uint8Array {
  return data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}
