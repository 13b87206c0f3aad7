/**
 * What one attempt to change something says of itself, so that the relay takes it once.
 *
 * Chromium repeats a request by itself, a POST included, when a kept-alive connection breaks before the answer began
 * (measured: one body arrived three times). A page neither hears of that nor can forbid it, so each attempt has a name
 * of its own, and says which server process it was meant for: one that has just started cannot know what its
 * predecessor took. For the same reason a no is worth something from that process alone: a proxy that answers the
 * repetition with 429 or 401 cannot know that the first copy was taken (measured: five of six runs arrived twice).
 * Above: request.ts here, relay/repeats.ts on the server. Knows nothing of runs.
 */

/** A new name for each attempt. */
export const ATTEMPT_HEADER = 'fieldbench-attempt';
/** In answers: which process answers. In requests: the one that was heard last. */
export const SERVER_HEADER = 'fieldbench-server';

export interface Attempt {
  readonly headers: Record<string, string>;
  /** Whether who answers would know if this attempt was taken before. */
  readonly isKnownTo: (answered: Headers) => boolean;
}

/** The memory of one client. */
export class Attempts {
  readonly #newId: () => string;
  #server: string | null = null;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  next(): Attempt {
    const meantFor = this.#server;
    return {
      headers: { [ATTEMPT_HEADER]: this.#newId(), ...(meantFor === null ? {} : { [SERVER_HEADER]: meantFor }) },
      isKnownTo: (answered) => meantFor !== null && answered.get(SERVER_HEADER) === meantFor,
    };
  }

  /** Before, an attempt could name no process, and would be taken by each one that it comes to. */
  get isServerKnown(): boolean {
    return this.#server !== null;
  }

  /** Whoever answers now takes the next one, also when it has refused this one. */
  heard(headers: Headers): void {
    this.#server = headers.get(SERVER_HEADER) ?? this.#server;
  }
}
