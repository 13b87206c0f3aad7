/**
 * What went over a wire, in order and with its times, in a bounded memory.
 *
 * Any transport can be wrapped (`logged`), and behaves as before. When the memory is full the oldest goes, and how much
 * went is said. Beside it: wire-recording.ts, what a log is outside of it. Knows nothing of what the bytes mean.
 */
import type { Transport, TransportEvent } from '#hardware/transport/transport.ts';
import type { WireEntry, WireRecording } from '#hardware/transport/wire-recording.ts';

/** A run of an hour at one query a second, with room for a waveform. */
const MAX_BYTES = 1024 * 1024;
/** An entry without bytes takes memory too; a line error in every millisecond must not fill it. */
const ENTRY_BYTES = 32;

export class WireLog {
  readonly #label: string;
  readonly #wire: Transport['kind'];
  readonly #maxBytes: number;
  #entries: WireEntry[] = [];
  /** Entries before this one are forgotten; they are cut off now and then, not one at a time. */
  #first = 0;
  #bytes = 0;
  #forgottenBytes = 0;
  /** Up to where the device was ready: who is there, and its safe state. */
  #opening: readonly WireEntry[] = [];

  constructor({ label, kind }: Pick<Transport, 'label' | 'kind'>, maxBytes = MAX_BYTES) {
    this.#label = label;
    this.#wire = kind;
    this.#maxBytes = maxBytes;
  }

  add(entry: WireEntry): void {
    this.#entries.push(entry);
    this.#bytes += sizeOf(entry);
    while (this.#bytes > this.#maxBytes && this.#first < this.#entries.length - 1) {
      const oldest = this.#entries[this.#first++]!;
      this.#bytes -= sizeOf(oldest);
      if ('bytes' in oldest) this.#forgottenBytes += oldest.bytes.length;
    }
    if (this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  /** What was said so far made the device ready; it stays, however much follows. */
  endOpening(): void {
    this.#opening = this.#entries.slice(this.#first);
  }

  /** Whether anything came since a monotonic time. */
  hasEntriesSince(sinceMs: number): boolean {
    return (this.#entries.at(-1)?.atMs ?? -Infinity) >= sinceMs;
  }

  /**
   * What is remembered; or how the device was made ready and what came since a monotonic time, which is what a replay of
   * that time needs.
   */
  recording(sinceMs = -Infinity): WireRecording {
    const since = this.#entries.slice(this.#first).filter(({ atMs }) => atMs >= sinceMs);
    const before = sinceMs === -Infinity ? [] : this.#opening.filter((entry) => !since.includes(entry));
    return {
      format: 'fieldbench-wire-log',
      version: 1,
      label: this.#label,
      wire: this.#wire,
      forgottenBytes: this.#forgottenBytes,
      entries: [...before, ...since],
    };
  }
}

/** The same transport, and everything that passes is remembered. @param nowMs monotonic, as the transport's own events */
export function logged(transport: Transport, log: WireLog, nowMs: () => number): Transport {
  transport.onEvent((event) => log.add(entryOf(event)));
  const { ieee488 } = transport;
  return {
    label: transport.label,
    kind: transport.kind,
    ...(ieee488 ? { ieee488 } : {}),
    get state() {
      return transport.state;
    },
    onEvent: (listener) => transport.onEvent(listener),
    open: async (signal) => {
      await transport.open(signal);
      log.add({ kind: 'opened', atMs: nowMs() });
    },
    write: (bytes, signal, asks) => {
      // Before it is handed over: an answer may come before the writer hears that it was.
      if (transport.state === 'open' && !signal.aborted)
        log.add({ kind: 'out', atMs: nowMs(), bytes: bytes.slice(), ...(asks ? { asks } : {}) });
      return transport.write(bytes, signal, asks);
    },
    cut: (cause) => transport.cut(cause),
    close: async () => {
      if (transport.state === 'open') log.add({ kind: 'closed', atMs: nowMs() });
      await transport.close();
    },
  };
}

function entryOf(event: TransportEvent): WireEntry {
  const { atMs } = event;
  switch (event.kind) {
    case 'data':
      // A copy: what is kept must not hold a buffer of megabytes for its few bytes.
      return { kind: 'in', atMs, bytes: event.bytes.slice(), ...(event.end ? { end: true } : {}) };
    case 'line-error':
      return { kind: 'line-error', atMs, error: event.error };
    case 'lost':
      return { kind: 'lost', atMs, cause: event.cause };
  }
}

function sizeOf(entry: WireEntry): number {
  return ENTRY_BYTES + ('bytes' in entry ? entry.bytes.length : 0);
}
