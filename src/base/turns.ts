/**
 * One thing at a time: each piece of work begins when the one before it has ended, in the order of asking.
 *
 * A piece that fails fails for its asker only. Knows nothing of what the work is.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}
