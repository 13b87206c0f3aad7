/**
 * Moves of rows on their way to the server, as many as wait in one strict transaction.
 *
 * A disk takes as long to keep ten rows as to keep one, and transactions on one table wait for each other: one a move,
 * and runs that are sent side by side stand in line for the disk. So one transaction is under way at a time, and the
 * next takes all that was asked meanwhile. Each move is compared and answered by itself, and only when it is on disk.
 * Above it: dexie-store.ts. What a move may change is in outbox-rows.ts.
 */
import type { Move } from '#storage/store/outbox-rows.ts';

/**
 * An answer frees a lane: the run that was answered and the one that goes next ask some twenty promises apart, and share
 * a transaction if the first waits that long. No time passes.
 */
const GATHER_TICKS = 32;

/** All in one transaction. @returns for each move whether its row was as `from` says, and was written */
type Write = (moves: readonly Move[]) => Promise<boolean[]>;

interface Asked extends Move {
  resolve(moved: boolean): void;
  reject(thrown: unknown): void;
}

export class Moves {
  readonly #write: Write;
  #waiting: Asked[] = [];
  #busy = false;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Compare and replace: false when the row is not as `from` says, and then nothing was written. */
  move(from: Move['from'], to: Move['to']): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ from, to, resolve, reject });
      if (!this.#busy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      for (let tick = 0; tick < GATHER_TICKS; tick++) await Promise.resolve();
      const together = this.#waiting.splice(0);
      // One row that cannot be written must not take its neighbours along.
      if (!(await this.#done(together)) && together.length > 1) for (const alone of together) await this.#done([alone]);
    }
    this.#busy = false;
  }

  /** @returns false: none of several was written, and none of them has been answered */
  async #done(asked: readonly Asked[]): Promise<boolean> {
    try {
      const moved = await this.#write(asked);
      for (const [n, { resolve }] of asked.entries()) resolve(moved[n]!);
      return true;
    } catch (thrown) {
      if (asked.length === 1) asked[0]!.reject(thrown);
      return false;
    }
  }
}
