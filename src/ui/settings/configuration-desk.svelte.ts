/**
 * The configuration of this station as it is looked at: asked anew whenever another one is in force, searched as one types.
 *
 * What was chosen on this screen is the screen's own, and is told beside what the fleet says. Above: ConfigurationCard.svelte.
 */
import type { ConfigurationValue, ConfigurationView } from '#engine/link/configuration-link.ts';
import type { Preferences } from '#ui/preferences.svelte.ts';
import { Loaded } from '#ui/parts/loaded.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

/** `here` stands for what a person has set at this station. */
const TIER_WORDS: Readonly<Record<string, string>> = { here: 'set here', 'built-in': 'built in' };

export class ConfigurationDesk {
  readonly #station: StationState;
  readonly #preferences: Preferences;
  readonly #loaded = new Loaded<ConfigurationView>();
  search = $state('');

  constructor(station: StationState, preferences: Preferences) {
    this.#station = station;
    this.#preferences = preferences;
  }

  ask(): void {
    void this.#loaded.ask(() => this.#station.port.call.configuration());
  }

  get view(): ConfigurationView | undefined {
    return this.#loaded.value;
  }

  get problem() {
    return this.#loaded.problem;
  }

  /** What somebody says first, then what is built in; as far as it is looked for. */
  get rows(): readonly ConfigurationValue[] {
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    const { theme, sound } = this.#preferences.chosen;
    const chosen: Readonly<Record<string, string | undefined>> = { 'screen.theme': theme, 'screen.sound': sound };
    return (this.view?.values ?? [])
      .map((row) => withChoice(row, chosen[row.key]))
      .filter(({ key, meaning, tier, from, value }) => {
        const text = `${key} ${meaning} ${tierWord(tier)} ${from} ${value}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .toSorted((a, b) => Number(a.tier === 'built-in') - Number(b.tier === 'built-in'));
  }
}

export function tierWord(tier: string): string {
  return TIER_WORDS[tier] ?? tier;
}

function withChoice(row: ConfigurationValue, own: string | undefined): ConfigurationValue {
  return own === undefined ? row : { ...row, value: own, tier: 'here', from: '', instead: row.value };
}
