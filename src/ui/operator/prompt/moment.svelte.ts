/**
 * The present moment on the page's monotonic clock, for what counts seconds on the screen.
 *
 * Ticks only while somebody looks. Knows nothing of what is counted.
 */
import { createSubscriber } from 'svelte/reactivity';

/** Seconds are shown, each at its time to a quarter. */
const TICK_MS = 250;

export class Moment {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, TICK_MS);
    return () => clearInterval(timer);
  });

  get nowMs(): number {
    this.#subscribe();
    return performance.now();
  }
}
