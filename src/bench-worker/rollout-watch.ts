/**
 * What this station sees of a release by itself: several runs in a row that end as ERROR are reason enough to go back.
 *
 * Hears the station's news, so that no other part knows of it. Above: main.ts. Knows nothing of rollouts: whether there is
 * a way back is for releases.ts to say.
 */
import type { StationNews } from '#engine/link/station-link.ts';

/**
 * Three: with the release before, one run in a hundred that ends as ERROR makes this once in a million. A fixture that is
 * broken makes it, too; going back does no harm then.
 */
const IN_A_ROW = 3;

export class RolloutWatch {
  readonly #onErrors: (release: string) => void;
  /** Releases of the runs under way, by slot. */
  readonly #running = new Map<string, string>();
  readonly #inARow = new Map<string, number>();

  /** @param onErrors called once for each such row */
  constructor(onErrors: (release: string) => void) {
    this.#onErrors = onErrors;
  }

  hear(news: StationNews): void {
    if (news.kind !== 'run') return;
    for (const event of news.events) {
      if (event.kind === 'run-started') this.#running.set(news.slot, event.header.procedure.release);
      const release = this.#running.get(news.slot);
      if (event.kind !== 'run-ended' || release === undefined) continue;
      // Stopped by a person: that says nothing.
      if (event.outcome === 'ABORTED') continue;
      const isError = event.outcome === 'ERROR' || event.outcome === 'TIMEOUT';
      const count = isError ? (this.#inARow.get(release) ?? 0) + 1 : 0;
      this.#inARow.set(release, count);
      if (count === IN_A_ROW) this.#onErrors(release);
    }
  }
}
