/**
 * How long somebody must wait after wrong PINs: longer each time, and never for ever.
 *
 * Pure; what it works on is kept on disk, so that a reload forgets nothing. Knows nothing of PINs.
 */
export interface WrongPins {
  readonly count: number;
  /** Wall clock, ms, of the last one. */
  readonly at_ms: number;
}

/** A slip of the finger costs nothing. */
const FREE = 2;
const FIRST_WAIT_MS = 5_000;
/** At 5 minutes a try, half of all PINs of four digits take 17 days without a break. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** @returns milliseconds until the next PIN is looked at; 0: now */
export function pinWaitMs(wrong: WrongPins | undefined, nowMs: number): number {
  if (!wrong || wrong.count <= FREE) return 0;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong.count - FREE - 1));
  const leftMs = wrong.at_ms + waitMs - nowMs;
  // A clock that was set back must not make it longer.
  return Number.isNaN(leftMs) ? waitMs : Math.min(waitMs, Math.max(0, leftMs));
}
