/**
 * The life of every transport over WebUSB: claim, one ordered queue of writes, loss told once, release.
 *
 * Below it: device-seat.ts, which opens and closes the device. Its kinds (bulk-transport.ts, usbtmc/) say how bytes
 * travel. WebUSB ends no transfer by time or by signal (42): whoever waits here does, and what is left of a transfer
 * ends with the device's `close`. Rules: ../RULES.md.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import { abortedFault, lostFault, notOpenFault } from '#hardware/transport/transport-faults.ts';
import type { LineError, Transport, TransportEvent, TransportState } from '#hardware/transport/transport.ts';
import { ControlPipe } from '#hardware/transport/usb/control-pipe.ts';
import { DeviceSeat } from '#hardware/transport/usb/device-seat.ts';
import type { UsbDeviceLike } from '#hardware/transport/usb/usb-device.ts';
import { causeOf, openFault } from '#hardware/transport/usb/usb-error.ts';
import type { UsbFunction } from '#hardware/transport/usb/usb-function.ts';
import { settledWithin, unlessAborted } from '#hardware/waiting.ts';

/** On Windows a transfer of an unplugged device can fail before its `disconnect` is told (48). */
const UNPLUG_GRACE_MS = 100;
/** Transfers that fail more often than this in one second will not get better, as with Web Serial (5). */
const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 1000;
/** No step of closing takes longer than this on a device that works; then the next step is taken. */
const CLOSE_STEP_LIMIT_MS = 500;

export interface UsbTransportOptions {
  readonly clock: Clock;
  readonly system: HostSystem;
  /** The device has just arrived: a refusal to open is tried again a few times. */
  readonly justPlugged: boolean;
  /** Told when this device is unplugged. @returns a function that stops listening */
  readonly onUnplug: (listener: () => void) => () => void;
}

export abstract class UsbTransport implements Transport {
  abstract readonly kind: 'stream' | 'message';
  readonly label: string;
  readonly counters = { bytes: 0, chunks: 0, lineErrors: 0, stalls: 0, failures: 0 };
  protected readonly device: UsbDeviceLike;
  protected readonly fn: UsbFunction;
  protected readonly control: ControlPipe;
  protected readonly clock: Clock;
  readonly #options: UsbTransportOptions;
  readonly #events = new Emitter<TransportEvent>();
  #turns = new Turns();
  #state: TransportState = 'closed';
  /** Aborted when the wire is no longer to be used, with the fault of its loss or as closed. */
  #end = new AbortController();
  #opening: AbortController | null = null;
  #reading: Promise<void> = Promise.resolve();
  #released: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #stopListening = () => {};
  #failuresAtMs: number[] = [];

  constructor(device: UsbDeviceLike, fn: UsbFunction, label: string, options: UsbTransportOptions) {
    this.device = device;
    this.fn = fn;
    this.label = label;
    this.clock = options.clock;
    this.#options = options;
    this.control = new ControlPipe(device, fn, options.clock, label);
  }

  /** Sets the claimed device up, while it is being read already. */
  protected abstract start(): Promise<void>;
  /** Reads until `ended`; awaited before the device counts as free. */
  protected abstract read(): Promise<void>;
  /** One write, in its turn. @param signal the writer's, or the end of the wire */
  protected abstract send(bytes: Uint8Array<ArrayBuffer>, asks: boolean, signal: AbortSignal): Promise<void>;
  /** Takes leave of a device that is still there. */
  protected abstract stop(): Promise<void>;

  get state(): TransportState {
    return this.#state;
  }

  onEvent(listener: Listener<TransportEvent>): () => void {
    return this.#events.on(listener);
  }

