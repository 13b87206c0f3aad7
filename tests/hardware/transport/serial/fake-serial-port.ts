/**
 * A serial port of a browser, by the specification and table 1.4 of the hardware reference, with its device in hand.
 *
 * Real web streams: a byte stream for reading that holds nothing ahead, a write stream with a high-water mark of one
 * chunk (as Chrome has it), a pipe of `bufferSize` bytes between them and the device.
 */
import type { SerialOpenOptions, SerialPortLike } from '#hardware/transport/serial/serial-port.ts';

export type FakeErrorName =
  'BufferOverrunError' | 'FramingError' | 'ParityError' | 'BreakError' | 'UnknownError' | 'NetworkError';

/** What the operating system holds for a port whose pipe is full; what comes on top is lost without a word (POSIX). */
const SYSTEM_BUFFER_BYTES = 4096;

export class FakeSerialPort implements SerialPortLike {
  /** Every opening, with its options. */
  readonly openings: SerialOpenOptions[] = [];
  readonly received: number[] = [];
  closings = 0;
  /** Every call of `open()`, refused ones too. */
  attempts = 0;
  lostBytes = 0;
  /** The next so many openings fail: another program holds the port, or the node is not usable yet. */
  busyOpenings = 0;
  openError: string | null = null;
  /** The device does not take what is written: flow control holds it back. */
  stalled = false;
  /** Until it is opened again, `open()` does not come to an end. */
  heldOpening: Promise<void> | null = null;
  onReceive: (bytes: Uint8Array) => void = () => {};

  readonly #info: { usbVendorId?: number; usbProductId?: number };
  readonly #listeners = new Set<() => void>();
  #state: 'closed' | 'opening' | 'opened' | 'closing' = 'closed';
  #gone = false;
  #pipe: Uint8Array[] = [];
  #pipeBytes = 0;
  #bufferSize = 255;
  #readable: ReadableStream<Uint8Array> | null = null;
  #readController: ReadableByteStreamController | null = null;
  #pendingError: DOMException | null = null;
  #wakePull: (() => void) | null = null;
  #writable: WritableStream<Uint8Array> | null = null;
  #writeController: WritableStreamDefaultController | null = null;
  #readFatal = false;
  #writeFatal = false;
  #releaseWrite: (() => void) | null = null;

  constructor(usbVendorId?: number, usbProductId?: number) {
    this.#info = usbVendorId === undefined ? {} : { usbVendorId, usbProductId: usbProductId ?? 0 };
  }

  get opened(): boolean {
    return this.#state === 'opened';
  }

  getInfo() {
    return this.#info;
  }

  addEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async open(options: SerialOpenOptions): Promise<void> {
    this.attempts++;
    if (this.#state !== 'closed') throw new DOMException('The port is already open.', 'InvalidStateError');
    if (!(options.bufferSize >= 1 && options.bufferSize <= 16 * 1024 * 1024)) throw new TypeError('bufferSize');
    this.#state = 'opening';
    await (this.heldOpening ?? Promise.resolve());
    const refused = this.busyOpenings > 0 ? 'NetworkError' : this.openError;
    this.busyOpenings = Math.max(0, this.busyOpenings - 1);
    if (refused || this.#gone) {
      this.#state = 'closed';
      throw new DOMException('Failed to open serial port.', refused ?? 'NetworkError');
    }
    this.#bufferSize = options.bufferSize;
    this.#state = 'opened';
    this.#readFatal = this.#writeFatal = false;
    this.#pipe = [];
    this.#pipeBytes = 0;
    this.#pendingError = null;
    this.openings.push(options);
  }

  get readable(): ReadableStream<Uint8Array> | null {
    if (this.#readable) return this.#readable;
    if (this.#state !== 'opened' || this.#readFatal) return null;
    this.#readable = new ReadableStream(
      {
        type: 'bytes',
        start: (controller) => {
          this.#readController = controller;
        },
        pull: () => this.#pull(),
        cancel: () => {
          this.#pipe = [];
          this.#pipeBytes = 0;
          this.#endReadable();
        },
      },
      { highWaterMark: 0 },
    );
    return this.#readable;
  }

  get writable(): WritableStream<Uint8Array> | null {
    if (this.#writable) return this.#writable;
    if (this.#state !== 'opened' || this.#writeFatal) return null;
    this.#writable = new WritableStream(
      {
        start: (controller) => {
          this.#writeController = controller;
        },
        write: (chunk) => this.#take(chunk),
        close: () => this.#endWritable(),
        abort: () => this.#endWritable(),
      },
      { highWaterMark: 1 },
    );
    this.#writeController?.signal.addEventListener('abort', () => this.#releaseWrite?.());
    return this.#writable;
  }

  async close(): Promise<void> {
    // A locked stream makes these reject with TypeError; the read side may be cancelled by then already (1.6).
    const cancelled = this.#readable?.cancel() ?? Promise.resolve();
    const aborted = this.#writable?.abort() ?? Promise.resolve();
    await Promise.all([cancelled, aborted]);
    if (this.#state !== 'opened') throw new DOMException('The port is already closed.', 'InvalidStateError');
    this.#state = 'closing';
    await Promise.resolve();
    this.#state = 'closed';
    this.closings++;
  }

  // What the device does.

  send(bytes: Uint8Array | string): void {
    const data = typeof bytes === 'string' ? Uint8Array.from(bytes, (character) => character.charCodeAt(0)) : bytes;
    const room = Math.max(0, this.#bufferSize + SYSTEM_BUFFER_BYTES - this.#pipeBytes);
    this.lostBytes += Math.max(0, data.length - room);
    const kept = data.slice(0, room);
    if (kept.length === 0) return;
    this.#pipe.push(kept);
    this.#pipeBytes += kept.length;
    this.#wakePull?.();
  }

  /** An error on the line: bytes that came before it are delivered before it. */
  fail(name: FakeErrorName): void {
    this.#pendingError = new DOMException('fake', name);
    this.#wakePull?.();
    if (name === 'NetworkError') this.#failWrite();
  }

  /** @param order which of the two tells is heard first: both happen */
  unplug(order: 'event-first' | 'error-first' | 'event-only' | 'error-only' = 'event-first'): void {
    this.#gone = true;
    const event = () => [...this.#listeners].forEach((listener) => listener());
    if (order.startsWith('event')) event();
    if (order !== 'event-only') this.fail('NetworkError');
    if (order === 'error-first') setImmediate(event);
  }

  /** The grant was taken away: the browser has closed the connection by itself (1.6). */
  forceClosed(): void {
    this.#gone = true;
    this.fail('NetworkError');
    this.#state = 'closed';
  }

  takeAgain(): void {
    this.stalled = false;
    this.#releaseWrite?.();
  }

  async #pull(): Promise<void> {
    const controller = this.#readController;
    if (!controller) return;
    while (this.#pipe.length === 0 && !this.#pendingError && this.#readController === controller) {
      await new Promise<void>((resolve) => (this.#wakePull = resolve));
    }
    if (this.#readController !== controller) return;
    const bytes = this.#pipe.shift();
    if (bytes) {
      this.#pipeBytes -= bytes.length;
      controller.enqueue(Uint8Array.from(bytes));
      return;
    }
    const error = this.#pendingError;
    this.#pendingError = null;
    if (error?.name === 'NetworkError') this.#readFatal = true;
    controller.error(error);
    this.#endReadable();
  }

  #endReadable(): void {
    this.#readable = null;
    this.#readController = null;
    this.#wakePull?.();
  }

  #endWritable(): void {
    this.#writable = null;
    this.#writeController = null;
  }

  async #take(chunk: Uint8Array): Promise<void> {
    if (this.stalled) await new Promise<void>((resolve) => (this.#releaseWrite = resolve));
    if (this.stalled) return;
    this.received.push(...chunk);
    this.onReceive(chunk.slice());
  }

  #failWrite(): void {
    this.#writeFatal = true;
    this.#writeController?.error(new DOMException('The device has been lost.', 'NetworkError'));
    this.#releaseWrite?.();
    this.#endWritable();
  }
}
