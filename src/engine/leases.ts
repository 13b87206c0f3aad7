/**
 * Who may use which plug: one holder at a time, in the order of asking.
 *
 * A phase asks for all its plugs before it begins and takes them one by one in the order of their keys. Since everyone
 * takes them in this one order, nobody can wait for somebody who waits for him. Above: run-section.ts. Knows nothing of
 * what a plug is.
 */
export class Leases {
  /** Plugs that are held, each with those who wait for it. */
  readonly #queues = new Map<string, (() => void)[]>();

  /** @returns gives them all back; resolves when all of them are held */
  async take(plugs: readonly string[]): Promise<() => void> {
    const inOneOrder = [...new Set(plugs)].sort();
    for (const plug of inOneOrder) await this.#takeOne(plug);
    return () => {
      for (const plug of inOneOrder.toReversed()) this.#giveBack(plug);
    };
  }

  #takeOne(plug: string): Promise<void> | undefined {
    const queue = this.#queues.get(plug);
    if (queue) return new Promise((resolve) => queue.push(resolve));
    this.#queues.set(plug, []);
    return undefined;
  }

  #giveBack(plug: string): void {
    const next = this.#queues.get(plug)?.shift();
    if (next) next();
    else this.#queues.delete(plug);
  }
}
