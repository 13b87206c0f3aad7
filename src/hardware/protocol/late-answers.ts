/**
 * Which answers may still come although nobody waits for them any more (pitfall 32).
 *
 * Counts and one time, no wires. Used by the session and by in-step.ts.
 */
import type { Clock } from '#base/clock.ts';

/** A device that answers too late mostly does so within as long again as it was given, and nobody waits longer than this. */
export const LONGEST_WAIT_MS = 1000;

export class LateAnswers {
  readonly #clock: Clock;
  #answers = 0;
  #identities = 0;
  /** A query was given up that was asked after an identity query whose answer is still to come. */
  #isBehindIdentity = false;
  #untilMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Monotonic time until which it is worth waiting for them; in the past when none is to come. */
  get untilMs(): number {
    return this.#answers > 0 ? this.#untilMs : -Infinity;
  }

  /** A query was given up after this time or before. */
  expect(timeoutMs: number): void {
    this.#answers++;
    if (this.#identities > 0) this.#isBehindIdentity = true;
    this.#untilMs = Math.max(this.#untilMs, this.#clock.monotonicMs() + Math.min(timeoutMs, LONGEST_WAIT_MS));
  }

  /** The identity query was sent; its answer is one more that may come. */
  expectIdentity(): void {
    this.#identities++;
  }

  /** A line came while late answers are dropped. */
  dropped(isIdentity: boolean): void {
    if (isIdentity && this.takeIdentity()) return;
    this.#answers = Math.max(0, this.#answers - 1);
  }

  /** An identity that comes now may be the one from before a query that was given up: it proves nothing about its answer. */
  get isBehindIdentity(): boolean {
    return this.#isBehindIdentity && this.#identities > 0;
  }

  /** An answer to an earlier identity query may still come, and so may a piece of one. */
  get owesIdentity(): boolean {
    return this.#identities > 0;
  }

  /** @returns true when an answer to an earlier identity query was still to come, and this is it */
  takeIdentity(): boolean {
    if (this.#identities === 0) return false;
    this.#identities--;
    return true;
  }

  /** The device answers in order again: what came before is all that came. */
  inStep(): void {
    this.#isBehindIdentity = false;
    this.#answers = 0;
  }
}
