/**
 * QR codes of a series as they are read: how many there are, which are missing, and what was wrong with the last one.
 *
 * One at a time, whoever reads them. Knows nothing of cameras and elements.
 */
import type { TakenFrame } from '#engine/link/transfer-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import { Turns } from '#base/turns.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';

export interface FrameTaker {
  takeFrame(text: string): Promise<TakenFrame>;
  forgetFrames(): Promise<void>;
}

export class CodeRead {
  readonly #taker: FrameTaker;
  readonly #turns = new Turns();
  #total = $state(0);
  #have = $state.raw<readonly number[]>([]);
  #word = $state.raw<Word | null>(null);
  #isWhole = $state(false);

  constructor(taker: FrameTaker) {
    this.#taker = taker;
  }

  /** 0 before the first code. */
  get total(): number {
    return this.#total;
  }

  get have(): readonly number[] {
    return this.#have;
  }

  get missing(): readonly number[] {
    const have = new Set(this.#have);
    return Array.from({ length: this.#total }, (_, at) => at + 1).filter((number) => !have.has(number));
  }

  /** Why the last code was refused. */
  get word(): Word | null {
    return this.#word;
  }

  /** All were read, and the file was opened. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  take(text: string): Promise<void> {
    return this.#turns.take(async () => {
      // The camera may still see the last one.
      if (text.trim() === '' || this.#isWhole) return;
      try {
        const { total, have, problem, file } = await this.#taker.takeFrame(text);
        this.#total = total;
        this.#have = have;
        this.#word = problem;
        this.#isWhole = file !== null;
      } catch (thrown) {
        this.#forget();
        this.#word = wordOf(thrown);
      }
    });
  }

  async startAnew(): Promise<void> {
    await this.#turns.take(async () => {
      await this.#taker.forgetFrames();
      this.#forget();
    });
  }

  #forget(): void {
    this.#total = 0;
    this.#have = [];
    this.#word = null;
    this.#isWhole = false;
  }
}
