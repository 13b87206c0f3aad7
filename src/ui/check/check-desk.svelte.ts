/** The check as it is under way and when it is done: asked anew with each press, and once with each news of the station. */
import { browserFacts } from '#ui/check/browser-facts.ts';
import type { BrowserFacts, CheckLine } from '#ui/check/check-line.ts';
import { checkStation } from '#ui/check/station-check.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export class CheckDesk {
  readonly #station: StationState;
  #facts = $state.raw<BrowserFacts | null>(null);
  #isBusy = $state.raw(false);
  readonly #lines = $derived.by(() => (this.#facts ? checkStation(this.#facts, this.#station.view) : []));

  constructor(station: StationState) {
    this.#station = station;
  }

  get lines(): readonly CheckLine[] {
    return this.#lines;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** How many are not as they should be, in words; empty before the first check. */
  get summary(): string {
    if (this.#isBusy || !this.#facts) return '';
    const count = (state: CheckLine['state']) => this.#lines.filter((line) => line.state === state).length;
    const [failed, attention] = [count('failed'), count('attention')];
    if (failed + attention === 0) return `All ${this.#lines.length} are as they should be.`;
    const parts = [failed > 0 ? `${failed} failed` : '', attention > 0 ? `${attention} to look at` : ''];
    return `${parts.filter((part) => part !== '').join(', ')}, of ${this.#lines.length}.`;
  }

  async run(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    // The station asks TofuPilot and its plugs meanwhile, and says in its view what it heard.
    void this.#station.port.call.wake().catch(() => {});
    this.#facts = await browserFacts(window, this.#station.port);
    this.#isBusy = false;
  }
}
