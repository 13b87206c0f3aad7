/**
 * A recorded wire, played back: what came in comes again when what was sent before it has been sent.
 *
 * Its recording is that of ../wire-recording.ts. The pauses are those of the recording, by the clock that is handed in. Whoever
 * sends something else than was recorded has left the recording, and the wire is lost with both in its words: an answer
 * to another question would be worse than none. Above it: protocol sessions, as over any wire.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { abortedFault, lostFault, notOpenFault } from '#hardware/transport/transport-faults.ts';
import type { Transport, TransportEvent, TransportState } from '#hardware/transport/transport.ts';
import type { WireEntry, WireRecording } from '#hardware/transport/wire-recording.ts';

type Sent = Extract<WireEntry, { kind: 'out' }>;

export class ReplayTransport implements Transport {
  readonly kind: 'stream' | 'message';
  readonly label: string;
  /** How far it was followed. */
  readonly counters = { sentBytes: 0 };
  readonly #entries: readonly WireEntry[];
  readonly #clock: Clock;
  readonly #events = new Emitter<TransportEvent>();
  #state: TransportState = 'closed';
  /** The next entry to be played. */
  #at = 0;
  /** Bytes of the `out` entry at `#at` that were sent already: a recording knows no borders of writes. */
  #matched = 0;
  /** From the recording's time to this clock's; set anew where the recording is known to be followed. */
  #shiftMs = 0;
  /** Ends what is being played, and whoever waits. */
  #end = new AbortController();
  /** The opening that is being played. */
  #playing: AbortSignal | null = null;

  constructor({ label, wire, entries }: WireRecording, clock: Clock) {
    this.kind = wire;
    this.label = `replay of ${label}`;
    this.#entries = entries;
    this.#clock = clock;
  }

  get state(): TransportState {
    return this.#state;
  }

  onEvent(listener: Listener<TransportEvent>): () => void {
    return this.#events.on(listener);
  }

  async open(signal: AbortSignal): Promise<void> {
    if (this.#state === 'lost') throw lostFault(this.label, 'it was lost in the recording');
    if (this.#state !== 'closed') throw notOpenFault(this.label);
    if (signal.aborted) throw abortedFault(this.label, signal.reason);
    this.#end = new AbortController();
    this.#state = 'open';
    // Opened again: the recording goes on where it was opened again.
    if (this.#at > 0) this.#skipToOpening();
    this.#keepPace(this.#entries[this.#at]);
    void this.#play();
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#state === 'lost') throw lostFault(this.label, 'it was lost before');
    if (this.#state !== 'open') throw notOpenFault(this.label);
    if (signal.aborted) throw abortedFault(this.label, signal.reason);
    const copy = bytes.slice();
    const { signal: ended } = this.#end;
    // As on a real wire, nothing can be heard of a write before it was handed over.
    queueMicrotask(() => {
      if (!ended.aborted) this.#take(copy);
    });
  }

  cut(cause: string): void {
    if (this.#state === 'open') this.#lose(cause);
  }

  async close(): Promise<void> {
    if (this.#state !== 'lost') this.#state = 'closed';
    this.#end.abort('closed');
  }

  #take(bytes: Uint8Array): void {
    for (const [index, byte] of bytes.entries()) {
      const expected = this.#nextOut();
      if (this.#end.signal.aborted) return;
      if (expected?.bytes[this.#matched] !== byte) return this.#lose(difference(expected, this.#matched, bytes, index));
      this.counters.sentBytes++;
      this.#matched++;
      if (this.#matched < expected.bytes.length) continue;
      this.#keepPace(expected);
      this.#at++;
      this.#matched = 0;
    }
    void this.#play();
  }

  #keepPace(entry: WireEntry | undefined): void {
    if (entry) this.#shiftMs = this.#clock.monotonicMs() - entry.atMs;
  }

  /** The next bytes that were sent, past what came in before them: whoever is early does not wait for it. */
  #nextOut(): Sent | undefined {
    for (let at = this.#at; at < this.#entries.length; at++) {
      const entry = this.#entries[at]!;
      if (entry.kind !== 'out') continue;
      while (this.#at < at) this.#emit(this.#entries[this.#at++]!);
      return entry;
    }
    return undefined;
  }

  /** Plays what came in, up to the next bytes that have to be sent first. */
  async #play(): Promise<void> {
    const { signal } = this.#end;
    if (this.#playing === signal) return;
    this.#playing = signal;
    try {
      for (;;) {
        const entry = this.#entries[this.#at];
        if (!entry || entry.kind === 'out' || entry.kind === 'closed' || signal.aborted) return;
        const pauseMs = entry.atMs + this.#shiftMs - this.#clock.monotonicMs();
        if (pauseMs > 0) await this.#clock.sleep(pauseMs, signal);
        // What was sent meanwhile may have played it already.
        if (this.#entries[this.#at] !== entry) continue;
        this.#at++;
        this.#emit(entry);
      }
    } catch {
      // Closed or lost: nothing more is played.
    } finally {
      if (this.#playing === signal) this.#playing = null;
    }
  }

  #emit(entry: WireEntry): void {
    if (this.#state !== 'open') return;
    const atMs = this.#clock.monotonicMs();
    if (entry.kind === 'in') {
      const { bytes, end } = entry;
      this.#events.emit({ kind: 'data', bytes: bytes.slice(), atMs, ...(end ? { end } : {}) });
    } else if (entry.kind === 'line-error') this.#events.emit({ kind: 'line-error', error: entry.error, atMs });
    else if (entry.kind === 'lost') this.#lose(entry.cause);
  }

  #skipToOpening(): void {
    const found = this.#entries.findIndex(({ kind }, at) => at >= this.#at && kind === 'opened');
    this.#at = found < 0 ? this.#entries.length : found;
    this.#matched = 0;
  }

  #lose(cause: string): void {
    this.#state = 'lost';
    this.#end.abort(cause);
    this.#events.emit({ kind: 'lost', cause, atMs: this.#clock.monotonicMs() });
  }
}

/** Both sides at the place where they part. */
function difference(expected: Sent | undefined, matched: number, bytes: Uint8Array, index: number): string {
  const shown = (part: Uint8Array) => JSON.stringify(String.fromCharCode(...part.slice(0, 40)));
  const sent = shown(bytes.slice(index));
  if (!expected) return `the recording has ended, and ${sent} was sent`;
  return `the recording goes on with ${shown(expected.bytes.slice(matched))}, and ${sent} was sent`;
}
