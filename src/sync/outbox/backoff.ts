/**
 * How long to wait, and whether a stored time is still to be believed.
 *
 * Pure. Times are wall-clock milliseconds, because they outlive the page; the wall clock may step.
 */

/** AWS's full jitter: base 1 s, doubled at each attempt, never more than 5 min. */
const BASE_MS = 1_000;
const CAP_MS = 300_000;

/** A server that asks for more than an hour is asked again after an hour. */
export const LONGEST_WAIT_MS = 3_600_000;

/** @param chance from 0 to 1 */
export function fullJitterMs(attempts: number, chance: number): number {
  return Math.round(chance * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempts, 30)));
}

/** For a look-up that keeps failing: as long again as it has been failing, jittered. */
export function growingJitterMs(sinceMs: number, chance: number): number {
  return Math.round(BASE_MS / 2 + chance * Math.min(CAP_MS, Math.max(BASE_MS, sinceMs)));
}

/** Retry-After is a floor; a station that was named none still pauses for a second. */
export function throttleMs(retryAfterMs: number, attempts: number, chance: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(BASE_MS, retryAfterMs)) + fullJitterMs(attempts, chance);
}

/**
 * The time that a stored "not before" still stands for. One that lies further ahead than any that is ever written
 * means that the clock was set back: waiting for it could take years.
 */
export function believable(notBeforeMs: number, nowMs: number): number {
  return notBeforeMs > nowMs + LONGEST_WAIT_MS + CAP_MS ? nowMs : notBeforeMs;
}
