/**
 * Waiting with an end: for a promise, for a signal, for a time, whichever is first.
 *
 * Serves every part of hardware/. Knows nothing of wires.
 */
import type { Clock } from '#base/clock.ts';

/** A timer's end needs no stack trace: making one costs more than the timer. */
const NO_LONGER_NEEDED = 'no longer needed';

/** @returns true when the promise settled in time, either way; false when the time was up first */
export async function settledWithin(clock: Clock, limitMs: number, promise: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const late = clock.sleep(limitMs, timer.signal).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    timer.abort(NO_LONGER_NEEDED);
  }
}

/** The promise's end, or the signal's reason as soon as it is aborted. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => undefined);
      return reject(signal.reason);
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Calls `act` after the time, unless the returned function was called before. */
export function after(clock: Clock, delayMs: number, act: () => void): () => void {
  const timer = new AbortController();
  clock.sleep(delayMs, timer.signal).then(act, () => undefined);
  return () => timer.abort(NO_LONGER_NEEDED);
}

/** Runs `work` with a signal that is aborted with the given one, or when the time is up. */
export async function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stopTimer = after(clock, limitMs, () => limit.abort(`${limitMs} ms are over`));
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } finally {
    stopTimer();
  }
}
