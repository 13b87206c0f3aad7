/**
 * Random numbers that come again with the same seed, so that a simulated run can be repeated.
 *
 * Pure. Not for secrets.
 */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Normally distributed (Box-Muller). */
  normal(mean: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#uniform()));
    return mean + sigma * radius * Math.cos(2 * Math.PI * this.#uniform());
  }

  /** 0 or more, less than 1 (mulberry32: 32 bits of state are enough for a bench). */
  #uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
