/**
 * One thing at a time, or several that share: each piece of work begins when what it may not overlap with has ended, in
 * the order of asking.
 *
 * A piece that goes alone waits for all before it, and all after it wait for it; pieces that share go side by side. One
 * that fails fails for its asker only. Knows nothing of what the work is.
 */
export class Turns {
  /** The last piece that goes alone. */
  #alone: Promise<unknown> = Promise.resolve();
  /** Everything that was asked for. */
  #all: Promise<unknown> = Promise.resolve();

  /** Alone. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#all.then(work);
    this.#alone = this.#all = mine.catch(() => {});
    return mine;
  }

  /** Side by side with others that share. */
  share<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#alone.then(work);
    this.#all = Promise.all([this.#all, mine.catch(() => {})]);
    return mine;
  }
}
