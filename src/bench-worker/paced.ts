/**
 * One showing at a time, and rest after each: counting ten thousand rows ten times a second would take the disk from
 * the work that is being shown.
 *
 * Knows nothing of what is shown.
 */
import type { Clock } from '#base/clock.ts';

/** Showing takes a fifth of the time at most, and is never later than a person would wait for it. */
const REST_PER_WORK = 4;
const LONGEST_REST_MS = 1_000;

/** @returns the same work; calls during it, or during the rest after it, become one more with the last argument */
export function paced<T>(clock: Clock, work: (subject: T) => Promise<void>): (subject: T) => Promise<void> {
  let isBusy = false;
  let next: { readonly subject: T } | null = null;
  return async function show(subject: T): Promise<void> {
    if (isBusy) {
      next = { subject };
      return;
    }
    isBusy = true;
    const beganMs = clock.monotonicMs();
    try {
      await work(subject);
    } finally {
      const restMs = Math.min(LONGEST_REST_MS, (clock.monotonicMs() - beganMs) * REST_PER_WORK);
      void clock.sleep(restMs).then(() => {
        isBusy = false;
        const waiting = next;
        next = null;
        if (waiting) void show(waiting.subject);
      });
    }
  };
}