  async open(signal: AbortSignal): Promise<void> {
    if (this.#state === 'lost') throw lostFault(this.label, 'it was unplugged');
    if (this.#state !== 'closed') throw notOpenFault(this.label);
    if (signal.aborted) throw abortedFault(this.label, signal.reason);
    this.#state = 'opening';
    this.#opening = new AbortController();
    this.#end = new AbortController();
    this.#turns = new Turns();
    this.#released = null;
    const limited = AbortSignal.any([signal, this.#opening.signal]);
    this.#stopListening = this.#options.onUnplug(() => this.lose('it was unplugged'));
    const { clock, label } = this;
    const { system, justPlugged } = this.#options;
    const claimed = DeviceSeat.of(this.device).claim(this.fn, { clock, label, system, justPlugged, signal: limited });
    try {
      await unlessAborted(
        claimed.then(() => {
          limited.throwIfAborted();
          // Before it is set up: what the device still had to say to somebody else is thrown away (35).
          this.#reading = this.read();
          return this.start();
        }),
        limited,
      );
    } catch (thrown) {
      // `open()` itself cannot be stopped: what it still opens is closed again, and `close()` waits for that.
      this.#end.abort('closed');
      void this.#release();
      this.#state = 'closed';
      if (limited.reason instanceof Fault) throw limited.reason;
      if (limited.aborted) throw abortedFault(this.label, limited.reason);
      throw thrown instanceof Fault ? thrown : openFault(thrown, this.label, system);
    } finally {
      this.#opening = null;
    }
    this.#state = 'open';
  }

  write(bytes: Uint8Array, signal: AbortSignal, asks = false): Promise<void> {
    if (this.#state === 'lost') return Promise.reject(lostFault(this.label, 'it was lost before'));
    if (this.#state !== 'open') return Promise.reject(notOpenFault(this.label));
    // An exact copy: WebUSB refuses shared buffers, and a view has an offset (47).
    const exact = new Uint8Array(bytes);
    return this.inTurn(signal, (limited) => this.send(exact, asks, limited));
  }

  cut(cause: string): void {
    this.lose(cause);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => (this.#closing = null));
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#opening?.abort('closed');
    if (this.#state === 'open') {
      this.#state = 'closing';
      // What was written before reaches the device, if it takes it in time (24).
      await settledWithin(
        this.clock,
        CLOSE_STEP_LIMIT_MS,
        this.#turns.take(async () => {}),
      );
      this.#end.abort('closed');
    }
    if (this.#state !== 'closed' || this.#released) await this.#release();
    if (this.#state !== 'lost') this.#state = 'closed';
  }

  /** True when nothing more is to be read or sent. */
  protected get ended(): boolean {
    return this.#end.signal.aborted;
  }

  /** Runs in the order of asking, one at a time; whoever asks stops waiting when its signal or the wire ends. */
  protected inTurn<T>(signal: AbortSignal, work: (limited: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(abortedFault(this.label, signal.reason));
    const limited = AbortSignal.any([signal, this.#end.signal]);
    const done = this.#turns.take(async () => {
      limited.throwIfAborted();
      return work(limited);
    });
    return unlessAborted(done, limited).catch((thrown: unknown) => {
      if (this.#state === 'lost') throw this.#end.signal.reason;
      if (this.ended) throw notOpenFault(this.label);
      if (signal.aborted) throw abortedFault(this.label, signal.reason);
      throw thrown;
    });
  }

  protected tell(bytes: Uint8Array, end?: boolean): void {
    if (this.#state !== 'open') return;
    this.counters.bytes += bytes.length;
    this.counters.chunks++;
    const atMs = this.clock.monotonicMs();
    this.#events.emit({ kind: 'data', bytes, atMs, ...(end === undefined ? {} : { end }) });
  }

  protected tellError(error: LineError): void {
    if (this.#state !== 'open') return;
    this.counters.lineErrors++;
    this.#events.emit({ kind: 'line-error', error, atMs: this.clock.monotonicMs() });
  }

  /** Ends the wire, once, and says so before it returns. */
  protected lose(cause: string): void {
    this.#opening?.abort(lostFault(this.label, cause));
    if (this.#state !== 'open') return;
    this.#state = 'lost';
    this.#end.abort(lostFault(this.label, cause));
    this.#events.emit({ kind: 'lost', cause, atMs: this.clock.monotonicMs() });
    void this.#release();
  }

  /** A transfer of the pump failed. @returns true when the wire still holds, after a line error was told; false when it has ended */
  protected async survives(thrown: unknown): Promise<boolean> {
    if (await this.#isGone(thrown)) return false;
    if (this.#failsAgain()) {
      this.lose(causeOf(thrown));
      return false;
    }
    this.tellError('unknown');
    return true;
  }

  /** A transfer failed that cannot be made again: the wire ends, by the name of its unplugging if that is told in time. */
  protected async settleLoss(thrown: unknown): Promise<void> {
    if (!(await this.#isGone(thrown))) this.lose(causeOf(thrown));
  }

  /** @returns whether the wire has ended, after waiting for the word of an unplug if there was none yet (48) */
  async #isGone(thrown: unknown): Promise<boolean> {
    if (this.ended) return true;
    this.counters.failures++;
    if (nameOf(thrown) === 'NotFoundError' || nameOf(thrown) === 'InvalidStateError') this.lose(causeOf(thrown));
    else await this.clock.sleep(UNPLUG_GRACE_MS, this.#end.signal).catch(() => undefined);
    return this.ended;
  }

  /** A halted endpoint is cleared (46); one that halts again and again is the end of the wire. */
  protected async clearStall(direction: 'in' | 'out', endpointNumber: number): Promise<void> {
    this.counters.stalls++;
    if (this.#failsAgain()) return this.lose('its endpoint halts again and again');
    await this.device.clearHalt(direction, endpointNumber);
  }

  /** Counts one more failure. @returns true when there were too many of them of late */
  #failsAgain(): boolean {
    const nowMs = this.clock.monotonicMs();
    this.#failuresAtMs = this.#failuresAtMs.filter((atMs) => nowMs - atMs <= FAILURE_WINDOW_MS);
    this.#failuresAtMs.push(nowMs);
    return this.#failuresAtMs.length > MAX_FAILURES;
  }

  /** Once for each opening. An unplugged device needs no leave; a cut one may hold DTR, so it is told. */
  #release(): Promise<void> {
    this.#stopListening();
    this.#released ??= (async () => {
      if (this.#state !== 'closed' && this.#state !== 'opening')
        await settledWithin(this.clock, CLOSE_STEP_LIMIT_MS, this.stop());
      const released = DeviceSeat.of(this.device).release(this.fn);
      await settledWithin(this.clock, 2 * CLOSE_STEP_LIMIT_MS, released);
      await settledWithin(this.clock, CLOSE_STEP_LIMIT_MS, this.#reading);
    })();
    return this.#released;
  }
}
