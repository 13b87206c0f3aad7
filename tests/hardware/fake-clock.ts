/**
 * A clock that a test moves by hand.
 *
 * Before and after each timer everything that is ready to run runs, streams included.
 */
import type { Clock } from '#base/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export class FakeClock implements Clock {
  #nowMs = 1000;
  readonly #sleepers = new Set<Sleeper>();

  nowMs(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** How many timers are set: none may be left behind. */
  get timers(): number {
    return this.#sleepers.size;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper: Sleeper = { atMs: this.#nowMs + delayMs, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await flush();
    for (;;) {
      const due = [...this.#sleepers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.wake();
      await flush();
    }
    this.#nowMs = untilMs;
  }

  /** Time passes and no timer is served, as on a machine that is held up. */
  stall(byMs: number): void {
    this.#nowMs += byMs;
  }
}

/** Lets everything run that is ready to run. */
export async function flush(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
