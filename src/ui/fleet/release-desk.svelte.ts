/**
 * Choosing another release of a procedure: what is under way, and what the station said to it.
 *
 * Knows nothing of markup; ReleaseList.svelte has that.
 */
import type { Word } from '#engine/link/station-link.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export class ReleaseDesk {
  readonly #station: StationState;
  readonly #folder: () => string;
  #isBusy = $state(false);
  #problem = $state.raw<Word | null>(null);

  constructor(station: StationState, folder: () => string) {
    this.#station = station;
    this.#folder = folder;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  use(release: string): Promise<void> {
    return this.#ask(() => this.#station.port.call.useRelease(this.#folder(), release));
  }

  follow(): Promise<void> {
    return this.#ask(() => this.#station.port.call.followFleet(this.#folder()));
  }

  async #ask(ask: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#problem = null;
    try {
      await ask();
    } catch (thrown) {
      this.#problem = wordOf(thrown);
    } finally {
      this.#isBusy = false;
    }
  }
}
