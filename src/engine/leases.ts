/**
 * Who may use which plug: one holder at a time, in the order of asking.
 *
 * A phase asks for all its plugs before it begins and takes them one by one in the order of their names. Since everyone
 * takes them in this one order, nobody can wait for somebody who waits for him. Above: run-procedure.ts; one for all
 * runs on a bench. Knows nothing of what a plug is.
 */
interface Waiter {
  readonly isUrgent: boolean;
  readonly begin: () => void;
}

export interface Asking {
  /** Ends the waiting; nothing is held then. */
  readonly signal?: AbortSignal;
  /** Before everyone who waits and is not: what switches off must not queue behind what tests. */
  readonly isUrgent?: boolean;
}

export class Leases {
  /** Plugs that are held, each with those who wait for it. */
  readonly #queues = new Map<string, Waiter[]>();

  /**
   * @returns gives them all back; resolves when all of them are held
   * @throws what the signal was aborted with
   */
  async take(plugs: readonly string[], asking: Asking = {}): Promise<() => void> {
    const held: string[] = [];
    const giveBack = () => {
      for (const plug of held.splice(0).toReversed()) this.#giveBack(plug);
    };
    try {
      for (const plug of [...new Set(plugs)].sort()) {
        await this.#takeOne(plug, asking);
        held.push(plug);
      }
      return giveBack;
    } catch (thrown) {
      giveBack();
      throw thrown;
    }
  }

  #takeOne(plug: string, { signal, isUrgent = false }: Asking): Promise<void> | undefined {
    signal?.throwIfAborted();
    const queue = this.#queues.get(plug);
    if (!queue) {
      this.#queues.set(plug, []);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        isUrgent,
        begin: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const at = isUrgent ? queue.findIndex((other) => !other.isUrgent) : -1;
      queue.splice(at < 0 ? queue.length : at, 0, waiter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  #giveBack(plug: string): void {
    const next = this.#queues.get(plug)?.shift();
    if (next) next.begin();
    else this.#queues.delete(plug);
  }
}
