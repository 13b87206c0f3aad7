/**
 * A pair of bulk endpoints as a stream of bytes; with a serial chip on top, a serial port.
 *
 * One pump reads, with transfers waiting ahead so that nothing that comes is left in the device; no write ever issues
 * a read of its own (43). Beside it: serial-chips/, which know what a chip's bytes mean. Rules: ../RULES.md.
 */
import type { LineError } from '#hardware/transport/transport.ts';
import type { ControlPipe } from '#hardware/transport/usb/control-pipe.ts';
import { bytesOf, type UsbDeviceLike, type UsbInResult } from '#hardware/transport/usb/usb-device.ts';
import type { UsbFunction } from '#hardware/transport/usb/usb-function.ts';
import { refusedBytes } from '#hardware/transport/usb/usb-error.ts';
import { UsbTransport, type UsbTransportOptions } from '#hardware/transport/usb/usb-transport.ts';

/** Enough that the next transfer waits while the last one is looked at; more would only lie there. */
const IN_FLIGHT = 2;
/** Of bulk IN; a multiple of every packet size that USB has (64, 512, 1024), so nothing babbles (44). */
const READ_BYTES = 16 * 1024;
/** Of bulk OUT: a write is stopped between two of them. */
const WRITE_BYTES = 16 * 1024;

/** What a serial chip makes of a pair of bulk endpoints. */
export interface BulkChip {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What came on bulk IN, in order. */
  decode(bytes: Uint8Array): readonly (Uint8Array | LineError)[];
  /** What came on the interrupt endpoint; absent: nothing is awaited there. */
  notified?(bytes: Uint8Array): readonly LineError[];
}

export interface BulkOptions extends UsbTransportOptions {
  /** A write that fills its last packet is followed by an empty one, for devices whose messages end by a short packet (45). */
  readonly zeroLengthPacket?: boolean;
  /** Made with the pipe that it sets the line up by. */
  readonly chip?: (control: ControlPipe) => BulkChip;
}

interface Waiting {
  readonly result: Promise<UsbInResult>;
  /** Halts and failures before it was asked for: what waits behind one of them ends with it, and is no other (46). */
  readonly troubles: number;
}

export class BulkTransport extends UsbTransport {
  readonly kind = 'stream';
  readonly #chip: BulkChip | undefined;
  readonly #zeroLengthPacket: boolean;

  constructor(device: UsbDeviceLike, fn: UsbFunction, label: string, options: BulkOptions) {
    super(device, fn, label, options);
    this.#chip = options.chip?.(this.control);
    this.#zeroLengthPacket = options.zeroLengthPacket ?? false;
  }

  protected async start(): Promise<void> {
    await this.#chip?.start();
  }

  protected async stop(): Promise<void> {
    await this.#chip?.stop();
  }

  protected async read(): Promise<void> {
    await Promise.all([this.#readBulk(), this.#readNotifications()]);
  }

  protected async send(bytes: Uint8Array<ArrayBuffer>, _asks: boolean, signal: AbortSignal): Promise<void> {
    for (let at = 0; at < bytes.length && !signal.aborted; at += WRITE_BYTES)
      await this.#sendPart(bytes.slice(at, at + WRITE_BYTES));
    const isFull = bytes.length > 0 && bytes.length % this.fn.bulkOut.packetSize === 0;
    if (this.#zeroLengthPacket && isFull && !signal.aborted) await this.#sendPart(new Uint8Array());
  }

  async #readBulk(): Promise<void> {
    const { bulkIn } = this.fn;
    if (!bulkIn) return;
    const { endpointNumber } = bulkIn;
    const waiting: Waiting[] = [];
    let troubles = 0;
    const ask = () => {
      const result = this.device.transferIn(endpointNumber, READ_BYTES);
      result.catch(() => undefined);
      waiting.push({ result, troubles });
    };
    while (!this.ended) {
      while (waiting.length < IN_FLIGHT) ask();
      const next = waiting.shift()!;
      try {
        const result = await next.result;
        this.#hear(bytesOf(result));
        if (result.status === 'babble') this.tellError('overrun');
        if (result.status !== 'stall' || next.troubles < troubles) continue;
        troubles++;
        await this.clearStall('in', endpointNumber);
        this.tellError('unknown');
      } catch (thrown) {
        if (next.troubles < troubles) continue;
        troubles++;
        if (!(await this.survives(thrown))) return;
      }
    }
  }

  async #readNotifications(): Promise<void> {
    const { interruptIn } = this.fn;
    const chip = this.#chip;
    if (!interruptIn || !chip?.notified) return;
    while (!this.ended) {
      try {
        const result = await this.device.transferIn(interruptIn.endpointNumber, interruptIn.packetSize);
        for (const error of chip.notified(bytesOf(result))) this.tellError(error);
        if (result.status === 'stall') await this.clearStall('in', interruptIn.endpointNumber);
      } catch (thrown) {
        if (!(await this.survives(thrown))) return;
      }
    }
  }

  #hear(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    for (const part of this.#chip?.decode(bytes) ?? [bytes]) {
      if (typeof part === 'string') this.tellError(part);
      else this.tell(part);
    }
  }

  /**
   * A packet that a halted endpoint refused is sent once more. Of several packets it may have taken some, and the browser
   * says as many were written as were asked for (46, 52): then nobody knows.
   */
  async #sendPart(part: Uint8Array<ArrayBuffer>): Promise<void> {
    const { endpointNumber, packetSize } = this.fn.bulkOut;
    for (let attempt = 0; ; attempt++) {
      const { status } = await this.#transferOut(endpointNumber, part);
      if (status !== 'stall') return;
      await this.clearStall('out', endpointNumber);
      if (attempt > 0 || part.length > packetSize) throw refusedBytes(this.label);
    }
  }

  async #transferOut(endpointNumber: number, part: Uint8Array<ArrayBuffer>) {
    try {
      return await this.device.transferOut(endpointNumber, part);
    } catch (thrown) {
      // What has become of the bytes is unknown: a failed write is the end of the wire, as on Web Serial.
      if (!this.ended) await this.settleLoss(thrown);
      throw thrown;
    }
  }
}
