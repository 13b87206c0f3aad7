/**
 * The screens that are open now, of every run under way: shown to the page, answered by it.
 *
 * Each has a number of its own, so that an answer that comes late finds no other question. Above: run-desk.ts, which
 * hands the engine an operator for its run. Knows nothing of what a screen shows.
 */
import type { Clock } from '#base/clock.ts';
import type { PromptView } from '#engine/link/prompt-link.ts';
import type { OpenScreen, Operator, TakeAnswers } from '#engine/prompt/operator.ts';
import type { Complaint } from '#procedure/answer.ts';
import type { View } from './view.ts';

/** What is shown changes this often at the most, however fast a script is. */
const SHOW_EVERY_MS = 50;

interface Open {
  prompt: PromptView;
  readonly take: TakeAnswers;
}

export class Prompts {
  readonly #view: Pick<View, 'change'>;
  readonly #clock: Clock;
  /** In the order in which they were opened. */
  readonly #open = new Map<number, Open>();
  #lastId = 0;
  #isTelling = false;

  constructor(view: Pick<View, 'change'>, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  /** For one run. */
  operator(run: string): Operator {
    return { open: (screen, take) => this.#show({ ...screen, run, id: (this.#lastId += 1), values: {} }, take) };
  }

  answer(id: number, given: unknown): readonly Complaint[] {
    return this.#open.get(id)?.take(given) ?? [{ key: null, message: 'This question is over.' }];
  }

  #show(prompt: PromptView, take: TakeAnswers): OpenScreen {
    const open: Open = { prompt, take };
    this.#open.set(prompt.id, open);
    this.#tell();
    return {
      show: (values) => {
        open.prompt = { ...open.prompt, values: { ...open.prompt.values, ...values } };
        void this.#tellSoon();
      },
      close: () => {
        if (this.#open.delete(prompt.id)) this.#tell();
      },
    };
  }

  async #tellSoon(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    await this.#clock.sleep(SHOW_EVERY_MS);
    this.#isTelling = false;
    this.#tell();
  }

  #tell(): void {
    this.#view.change({ prompts: [...this.#open.values()].map(({ prompt }) => prompt) });
  }
}
