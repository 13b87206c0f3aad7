/**
 * Fills the index from the disk, the newest runs first, and keeps it as the disk is.
 *
 * In pieces of a few milliseconds with a rest after each: a run that is being kept, or sent, waits for none of them for
 * long. Rows first, since they are enough to list everything; then, of runs whose rows do not say who, with what and
 * what failed, the journal. Knows nothing of searches.
 */
import type { Clock } from '#base/clock.ts';
import type { RunIndex } from '#record/find/run-index.ts';
import { applyEvent, recordOf } from '#record/run-event.ts';
import { factsOf, type RunFacts } from '#record/searched-facts.ts';
import type { RunRow, UploadState } from '#record/run-row.ts';
import type { Reading } from '#storage/store/open-reading.ts';

export type RunSource = Pick<Reading, 'lastSeq' | 'rows' | 'rowsOf' | 'states' | 'beginning' | 'events'>;

/** A piece takes 4 ms on a slow machine. */
const PIECE_ROWS = 250;
/** The first is what a screen shows, and must be there at once. */
const FIRST_ROWS = 120;
/** A journal has kilobytes a run. */
const PIECE_JOURNALS = 10;
/** Up to this many are read again whenever something changes; of more only those whose state is another. */
const FEW = 500;

export interface ReaderOptions {
  readonly source: RunSource;
  readonly index: RunIndex;
  readonly clock: Clock;
  /** More can be found than before. */
  readonly onRead: () => void;
}

export class RunReader {
  readonly #options: ReaderOptions;
  /** The newest number that has been read. */
  #newest = 0;
  #isWhole = false;
  /** Rows without facts, by the way they are read: the last is the next. */
  readonly #bareRows: RunRow[] = [];
  #detailsLeft = 0;
  #bare = 0;
  /** Runs whose rows still change, as they were read last. */
  readonly #moving = new Map<string, UploadState>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  get detailsLeft(): number {
    return this.#detailsLeft;
  }

  /** Runs of which nothing is left but the row, and that row does not say more. */
  get bare(): number {
    return this.#bare;
  }

  /** Everything that is there now. */
  async readAll(signal: AbortSignal): Promise<void> {
    const { source } = this.#options;
    this.#newest = await source.lastSeq();
    for (let to = this.#newest, size = FIRST_ROWS; to > 0; size = PIECE_ROWS) {
      const from = Math.max(1, to - size + 1);
      for (const row of await source.rows(from, to)) this.#take(row);
      this.#told();
      to = from - 1;
      await this.#rest(signal);
    }
    this.#isWhole = true;
    this.#told();
    await this.#readDetails(signal);
  }

  /** What has come or changed since. */
  async readNews(signal: AbortSignal): Promise<void> {
    const { source } = this.#options;
    const last = await source.lastSeq();
    while (this.#newest < last) {
      const to = Math.min(last, this.#newest + PIECE_ROWS);
      for (const row of await source.rows(this.#newest + 1, to)) this.#take(row);
      this.#newest = to;
      await this.#rest(signal);
    }
    const states = await source.states();
    const ids = [...this.#moving.keys()];
    const changed = ids.length <= FEW ? ids : ids.filter((id) => states.get(id) !== this.#moving.get(id));
    for (let at = 0; at < changed.length; at += PIECE_ROWS) {
      for (const row of await source.rowsOf(changed.slice(at, at + PIECE_ROWS))) this.#take(row);
      await this.#rest(signal);
    }
    this.#told();
    await this.#readDetails(signal);
  }

  #take(row: RunRow): void {
    if (row.state === 'DELIVERED') this.#moving.delete(row.id);
    else this.#moving.set(row.id, row.state);
    const { index } = this.#options;
    index.put(row);
    const run = index.at(row.seq);
    if (!run || run.facts || this.#seen.has(row.seq)) return;
    this.#seen.add(row.seq);
    this.#bareRows.push(row);
    this.#detailsLeft += 1;
  }

  /** Numbers of runs whose journal is or was asked for. */
  readonly #seen = new Set<number>();

  async #readDetails(signal: AbortSignal): Promise<void> {
    // The newest are looked for more often.
    this.#bareRows.sort((a, b) => a.seq - b.seq);
    while (this.#bareRows.length > 0) {
      for (const row of this.#bareRows.splice(-PIECE_JOURNALS)) {
        const facts = await this.#factsOf(row).catch(() => null);
        const now = facts && (await this.#options.source.rowsOf([row.id]))[0];
        if (now) this.#options.index.put(now, facts);
        else this.#bare += 1;
        this.#detailsLeft -= 1;
      }
      this.#told();
      await this.#rest(signal);
    }
  }

  /** @returns null when nothing is kept of it but the row */
  async #factsOf(row: RunRow): Promise<RunFacts | null> {
    const { source } = this.#options;
    // How a run went matters only where something failed; a curve of a passing one need not be read.
    const events = row.outcome === 'PASS' ? await source.beginning(row.id) : await source.events(row.id);
    const [first] = events ?? [];
    if (first?.kind !== 'run-started') return null;
    const record = recordOf(first.header);
    for (const event of events ?? []) applyEvent(record, event);
    return factsOf(row.outcome === 'PASS' ? { ...record, outcome: 'PASS' } : record);
  }

  #told(): void {
    this.#options.onRead();
  }

  async #rest(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#options.clock.sleep(0, signal);
  }
}
