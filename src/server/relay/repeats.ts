/**
 * Keeps an attempt to change something that a browser repeats by itself from being taken twice.
 *
 * Why and how: sync/tofupilot/attempt.ts. What is refused here was taken already, or perhaps by the process before
 * this one; the station then looks at what is there. Knows nothing of what a request carries.
 */
import { randomUUID } from 'node:crypto';
import { ATTEMPT_HEADER, SERVER_HEADER } from '#sync/tofupilot/attempt.ts';

/** A browser repeats at once; a thousand stations at 20 requests a second in all fill this in eight minutes. */
const MOST_ATTEMPTS = 10_000;

export class Repeats {
  /** Which process this is. */
  readonly server = randomUUID();
  readonly #attempts = new Set<string>();

  /** Whether this request may have been taken before; remembers it otherwise. One that names no attempt is taken. */
  refuses(headers: Headers): boolean {
    const attempt = headers.get(ATTEMPT_HEADER);
    if (attempt === null) return false;
    const meantFor = headers.get(SERVER_HEADER) ?? this.server;
    if (meantFor !== this.server || this.#attempts.has(attempt)) return true;
    this.#attempts.add(attempt);
    const [oldest] = this.#attempts;
    if (this.#attempts.size > MOST_ATTEMPTS && oldest !== undefined) this.#attempts.delete(oldest);
    return false;
  }
}
