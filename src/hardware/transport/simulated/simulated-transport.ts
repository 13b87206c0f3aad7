/**
 * A wire made of a function: what is written goes to a peer, what the peer sends comes back as events.
 *
 * Behaves as a serial wire does, in order and asynchronously, so that sessions cannot tell the difference (one
 * acceptance suite, tests/contract/transport-contract.ts). Knows nothing of commands; simulated-instrument.ts does.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { abortedFault, lostFault, notOpenFault } from '#hardware/transport/transport-faults.ts';
import type { LineError, Transport, TransportEvent, TransportState } from '#hardware/transport/transport.ts';

/** What the peer can do to the wire. */
export interface PeerEnd {
  send(bytes: Uint8Array): void;
  lineError(error: LineError): void;
  /** The wire is gone; nothing comes after it. */
  cut(cause: string): void;
}

/** The other end of the wire. */
export interface Peer {
  /** @throws {HardwareFault} when there is nothing to open; `signal` is aborted when the wire is closed or cut */
  attach(end: PeerEnd, signal: AbortSignal): void;
  receive(bytes: Uint8Array): void;
}

export class SimulatedTransport implements Transport {
  readonly kind = 'stream';
  readonly label: string;
  readonly #peer: Peer;
  readonly #clock: Clock;
  readonly #events = new Emitter<TransportEvent>();
  #state: TransportState = 'closed';
  #attached = new AbortController();

  constructor(label: string, peer: Peer, clock: Clock) {
    this.label = label;
    this.#peer = peer;
    this.#clock = clock;
  }

  get state(): TransportState {
    return this.#state;
  }

  onEvent(listener: Listener<TransportEvent>): () => void {
    return this.#events.on(listener);
  }

  async open(signal: AbortSignal): Promise<void> {
    if (this.#state === 'lost') throw lostFault(this.label, 'it was cut');
    if (this.#state !== 'closed') throw notOpenFault(this.label);
    if (signal.aborted) throw abortedFault(this.label, signal.reason);
    const attached = (this.#attached = new AbortController());
    const whileOpen = (act: () => void) => {
      if (this.#state === 'open' && this.#attached === attached) act();
    };
    this.#peer.attach(
      {
        send: (bytes) => whileOpen(() => this.#events.emit({ kind: 'data', bytes: bytes.slice(), atMs: this.#now() })),
        lineError: (error) => whileOpen(() => this.#events.emit({ kind: 'line-error', error, atMs: this.#now() })),
        cut: (cause) => whileOpen(() => this.#lose(cause)),
      },
      attached.signal,
    );
    this.#state = 'open';
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#state === 'lost') throw lostFault(this.label, 'it was cut');
    if (this.#state !== 'open') throw notOpenFault(this.label);
    if (signal.aborted) throw abortedFault(this.label, signal.reason);
    const { signal: detached } = this.#attached;
    const copy = bytes.slice();
    // As on a real wire, nothing can be heard of a write before it was handed over.
    queueMicrotask(() => {
      if (!detached.aborted) this.#peer.receive(copy);
    });
  }

  cut(cause: string): void {
    if (this.#state === 'open') this.#lose(cause);
  }

  async close(): Promise<void> {
    if (this.#state !== 'lost') this.#state = 'closed';
    this.#attached.abort();
  }

  #lose(cause: string): void {
    this.#state = 'lost';
    this.#attached.abort();
    this.#events.emit({ kind: 'lost', cause, atMs: this.#now() });
  }

  #now(): number {
    return this.#clock.monotonicMs();
  }
}
