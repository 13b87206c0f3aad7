/**
 * Runs something that waits until it ends, its time is up, or a person stops the run, whichever comes first.
 *
 * Does not trust the body to heed its signal: an instrument that hangs must not hold up teardown. What the body still
 * does after it was cut is nobody's business any more. Knows nothing of phases.
 */
import type { Clock } from '#base/clock.ts';

export interface Limits {
  readonly clock: Clock;
  /** Absent: nobody can stop it (teardown, safe state). */
  readonly stop?: AbortSignal;
  /** On the monotonic clock. */
  readonly deadlineMs?: number;
}

export type Ending<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'threw'; readonly thrown: unknown }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'stopped' };

export function underLimits<T>(
  { clock, stop, deadlineMs }: Limits,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<Ending<T>> {
  if (stop?.aborted) return Promise.resolve({ kind: 'stopped' });
  return new Promise((resolve) => {
    const cut = new AbortController();
    const timer = new AbortController();
    const end = (ending: Ending<T>) => {
      resolve(ending);
      stop?.removeEventListener('abort', onStop);
      timer.abort();
      if (ending.kind === 'deadline' || ending.kind === 'stopped')
        cut.abort(new DOMException(ending.kind, 'AbortError'));
    };
    const onStop = () => end({ kind: 'stopped' });
    stop?.addEventListener('abort', onStop, { once: true });
    if (deadlineMs !== undefined) {
      const remainingMs = Math.max(0, deadlineMs - clock.monotonicMs());
      clock.sleep(remainingMs, timer.signal).then(
        () => end({ kind: 'deadline' }),
        () => undefined,
      );
    }
    // Inside `then`, so that a body that throws before its first await is caught like any other.
    Promise.resolve()
      .then(() => body(cut.signal))
      .then(
        (value) => end({ kind: 'done', value }),
        (thrown: unknown) => end({ kind: 'threw', thrown }),
      );
  });
}
