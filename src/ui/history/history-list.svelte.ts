/**
 * The rows of the history: searched as you type, more on request, fresh when a run ends.
 *
 * Never holds more than was asked for, so that a hundred thousand runs cost what one page costs. Knows nothing of
 * elements.
 */
import type { RunRow } from '#record/run-row.ts';
import { Loaded } from '#ui/parts/loaded.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';

/** About three screens of rows. */
export const PAGE_ROWS = 60;

export class HistoryList {
  readonly #call: StationPort['call'];
  readonly #rows = new Loaded<readonly RunRow[]>();
  #search = $state.raw('');
  #wanted = $state.raw(PAGE_ROWS);

  /** @param search what is looked for at first */
  constructor(call: StationPort['call'], search = '') {
    this.#call = call;
    this.#search = search.trim();
  }

  get rows(): readonly RunRow[] | undefined {
    return this.#rows.value;
  }

  get problem() {
    return this.#rows.problem;
  }

  get search(): string {
    return this.#search;
  }

  get hasMore(): boolean {
    return (this.rows?.length ?? 0) >= this.#wanted;
  }

  find(search: string): Promise<void> {
    this.#search = search.trim();
    this.#wanted = PAGE_ROWS;
    return this.refresh();
  }

  /** Asks for what is shown again: rows change while they are uploaded. */
  refresh(): Promise<void> {
    return this.#rows.ask(() => this.#page(undefined, this.#wanted));
  }

  /** The next page, after the last row that is here; a run that ended meanwhile moves nothing. */
  more(): Promise<void> {
    const rows = this.rows ?? [];
    const last = rows.at(-1);
    if (!last) return this.refresh();
    this.#wanted = rows.length + PAGE_ROWS;
    return this.#rows.ask(async () => [...rows, ...(await this.#page(last.seq, PAGE_ROWS))]);
  }

  #page(beforeSeq: number | undefined, limit: number): Promise<readonly RunRow[]> {
    return this.#call.history({
      limit,
      ...(beforeSeq === undefined ? {} : { beforeSeq }),
      ...(this.#search === '' ? {} : { search: this.#search }),
    });
  }
}
