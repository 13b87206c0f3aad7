/**
 * A clock whose time passes only when a test says so, always in the same order.
 *
 * `run` lets it pass by itself: whenever nothing is left to do at one moment, the next sleeper's moment comes. A test
 * that would wait for hours takes milliseconds, and twice the same run is twice the same.
 */
import type { Clock } from '#base/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

export class FakeClock implements Clock {
  #ms = 0;
  readonly #wallStartMs: number;
  /** In the order in which they went to sleep; the earliest due is woken first, and of equals the first. */
  readonly #sleepers = new Set<Sleeper>();

  constructor(wallStartMs: number = Date.UTC(2026, 10, 20, 8)) {
    this.#wallStartMs = wallStartMs;
  }

  nowMs(): number {
    return this.#wallStartMs + this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      };
      const sleeper = { dueMs: this.#ms + Math.max(0, delayMs), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Lets `ms` pass, waking whoever is due on the way. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#ms + ms;
    await settled();
    for (let next = this.#next(); next && next.dueMs <= untilMs; next = this.#next()) {
      this.#wake(next);
      await settled();
    }
    this.#ms = untilMs;
  }

  /** Lets time pass until the promise is settled. @throws when it never will be, because nobody sleeps */
  async run<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    const finished = promise.finally(() => (done = true));
    // The caller gets the failure from `finished`; this keeps Node from calling it unhandled meanwhile.
    finished.catch(() => undefined);
    for (;;) {
      await settled();
      if (done) return finished;
      const next = this.#next();
      if (!next) throw new Error('the fake clock stands still: something waits that nothing will ever wake');
      this.#wake(next);
    }
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) if (!first || sleeper.dueMs < first.dueMs) first = sleeper;
    return first;
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
    this.#ms = Math.max(this.#ms, sleeper.dueMs);
    sleeper.wake();
  }
}

/** Resolves when every promise that can settle now has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
