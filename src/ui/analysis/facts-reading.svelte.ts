/**
 * Reads the facts of one procedure's runs from the station, piece by piece, newest first.
 *
 * What is here already is not asked for again: sealed runs never change. A later question ends an earlier one between two
 * pieces. Below: the bench worker (`facts`). Knows nothing of what is made of them, and nothing of elements.
 */
import { FactsBook, OVERLAP_RUNS } from '#analysis/runs/facts-book.ts';
import type { FactsAnswer } from '#engine/link/facts-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';

/** Figures are worked out anew no more often than this while pieces arrive. */
const SHOW_EVERY_MS = 700;

export class FactsReading {
  readonly #call: StationPort['call'];
  #book = $state.raw(new FactsBook());
  /** Counts what has changed in the book, which is no state itself. */
  #version = $state.raw(0);
  #isReading = $state.raw(false);
  #hasRead = $state.raw(false);
  #problem = $state.raw<Word | null>(null);
  #procedures = $state.raw<readonly { readonly id: string; readonly name: string }[]>([]);
  #reachedMs = $state.raw<number | null>(null);
  #procedureId = '';
  /** Where older runs go on; undefined: at the newest; null: there are none. */
  #next: number | null | undefined = undefined;
  /** Largest number that was looked at. */
  #top = 0;
  #question = 0;
  #shownMs = 0;

  constructor(call: StationPort['call']) {
    this.#call = call;
  }

  /** Read together with `version`, which says when it has changed. */
  get book(): FactsBook {
    return this.#book;
  }

  get version(): number {
    return this.#version;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  /** At least one piece of this procedure is here. */
  get hasRead(): boolean {
    return this.#hasRead;
  }

  /** How far back it has read; null before the first run. */
  get reachedMs(): number | null {
    return this.#reachedMs;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  /** Whose runs have been met. */
  get procedures(): readonly { readonly id: string; readonly name: string }[] {
    return this.#procedures;
  }

  /** Everything that began since then. @returns when it is read, or another question was asked, or it failed */
  async read(procedureId: string, sinceMs: number): Promise<void> {
    const question = ++this.#question;
    if (procedureId !== this.#procedureId) this.#begin(procedureId);
    this.#isReading = true;
    try {
      if (this.#next !== undefined && !(await this.#readNewer(question))) return;
      while (this.#next !== null && !(this.#reachedMs !== null && this.#reachedMs < sinceMs)) {
        const answer = await this.#piece(0, this.#next);
        if (question !== this.#question) return;
        this.#book.addOlder(answer);
        this.#top = Math.max(this.#top, answer.newestSeq);
        this.#next = answer.next;
        // Of the piece the latest: a clock that was set back puts an old one between new ones.
        this.#reachedMs = answer.latestMs;
        this.#show(false);
      }
      this.#problem = null;
    } catch (thrown) {
      if (question === this.#question) this.#problem = wordOf(thrown);
    } finally {
      if (question === this.#question) {
        this.#isReading = false;
        this.#show(true);
      }
    }
  }

  /** Nothing more is asked for: the screen was left. */
  stop(): void {
    this.#question += 1;
    this.#isReading = false;
  }

  #begin(procedureId: string): void {
    this.#procedureId = procedureId;
    this.#book = new FactsBook();
    this.#next = undefined;
    this.#top = 0;
    this.#reachedMs = null;
    this.#hasRead = false;
    this.#version += 1;
  }

  /** Kept only when it reaches what is here: a gap would not be seen. @returns whether it was read to its end */
  async #readNewer(question: number): Promise<boolean> {
    const pieces: FactsAnswer[] = [];
    // Never so far back that it meets what has not been read yet: that comes with the older ones.
    const afterSeq = Math.max(0, this.#top - OVERLAP_RUNS, (this.#next ?? 1) - 1);
    for (let next: number | null | undefined = undefined; next !== null;) {
      const answer: FactsAnswer = await this.#piece(afterSeq, next);
      if (question !== this.#question) return false;
      pieces.push(answer);
      next = answer.next;
    }
    this.#book.addNewer(pieces);
    this.#top = Math.max(this.#top, ...pieces.map(({ newestSeq }) => newestSeq));
    return true;
  }

  async #piece(afterSeq: number, before: number | undefined): Promise<FactsAnswer> {
    const answer = await this.#call.facts({
      procedureId: this.#procedureId,
      afterSeq,
      ...(before === undefined ? {} : { beforeSeq: before }),
    });
    const known = new Set(this.#procedures.map(({ id }) => id));
    const found = answer.procedures.filter(({ id }) => !known.has(id));
    if (found.length > 0) this.#procedures = [...this.#procedures, ...found];
    return answer;
  }

  #show(now: boolean): void {
    this.#hasRead = true;
    const nowMs = performance.now();
    if (!now && this.#book.runs.length > 0 && nowMs - this.#shownMs < SHOW_EVERY_MS) return;
    this.#shownMs = nowMs;
    this.#version += 1;
  }
}
