/**
 * Web Serial as a transport: one pump reads, one ordered queue writes, and the pump alone closes the port.
 *
 * Above it: protocol sessions; beside it: serial-ports.ts, which makes it. Rules: ../RULES.md. DTR and RTS are left as
 * the browser sets them on open: a pulse resets many fixtures (pitfall 21). Knows nothing of frames or of re-binding.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { messageOf } from '#base/fault.ts';
import { bufferSizeFor } from '#hardware/transport/serial/buffer-size.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import { lineErrorOf, openFault } from '#hardware/transport/serial/port-error.ts';
import type { PortReader, SerialPortLike } from '#hardware/transport/serial/serial-port.ts';
import { usbIdOf } from '#hardware/transport/serial/serial-port.ts';
import { SerialWriter } from '#hardware/transport/serial/serial-writer.ts';
import { abortedFault, lostFault, notOpenFault } from '#hardware/transport/transport-faults.ts';
import type { Transport, TransportEvent, TransportState } from '#hardware/transport/transport.ts';
import { settledWithin, unlessAborted } from '#hardware/waiting.ts';

/** After a plug the operating system's node, a modem daemon or the old handle may be in the way this long (11, 13, 41). */
const AFTER_PLUG_DELAYS_MS = [100, 250, 500, 1000];
/** A stream that ends more often than this in one second will not get better (5). */
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 1000;
/** No step of closing takes longer than this on a port that works; then the next step is taken. */
const CLOSE_STEP_LIMIT_MS = 500;

export interface SerialTransportOptions {
  readonly clock: Clock;
  /** The port has just arrived: a refusal to open is tried again a few times. */
  readonly justPlugged: boolean;
  /** For the words about a port that cannot be opened. */
  readonly system?: HostSystem;
}

export class SerialTransport implements Transport {
  readonly kind = 'stream';
  readonly label: string;
  readonly counters = { bytes: 0, chunks: 0, restarts: 0, lineErrors: 0 };
  readonly #port: SerialPortLike;
  readonly #settings: SerialSettings;
  readonly #clock: Clock;
  readonly #openDelaysMs: readonly number[];
  readonly #system: HostSystem;
  readonly #events = new Emitter<TransportEvent>();
  readonly #onDisconnect = () => this.#lose('it was unplugged');
  #state: TransportState = 'closed';
  #reader: PortReader | null = null;
  #writer: SerialWriter | null = null;
  #opening: AbortController | null = null;
  /** Ends when nothing of this instance holds the port any more. */
  #released: Promise<void> = Promise.resolve();

  constructor(port: SerialPortLike, settings: SerialSettings, options: SerialTransportOptions) {
    const { clock, justPlugged, system = 'unknown' } = options;
    this.#port = port;
    this.#settings = settings;
    this.#clock = clock;
    this.#system = system;
    this.#openDelaysMs = justPlugged ? AFTER_PLUG_DELAYS_MS : [];
    this.label = `serial ${usbIdOf(port) || 'port'}`;
  }

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
    try {
      await this.#openPatiently(AbortSignal.any([signal, this.#opening.signal]));
    } catch (fault) {
      this.#state = 'closed';
      throw fault;
    } finally {
      this.#opening = null;
    }
    this.#state = 'open';
    this.#port.addEventListener('disconnect', this.#onDisconnect);
    this.#writer = new SerialWriter(this.#port, this.#clock, this.label, (cause) => this.#lose(cause));
    this.#released = this.#pump();
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#state === 'lost') return Promise.reject(lostFault(this.label, 'it was lost before'));
    if (this.#state !== 'open' || !this.#writer) return Promise.reject(notOpenFault(this.label));
    return this.#writer.write(bytes, signal);
  }

  cut(cause: string): void {
    this.#lose(cause);
  }

