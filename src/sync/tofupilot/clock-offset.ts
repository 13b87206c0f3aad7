/**
 * How far the server's clock is from one of this machine's, from the `Date` of its answers.
 *
 * `Date` has whole seconds: the offset is its middle against the middle of the request, right to half a second and
 * half the round trip. The best sample of a while is kept. Pure but for what it remembers.
 */
export interface OffsetSample {
  /** Server's clock minus this machine's, ms. */
  readonly offsetMs: number;
  /** Largest error of it, ms. */
  readonly errorMs: number;
}

/** `Date` is cut to the second. */
const HALF_SECOND_MS = 500;
/** A quartz drifts some 50 ppm: 30 ms in this time, far below the error. */
const SAMPLE_LIFE_MS = 600_000;

export class ClockOffset {
  #best: (OffsetSample & { readonly takenMs: number }) | null = null;

  get best(): OffsetSample | null {
    return this.#best;
  }

  /**
   * @param receivedMs when the answer had come, on the clock that the server's is compared with
   * @param monotonicMs the same moment on the monotonic clock
   * @returns the offset when this sample changed it, else null
   */
  sample(date: string | null, receivedMs: number, monotonicMs: number, roundTripMs: number): OffsetSample | null {
    const serverMs = Date.parse(date ?? '');
    if (Number.isNaN(serverMs)) return null;
    const offsetMs = Math.round(serverMs + HALF_SECOND_MS - (receivedMs - roundTripMs / 2));
    const errorMs = Math.round(HALF_SECOND_MS + roundTripMs / 2);
    const best = this.#best;
    const stale = !best || monotonicMs - best.takenMs > SAMPLE_LIFE_MS;
    // Further apart than both can err: one of the clocks was set.
    const stepped = best !== null && Math.abs(offsetMs - best.offsetMs) > errorMs + best.errorMs;
    if (!stale && !stepped && errorMs >= best.errorMs) return null;
    this.#best = { offsetMs, errorMs, takenMs: monotonicMs };
    return { offsetMs, errorMs };
  }
}
