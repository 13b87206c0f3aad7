/**
 * The writing half of a serial transport: one write at a time, in order, each of them stoppable.
 *
 * Owns the lock of `port.writable` for as long as the port is open. Above it: serial-transport.ts. Knows nothing of
 * reading and never closes the port.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { PortWriter, SerialPortLike } from '#hardware/transport/serial/serial-port.ts';
import { abortedFault, lostFault } from '#hardware/transport/transport-faults.ts';
import type { HardwareFault } from '#hardware/transport/transport.ts';
import { settledWithin, unlessAborted } from '#hardware/waiting.ts';

/** Throwing away what waits in the browser takes a few milliseconds; a device that blocks it is given up on. */
const ABORT_LIMIT_MS = 500;

export class SerialWriter {
  readonly #port: SerialPortLike;
  readonly #clock: Clock;
  readonly #label: string;
  readonly #onLost: (cause: string) => void;
  #writer: PortWriter | null = null;
  /** Ends when the last write that was asked for has ended; null when none is under way. */
  #tail: Promise<void> | null = null;
  #loss: HardwareFault | null = null;
  #rejectPending: ((fault: HardwareFault) => void) | null = null;

  constructor(port: SerialPortLike, clock: Clock, label: string, onLost: (cause: string) => void) {
    this.#port = port;
    this.#clock = clock;
    this.#label = label;
    this.#onLost = onLost;
  }

  /** The first bytes are handed over before this returns when no other write is under way. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(abortedFault(this.#label, signal.reason));
    const before = this.#tail;
    const written = before ? this.#afterTurn(before, bytes, signal) : this.#writeNow(bytes, signal);
    const free = () => {
      if (this.#tail === tail) this.#tail = null;
    };
    // A write whose signal was aborted while it waited has ended, but those before it have not.
    const tail: Promise<void> = (before ? Promise.all([before, written.catch(() => undefined)]) : written).then(
      free,
      free,
    );
    this.#tail = tail;
    return written;
  }

  /** The port is gone: whatever is under way ends at once. */
  lose(cause: string): void {
    this.#loss ??= lostFault(this.#label, cause);
    this.#rejectPending?.(this.#loss);
  }

  /** Gives the lock back; `send`: after the device has taken what was written, if it does within the limit. */
  async end(pending: 'send' | 'discard', limitMs: number): Promise<void> {
    const writer = this.#writer;
    if (!writer) return;
    const sent = pending === 'send' && (await settledWithin(this.#clock, limitMs, writer.close()));
    if (!sent) await settledWithin(this.#clock, limitMs, writer.abort());
    this.#release(writer);
  }

  async #afterTurn(before: Promise<void>, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await unlessAborted(before, signal).catch((reason: unknown) => {
      throw abortedFault(this.#label, reason);
    });
    return this.#writeNow(bytes, signal);
  }

  async #writeNow(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#loss) throw this.#loss;
    const writer = (this.#writer ??= this.#port.writable?.getWriter() ?? null);
    if (!writer) {
      this.#onLost('it can no longer be written to');
      throw lostFault(this.#label, 'it can no longer be written to');
    }
    const handedOver = writer.write(bytes);
    const lost = new Promise<never>((_, reject) => (this.#rejectPending = reject));
    try {
      await unlessAborted(Promise.race([handedOver, lost]), signal);
    } catch (thrown) {
      if (this.#loss) throw this.#loss;
      if (!signal.aborted) {
        // On Windows an unplugged device can show first as a failed write of any name: it is gone in every case.
        const cause = nameOf(thrown) === 'NetworkError' ? 'the device went away' : messageOf(thrown);
        this.#onLost(cause);
        throw lostFault(this.#label, cause);
      }
      // Handed over in part at most: the rest is thrown away, and the port gives a fresh stream for the next write.
      await settledWithin(this.#clock, ABORT_LIMIT_MS, writer.abort());
      this.#release(writer);
      throw abortedFault(this.#label, signal.reason);
    } finally {
      this.#rejectPending = null;
    }
  }

  #release(writer: PortWriter): void {
    if (this.#writer === writer) this.#writer = null;
    writer.releaseLock();
  }
}