  async close(): Promise<void> {
    this.#opening?.abort();
    if (this.#state === 'open') {
      this.#state = 'closing';
      this.#stopReading();
    }
    // Three steps of closing, each with its limit, and a spare: what still hangs then is the browser's to end.
    await settledWithin(this.#clock, 4 * CLOSE_STEP_LIMIT_MS, this.#released);
    if (this.#state !== 'lost') this.#state = 'closed';
  }

  async #openPatiently(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const opening = this.#port.open({ ...this.#settings, bufferSize: bufferSizeFor(this.#settings) });
      try {
        return await unlessAborted(opening, signal);
      } catch (thrown) {
        if (signal.aborted) {
          // `open()` itself cannot be stopped: what it still opens is closed again, and `close()` waits for that.
          this.#released = opening.then(() => this.#port.close()).catch(() => undefined);
          throw abortedFault(this.label, signal.reason);
        }
        const delayMs = this.#openDelaysMs[attempt];
        if (nameOf(thrown) !== 'NetworkError' || delayMs === undefined)
          throw openFault(thrown, this.label, this.#system);
        await this.#clock.sleep(delayMs, signal).catch((reason: unknown) => {
          throw abortedFault(this.label, reason);
        });
      }
    }
  }

  /** Reads for as long as the port is open, over every stream that the port gives, then closes it. */
  async #pump(): Promise<void> {
    const restartsAtMs: number[] = [];
    while (this.#state === 'open') {
      const end = await this.#readStream();
      if (this.#state !== 'open') break;
      const error = lineErrorOf(end.thrown);
      if (!end.done && error === undefined) {
        this.#lose(nameOf(end.thrown) === 'NetworkError' ? 'the device went away' : messageOf(end.thrown));
        break;
      }
      const nowMs = this.#clock.monotonicMs();
      if (error !== undefined) {
        this.counters.lineErrors++;
        this.#events.emit({ kind: 'line-error', error, atMs: nowMs });
      }
      while (restartsAtMs[0] !== undefined && nowMs - restartsAtMs[0] > RESTART_WINDOW_MS) restartsAtMs.shift();
      restartsAtMs.push(nowMs);
      if (restartsAtMs.length > MAX_RESTARTS) this.#lose(`its line fails again and again (${error ?? 'stream ended'})`);
      else this.counters.restarts++;
    }
    await this.#shutDown();
  }

  async #readStream(): Promise<{ readonly done: boolean; readonly thrown?: unknown }> {
    let reader: PortReader | undefined;
    try {
      reader = this.#port.readable?.getReader();
      if (!reader) return { done: false, thrown: new Error('it can no longer be read') };
      this.#reader = reader;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return { done: true };
        if (value === undefined || this.#state !== 'open') continue;
        this.counters.bytes += value.length;
        this.counters.chunks++;
        this.#events.emit({ kind: 'data', bytes: value, atMs: this.#clock.monotonicMs() });
      }
    } catch (thrown) {
      return { done: false, thrown };
    } finally {
      this.#reader = null;
      reader?.releaseLock();
    }
  }

  /** Ends the pump's pending read; one that will not be cancelled loses its lock, which ends it too. */
  #stopReading(): void {
    const reader = this.#reader;
    if (!reader) return;
    void settledWithin(this.#clock, CLOSE_STEP_LIMIT_MS, reader.cancel()).then((cancelled) => {
      if (!cancelled) reader.releaseLock();
    });
  }

  #lose(cause: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'lost';
    this.#writer?.lose(cause);
    this.#events.emit({ kind: 'lost', cause, atMs: this.#clock.monotonicMs() });
    this.#stopReading();
  }

  /** Only the pump comes here, so nothing closes the port twice or under a reader (8). */
  async #shutDown(): Promise<void> {
    this.#port.removeEventListener('disconnect', this.#onDisconnect);
    await this.#writer?.end(this.#state === 'closing' ? 'send' : 'discard', CLOSE_STEP_LIMIT_MS);
    try {
      await this.#port.close();
    } catch (thrown) {
      // InvalidStateError: the browser closed it already (9). TypeError: a stream's lock was still being given back.
      if (nameOf(thrown) === 'TypeError') await this.#port.close().catch(() => undefined);
    }
  }
}
