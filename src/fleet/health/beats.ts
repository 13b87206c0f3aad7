/**
 * When a station says how it is: spread over time, and later where it is asked to wait.
 *
 * Pure; chance comes in. Knows nothing of what is said.
 */

/**
 * After an outage a thousand stations start within one second of each other; over a quarter of a minute that is 67 a
 * second instead of a thousand.
 */
const FIRST_WITHIN_MS = 15_000;
/** Each rests a little longer or shorter, so that those that once fell together drift apart. */
const SPREAD = 0.1;
/** A server that names no time, or an address that is not there: a static host has no ear for heartbeats. */
const DEAF_MS = 10 * 60_000;
/** However long a server asks for, a person may look at it again within a shift. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** @param chance from 0 to 1 */
export function firstDelayMs(heartbeatMs: number, chance: number): number {
  return Math.min(heartbeatMs, FIRST_WITHIN_MS) * chance;
}

export function nextDelayMs(heartbeatMs: number, chance: number): number {
  return heartbeatMs * (1 - SPREAD / 2 + SPREAD * chance);
}

export interface Said {
  readonly status: number;
  /** As the header says it; null: there was none. */
  readonly retryAfter: string | null;
}

/**
 * How long to say nothing at all after this answer, ms; 0: the next one is due as usual. What was not taken is not sent
 * again: the next heartbeat says it all.
 */
export function silenceMs({ status, retryAfter }: Said, heartbeatMs: number, nowMs: number): number {
  if (status === 404 || status === 405 || status === 501) return DEAF_MS;
  if (status !== 429 && status !== 503) return 0;
  const seconds = retryAfter?.trim() ?? '';
  const askedMs = /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : Date.parse(seconds) - nowMs;
  return Math.min(LONGEST_WAIT_MS, Math.max(heartbeatMs, Number.isFinite(askedMs) ? askedMs : 0));
}
