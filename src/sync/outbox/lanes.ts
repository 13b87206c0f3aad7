/**
 * How many requests are under way: whoever has to wait goes when a lane is free, in the order of asking.
 *
 * Files take long, so they leave one lane to runs, and a run that waits goes before them. The number of lanes may change
 * at any time; what is too much then empties by itself. Above it: courier.ts. Knows nothing of requests.
 */
export type Freight = 'run' | 'file';

export class Lanes {
  readonly #width: () => number;
  readonly #taken: Record<Freight, number> = { run: 0, file: 0 };
  readonly #waiting: Record<Freight, (() => void)[]> = { run: [], file: [] };

  /** @param width asked again whenever a lane may be free */
  constructor(width: () => number) {
    this.#width = width;
  }

  /** Does the work in a lane of its own. */
  async in<T>(freight: Freight, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((go) => {
      this.#waiting[freight].push(go);
      this.#fill();
    });
    try {
      return await work();
    } finally {
      this.#taken[freight] -= 1;
      this.#fill();
    }
  }

  #fill(): void {
    for (const freight of ['run', 'file'] as const)
      while (this.#isFree(freight) && this.#waiting[freight].length > 0) {
        this.#taken[freight] += 1;
        this.#waiting[freight].shift()!();
      }
  }

  #isFree(freight: Freight): boolean {
    const width = this.#width();
    const { run, file } = this.#taken;
    return run + file < width && (freight === 'run' || file < Math.max(1, width - 1));
  }
}
