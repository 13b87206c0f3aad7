/**
 * Verdicts that have not been heard yet: of those that fall in the same moment, the one that needs a person most.
 *
 * Knows nothing of sound.
 */
import type { RunOutcome } from '#record/run-record.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import type { SlotState } from '#ui/slot-state.svelte.ts';

/** What a person has to look at comes before what has passed. */
const BY_NEED: readonly RunOutcome[] = ['ERROR', 'TIMEOUT', 'ABORTED', 'FAIL', 'PASS'];

export class FreshVerdicts {
  readonly #heard = new WeakSet<LiveRun>();

  /** @returns null when there is no new one */
  take(slots: readonly Pick<SlotState, 'decided' | 'isOldNews'>[]): RunOutcome | null {
    const fresh: RunOutcome[] = [];
    for (const { decided, isOldNews } of slots) {
      if (!decided || this.#heard.has(decided)) continue;
      this.#heard.add(decided);
      if (decided.outcome && !isOldNews) fresh.push(decided.outcome);
    }
    return BY_NEED.find((outcome) => fresh.includes(outcome)) ?? null;
  }
}
