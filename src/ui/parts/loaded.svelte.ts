/**
 * Something asked of the station: under way, here, or failed with words.
 *
 * A later question makes an earlier answer void, so a slow answer never overwrites a newer one.
 */
import { Fault, messageOf } from '#base/fault.ts';
import type { Word } from '#engine/link/station-link.ts';

export class Loaded<T> {
  #value = $state.raw<T | undefined>(undefined);
  #problem = $state.raw<Word | null>(null);
  #question = 0;

  /** undefined until the first answer; then always the last good one. */
  get value(): T | undefined {
    return this.#value;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  async ask(question: () => Promise<T>): Promise<void> {
    const number = ++this.#question;
    try {
      const value = await question();
      if (number !== this.#question) return;
      this.#value = value;
      this.#problem = null;
    } catch (thrown) {
      if (number === this.#question) this.#problem = wordOf(thrown);
    }
  }
}

export function wordOf(thrown: unknown): Word {
  return {
    code: thrown instanceof Fault ? thrown.code : 'internal',
    message: messageOf(thrown),
    remedy: thrown instanceof Fault ? thrown.remedy : 'Reload the page; if this stays, tell whoever looks after it.',
  };
}
