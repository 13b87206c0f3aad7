/**
 * Answers searches over the runs on this disk, from the moment at which the first of them are read.
 *
 * One search at a time is the current one: whoever lists it asks for the lines that are in sight. Above: main.ts. Below:
 * the index, and its reader. Knows nothing of wires.
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import { type Found, LINES_AT_ONCE, type Reads } from '#engine/link/history-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { FoundRun, RunLine } from '#record/find/found-run.ts';
import { type FindChoices, RunIndex } from '#record/find/run-index.ts';
import type { Reading } from '#storage/store/open-reading.ts';
import { RunReader } from './run-reader.ts';

/** A list that grows is drawn anew as often as an eye follows. */
const TELL_EVERY_MS = 200;
/** Reading takes a fifth of the time at most, however often something changes. */
const REST_PER_WORK = 4;
const SHORTEST_REST_MS = 200;

export interface FindDeskOptions {
  readonly open: () => Promise<Reading>;
  readonly clock: Clock;
  readonly onChange: () => void;
}

export class FindDesk {
  readonly #options: FindDeskOptions;
  #index = new RunIndex();
  #reader: RunReader | null = null;
  #problem: Word | null = null;
  #found: Uint32Array = new Uint32Array();
  #number = 0;
  #toldMs = -Infinity;
  #isTelling = false;
  /** Whoever waits for more to be read. */
  readonly #waiting: (() => void)[] = [];
  #hasRead: () => void = () => {};
  /** Before the first rows are read, "nothing found" would be no answer. */
  readonly #firstRead = new Promise<void>((resolve) => (this.#hasRead = resolve));

  constructor(options: FindDeskOptions) {
    this.#options = options;
  }

  /** Reads, and follows what changes, until the signal. A store that goes away is opened again. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (thrown) {
        if (signal.aborted) return;
        this.#problem = wordOf(thrown);
        this.#woken();
        this.#options.onChange();
        await clock.sleep(REOPEN_MS, signal).catch(() => {});
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const reading = await this.#options.open();
    let wake = () => {};
    let isStale = false;
    const changed = () => new Promise<void>((resolve) => (wake = resolve));
    signal.addEventListener('abort', () => wake(), { once: true });
    const off = reading.onChange(() => {
      isStale = true;
      wake();
    });
    try {
      // Another store may have come into its place: nothing of the old one is kept.
      const index = new RunIndex();
      const reader = new RunReader({ source: reading, index, clock, onRead: () => this.#onRead() });
      [this.#index, this.#reader, this.#problem] = [index, reader, null];
      await reader.readAll(signal);
      while (!signal.aborted) {
        if (!isStale) await changed();
        isStale = false;
        const beganMs = clock.monotonicMs();
        await reader.readNews(signal);
        await clock.sleep(Math.max(SHORTEST_REST_MS, (clock.monotonicMs() - beganMs) * REST_PER_WORK), signal);
      }
    } finally {
      off();
      reading.close();
    }
  }

  async find(text: string, anchor = 0): Promise<Found> {
    await this.#firstRead;
    this.#found = this.#index.find(text, this.#options.clock.nowMs());
    this.#number += 1;
    return {
      number: this.#number,
      total: this.#found.length,
      lines: this.#linesFrom(0),
      anchorAt: anchor === 0 ? -1 : this.#found.indexOf(anchor),
      reads: this.#reads(),
    };
  }

  lines(found: number, from: number): readonly RunLine[] | null {
    return found === this.#number ? this.#linesFrom(from) : null;
  }

  ids(found: number, limit: number): readonly string[] | null {
    if (found !== this.#number) return null;
    return [...this.#found.subarray(0, limit)]
      .map((seq) => this.#index.at(seq)?.line.id)
      .filter((id) => id !== undefined);
  }

  choices(): FindChoices {
    return this.#index.choices();
  }

  async ofUnit(serial: string): Promise<readonly RunLine[]> {
    const key = serial.toUpperCase();
    return this.#enough(({ line }) => line.serial_number.toUpperCase() === key, LINES_AT_ONCE);
  }

  earlier({ seq, procedure_id }: Pick<RunLine, 'seq' | 'procedure_id'>, limit: number): Promise<readonly RunLine[]> {
    return this.#enough(({ line }) => line.seq < seq && line.procedure_id === procedure_id, limit);
  }

  /** So many of the newest, or all there are: waits until that is known. */
  async #enough(test: (run: FoundRun) => boolean, limit: number): Promise<readonly RunLine[]> {
    for (;;) {
      const found = this.#index.where(test, limit);
      if (found.length === limit || this.#reader?.isWhole) return found.map(({ line }) => line);
      const problem = this.#problem;
      if (problem) throw new Fault(problem.code, problem.message, problem.remedy);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #linesFrom(from: number): RunLine[] {
    return [...this.#found.subarray(from, from + LINES_AT_ONCE)].flatMap((seq) => this.#index.at(seq)?.line ?? []);
  }

  #reads(): Reads {
    const reader = this.#reader;
    return {
      runs: this.#index.size,
      isWhole: reader?.isWhole ?? false,
      detailsLeft: reader?.detailsLeft ?? 0,
      bare: reader?.bare ?? 0,
      problem: this.#problem,
    };
  }

  #woken(): void {
    this.#hasRead();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** At once for the first, then paced; the last is never left out. */
  #onRead(): void {
    this.#woken();
    const { clock, onChange } = this.#options;
    if (this.#isTelling) return;
    const dueMs = Math.max(0, this.#toldMs + TELL_EVERY_MS - clock.monotonicMs());
    this.#isTelling = true;
    void clock.sleep(dueMs).then(() => {
      this.#isTelling = false;
      this.#toldMs = clock.monotonicMs();
      onChange();
    });
  }
}

/** A browser that has closed the database for want of space is asked again when somebody may have made room. */
const REOPEN_MS = 2_000;

function wordOf(thrown: unknown): Word {
  return {
    code: thrown instanceof Fault ? thrown.code : 'internal',
    message: messageOf(thrown),
    remedy: thrown instanceof Fault ? thrown.remedy : 'Reload the page.',
  };
}
