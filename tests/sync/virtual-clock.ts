/**
 * Time that stands still until everybody waits, and then jumps to the next moment that somebody waits for.
 *
 * Deterministic: the same sleeps in the same order wake in the same order. Knows nothing of what is simulated.
 */
import type { Clock } from '#base/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export class VirtualClock implements Clock {
  /** Wall clock minus monotonic clock; a test may step it. */
  wallMs: number;
  #nowMs = 0;
  /** By time. */
  readonly #sleepers: Sleeper[] = [];
  readonly #settle: () => Promise<void>;

  /** @param settle when everybody waits; `promisesOnly` where nothing but promises is waited for */
  constructor(settle = turnOfTheLoop, wallMs = Date.UTC(2026, 10, 20, 8)) {
    this.#settle = settle;
    this.wallMs = wallMs;
  }

  nowMs(): number {
    return this.wallMs + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = () => {
        const at = this.#sleepers.indexOf(sleeper);
        if (at >= 0) this.#sleepers.splice(at, 1);
        reject(signal?.reason);
      };
      const sleeper = {
        atMs: this.#nowMs + Math.max(0, delayMs),
        wake: () => {
          signal?.removeEventListener('abort', cancel);
          resolve();
        },
      };
      this.#sleepers.splice(this.#placeOf(sleeper.atMs), 0, sleeper);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Lets time pass until `work` has ended; an answer that nobody will ever give fails the test. */
  async until<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => void (ended = true);
    work.then(end, end);
    for (;;) {
      await this.#settle();
      if (ended) return work;
      if (this.#sleepers.length === 0) throw new Error('everybody waits for something that never comes');
      this.#wakeNext();
    }
  }

  async pass(ms: number): Promise<void> {
    await this.until(this.sleep(ms));
  }

  /** After all that wake then or before. */
  #placeOf(atMs: number): number {
    let [from, to] = [0, this.#sleepers.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#sleepers[middle]!.atMs <= atMs) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #wakeNext(): void {
    const next = this.#sleepers.shift()!;
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.wake();
  }
}

/** Every promise that can go on has gone on when a macrotask runs, and what the system had ready has come. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Every promise that can go on has gone on: Node takes what `nextTick` was given when its queue of promises is empty.
 * Half of the time of a turn of the loop, which asks the system each time. What the system does is not waited for.
 */
export function promisesOnly(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
