/**
 * Whether TofuPilot can be reached from this server, for every station that asks: one look for a whole fleet.
 *
 * What the relay forwards tells it for nothing; only when that is long ago does somebody's question cost a look, and
 * all who ask meanwhile wait for the same one. Knows nothing of HTTP or of any station's key.
 */
export interface ReachParts {
  /** One cheap request to the API. @returns whether it answered as a server that works */
  readonly look: () => Promise<boolean>;
  readonly monotonicMs: () => number;
}

/** Stations ask every 15 s: a thousand of them cost TofuPilot a look in ten seconds, and none while runs are sent. */
const FRESH_MS = 10_000;

export class Reach {
  readonly #parts: ReachParts;
  #seen: { readonly isThere: boolean; readonly atMs: number } | null = null;
  #looking: Promise<boolean> | null = null;

  constructor(parts: ReachParts) {
    this.#parts = parts;
  }

  /** Somebody's request was answered, or was not. */
  heard(isThere: boolean): void {
    // One request that failed may be the fault of that request: the next question looks.
    this.#seen = isThere ? { isThere, atMs: this.#parts.monotonicMs() } : null;
  }

  async isThere(): Promise<boolean> {
    const { look, monotonicMs } = this.#parts;
    if (this.#seen && monotonicMs() - this.#seen.atMs < FRESH_MS) return this.#seen.isThere;
    return (this.#looking ??= look()
      .then((isThere) => {
        this.#seen = { isThere, atMs: monotonicMs() };
        return isThere;
      })
      .finally(() => (this.#looking = null)));
  }
}
