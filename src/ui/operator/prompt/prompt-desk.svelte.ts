/**
 * The questions of the runs under way: which one is on the screen, and the form that belongs to it.
 *
 * A form lives as long as its question, whatever screen of the app is looked at meanwhile. Above: App.svelte. Knows
 * nothing of elements.
 */
import type { PromptView } from '#engine/link/prompt-link.ts';
import { Drafts } from '#ui/operator/prompt/drafts.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import { PromptForm } from '#ui/operator/prompt/prompt-form.svelte.ts';
import type { SlotState } from '#ui/slot-state.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export class PromptDesk {
  readonly #station: StationState;
  readonly #drafts: Drafts;
  readonly #nowMs: () => number;
  readonly #forms = new Map<number, PromptForm>();

  constructor(station: StationState, drafts: Drafts, nowMs = () => performance.now()) {
    this.#station = station;
    this.#drafts = drafts;
    this.#nowMs = nowMs;
  }

  /** Somebody has to answer something. */
  get isAsking(): boolean {
    return this.first !== null;
  }

  /** Of one run: the question that has waited longest, else what was shown last; null where there is nothing. */
  shownFor(run: LiveRun | null): PromptView | null {
    const own = this.#station.view.prompts.filter((one) => one.run === run?.record.id);
    return own.find(({ waits }) => waits) ?? own.at(-1) ?? null;
  }

  /** The question that keys and scans go to, when several slots ask: the one that has waited longest. */
  get first(): PromptView | null {
    return this.#station.view.prompts.find(({ waits }) => waits) ?? null;
  }

  isFirst({ id }: PromptView): boolean {
    return this.first?.id === id;
  }

  /** Where it is asked. */
  slotOf({ run: id }: PromptView): SlotState | null {
    return this.#station.slots.find(({ run }) => run?.record.id === id) ?? null;
  }

  /** How many other questions of the run wait. */
  othersFor({ run, id }: PromptView): number {
    return this.#station.view.prompts.filter((one) => one.run === run && one.waits && one.id !== id).length;
  }

  formOf(prompt: PromptView): PromptForm {
    const known = this.#forms.get(prompt.id);
    if (known) return known;
    const open = new Set(this.#station.view.prompts.map(({ id }) => id));
    for (const id of this.#forms.keys()) if (!open.has(id)) this.#forms.delete(id);
    const form = new PromptForm({
      prompt,
      drafts: this.#drafts,
      run: this.slotOf(prompt)?.run ?? null,
      send: (answers) => this.#station.port.call.answer(prompt.id, answers),
      nowMs: this.#nowMs(),
    });
    this.#forms.set(prompt.id, form);
    return form;
  }
}
