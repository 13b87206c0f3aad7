/**
 * What one attempt to change something says of itself, so that the relay takes it once.
 *
 * Chromium repeats a request by itself, a POST included, when a kept-alive connection breaks before the answer began
 * (measured: one body arrived three times). A page neither hears of that nor can forbid it, so each attempt has a name
 * of its own, and says which server process it was meant for: one that has just started cannot know what its
 * predecessor took. Above: request.ts here, relay/repeats.ts on the server. Knows nothing of runs.
 */

/** A new name for each attempt. */
export const ATTEMPT_HEADER = 'fieldbench-attempt';
/** In answers: which process answers. In requests: the one that was heard last. */
export const SERVER_HEADER = 'fieldbench-server';
/** RFC 8470: a request that might be a repetition. */
export const TOO_EARLY = 425;

/** The memory of one client. */
export class Attempts {
  readonly #newId: () => string;
  #server: string | null = null;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  next(): Record<string, string> {
    return { [ATTEMPT_HEADER]: this.#newId(), ...(this.#server ? { [SERVER_HEADER]: this.#server } : {}) };
  }

  /** After a refusal the next attempt names no process: behind a balancer another one answers each time. */
  heard(status: number, headers: Headers): void {
    this.#server = status === TOO_EARLY ? null : (headers.get(SERVER_HEADER) ?? this.#server);
  }
}
