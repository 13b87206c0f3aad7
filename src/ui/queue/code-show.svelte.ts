/**
 * Which code of a series stands on the screen: it goes round until somebody stops it, at a speed that the other end keeps up with.
 *
 * Knows nothing of pictures; whoever shows it calls `next` as often as `perSecond` says.
 */

/** Never more than three: what changes faster on a large area can harm people (WCAG 2.3.1). */
export const SPEEDS = [1, 2, 3] as const;
export type Speed = (typeof SPEEDS)[number];

export class CodeShow {
  readonly count: number;
  #at = $state(0);
  #isPlaying: boolean = $state(false);
  #speed = $state<Speed>(2);

  constructor(count: number, isPlaying: boolean) {
    this.count = count;
    this.#isPlaying = isPlaying && count > 1;
  }

  /** From 0. */
  get at(): number {
    return this.#at;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get speed(): Speed {
    return this.#speed;
  }

  set speed(speed: Speed) {
    this.#speed = speed;
  }

  /** One round, s. */
  get roundS(): number {
    return Math.ceil(this.count / this.#speed);
  }

  next(): void {
    this.#at = (this.#at + 1) % this.count;
  }

  /** By hand: a scanner that reads one after the other decides when. */
  step(by: 1 | -1): void {
    this.#isPlaying = false;
    this.#at = (this.#at + by + this.count) % this.count;
  }

  toggle(): void {
    this.#isPlaying = !this.#isPlaying && this.count > 1;
  }
}
