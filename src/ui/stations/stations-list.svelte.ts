/**
 * The stations that a server has heard, asked for anew every quarter of a minute while somebody looks.
 *
 * What was answered last stays, with its time and a word, while the server cannot be reached.
 */
import type { Word } from '#engine/link/station-link.ts';
import type { ReportedStation, StationsReport } from '#fleet/health/stations-report.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import { grouped, matching, type StationGroup } from '#ui/stations/station-groups.ts';

/** Four looks within the minute in which a station speaks once. */
const INTERVAL_MS = 15_000;
/** As many rows as a large line has; the next are one press away. */
const PAGE = 100;

export class StationsList {
  #report = $state.raw<StationsReport | null>(null);
  #problem = $state.raw<Word | null>(null);
  #find = $state.raw('');
  #most = $state.raw(PAGE);
  readonly #found = $derived(matching(this.#report?.stations ?? [], this.#find));
  readonly #groups = $derived(grouped(this.#found, this.#most));
  readonly #ask: (signal: AbortSignal) => Promise<StationsReport>;

  constructor(ask: (signal: AbortSignal) => Promise<StationsReport>, find: string) {
    this.#ask = ask;
    this.#find = find;
  }

  /** null before the first answer; then always the last one. */
  get report(): StationsReport | null {
    return this.#report;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  get search(): string {
    return this.#find;
  }

  get found(): readonly ReportedStation[] {
    return this.#found;
  }

  get groups(): readonly StationGroup[] {
    return this.#groups;
  }

  /** How many of those that were found are not shown. */
  get hidden(): number {
    return Math.max(0, this.#found.length - this.#most);
  }

  find(text: string): void {
    this.#find = text;
    this.#most = PAGE;
  }

  more(): void {
    this.#most += PAGE;
  }

  /** Looks until `signal` aborts; a page that nobody sees waits. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!document.hidden || !this.#report) await this.look(signal);
      await rest(INTERVAL_MS, signal);
    }
  }

  async look(signal: AbortSignal): Promise<void> {
    try {
      const report = await this.#ask(signal);
      if (signal.aborted) return;
      this.#report = report;
      this.#problem = null;
    } catch (thrown) {
      if (!signal.aborted) this.#problem = wordOf(thrown);
    }
  }
}

function rest(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, delayMs);
    document.addEventListener('visibilitychange', end, { once: true });
    signal.addEventListener('abort', end, { once: true });
    function end() {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', end);
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
