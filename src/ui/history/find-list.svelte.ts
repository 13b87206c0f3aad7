/**
 * What a search has found, as a list of any length: how many, and those lines that are in sight.
 *
 * A later search makes an earlier answer void. When runs come or change, the same search is asked again, and the list
 * stays where the person has it. Knows nothing of elements.
 */
import type { Found, Reads } from '#engine/link/history-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { RunLine } from '#record/find/found-run.ts';
import type { RowRange } from '#ui/history/row-window.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { HistoryPort, StationPort } from '#ui/station-port.ts';

/** As many as one question is answered with (engine/link/history-link.ts). */
export const PAGE_LINES = 100;
/** What is kept of a list that somebody scrolls through. */
const MOST_PAGES = 40;
/** About three screens, while the search is being started. */
const FIRST_LINES = 60;

type Pages = ReadonlyMap<number, readonly RunLine[]>;

export class FindList {
  readonly #port: Pick<StationPort, 'call' | 'openHistory'>;
  /** The list has got so many more rows above the one that is in sight. */
  readonly #onShift: (rows: number) => void;
  #text = $state.raw('');
  #found = $state.raw<(Omit<Found, 'lines'> & { readonly text: string }) | null>(null);
  #pages = $state.raw<Pages>(new Map());
  #problem = $state.raw<Word | null>(null);
  #history: HistoryPort | null = null;
  #question = 0;
  #range: RowRange = { from: 0, to: 0 };
  /** The first row in sight, when the list is scrolled. */
  #anchorRow: number | null = null;
  readonly #asked = new Set<string>();
  #isRefreshing = false;
  #isStale = false;
  #close = () => {};

  constructor(
    port: Pick<StationPort, 'call' | 'openHistory'>,
    text: string,
    onShift: (rows: number) => void = () => {},
  ) {
    this.#port = port;
    this.#text = text.trim();
    this.#onShift = onShift;
  }

  get text(): string {
    return this.#text;
  }

  /** undefined before the first answer. */
  get total(): number | undefined {
    return this.#found?.total;
  }

  /** What the list is the answer to; a moment behind `text`. */
  get shown(): string | undefined {
    return this.#found?.text;
  }

  /** null before the search has answered. */
  get reads(): Reads | null {
    return this.#found && this.#found.number > 0 ? this.#found.reads : null;
  }

  get problem(): Word | null {
    return this.#problem ?? this.#found?.reads.problem ?? null;
  }

  /** undefined while it is being asked for. */
  lineAt(row: number): RunLine | undefined {
    return this.#pages.get(Math.floor(row / PAGE_LINES))?.[row % PAGE_LINES];
  }

  async open(): Promise<void> {
    this.#problem = null;
    const first = this.#text === '' ? this.#firstLines() : Promise.resolve();
    try {
      const history = await this.#port.openHistory();
      this.#history = history;
      this.#close = history.on((news) => {
        if (news.kind === 'changed') void this.refresh();
        else this.#ended(news.word);
      });
      await this.find(this.#text);
    } catch (thrown) {
      await first;
      this.#problem = wordOf(thrown);
    }
  }

  close(): void {
    this.#close();
    this.#question += 1;
  }

  find(text: string): Promise<void> {
    this.#text = text.trim();
    this.#anchorRow = null;
    return this.#ask({ from: 0, to: 0 });
  }

  /** The same again, because something has changed; what is in sight stays in sight. */
  async refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    while (this.#isStale) {
      this.#isStale = false;
      await this.#ask(this.#range);
    }
    this.#isRefreshing = false;
  }

  /** These rows are in sight. @param anchor the first of them, when the list is scrolled */
  show(range: RowRange, anchor: number | null): void {
    this.#range = range;
    this.#anchorRow = anchor;
    const found = this.#found;
    if (!found || found.number < 0) return;
    for (const page of pagesOf(range)) if (!this.#pages.has(page)) void this.#load(found.number, page);
  }

  /** Ids of what is found, for a file of them; null when it has changed meanwhile. */
  async ids(limit: number): Promise<readonly string[] | null> {
    return (await this.#history?.call.ids(this.#found?.number ?? 0, limit)) ?? null;
  }

  async choices() {
    return this.#history?.call.choices();
  }

  async #ask(range: RowRange): Promise<void> {
    const history = this.#history;
    if (!history) return;
    const question = ++this.#question;
    const row = this.#anchorRow;
    const anchor = row === null ? undefined : this.lineAt(row)?.seq;
    const text = this.#text;
    try {
      const { lines, ...found } = await history.call.find(text, anchor);
      if (question !== this.#question) return;
      const shift = row !== null && found.anchorAt >= 0 ? found.anchorAt - row : 0;
      const pages = new Map([[0, lines]]);
      // What is in sight comes with the new order, so that nothing is blank in between.
      for (const page of pagesOf({ from: range.from + shift, to: range.to + shift })) {
        const more = page > 0 ? await history.call.lines(found.number, page * PAGE_LINES) : null;
        if (question !== this.#question) return;
        if (more) pages.set(page, more);
      }
      this.#asked.clear();
      [this.#found, this.#pages, this.#problem] = [{ ...found, text }, pages, null];
      if (shift !== 0) this.#onShift(shift);
    } catch (thrown) {
      if (question === this.#question) this.#problem = wordOf(thrown);
    }
  }

  async #load(found: number, page: number): Promise<void> {
    const name = `${found} ${page}`;
    if (this.#asked.has(name)) return;
    this.#asked.add(name);
    const lines = await this.#history?.call.lines(found, page * PAGE_LINES).catch(() => null);
    this.#asked.delete(name);
    if (!lines || found !== this.#found?.number) return;
    const kept = [...this.#pages, [page, lines] as const];
    // The oldest that were asked for go, but never the first.
    this.#pages = new Map(kept.length > MOST_PAGES ? [kept[0]!, ...kept.slice(-MOST_PAGES / 2)] : kept);
  }

  /** From the station itself, which is there already; the search is still being started. */
  async #firstLines(): Promise<void> {
    try {
      const lines = await this.#port.call.history({ limit: FIRST_LINES });
      if (this.#found) return;
      const reads = { runs: lines.length, isWhole: false, detailsLeft: 0, bare: 0, problem: null };
      this.#found = { text: '', number: -1, total: lines.length, anchorAt: -1, reads };
      this.#pages = new Map([[0, lines]]);
    } catch (thrown) {
      this.#problem ??= wordOf(thrown);
    }
  }

  #ended(word: Word): void {
    this.#close();
    this.#question += 1;
    [this.#history, this.#problem] = [null, word];
  }
}

function pagesOf({ from, to }: RowRange): number[] {
  const first = Math.max(0, Math.floor(from / PAGE_LINES));
  const last = Math.floor(Math.max(from, to - 1) / PAGE_LINES);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
