/** An operator for engine tests: looks at each screen, and enters what a plan says, when it says. */
import type { LiveValues, ShownScreen } from '#engine/link/prompt-link.ts';
import type { OpenScreen, Operator, TakeAnswers } from '#engine/prompt/operator.ts';
import type { Complaint } from '#procedure/answer.ts';
import type { FakeClock } from '../base/fake-clock.ts';

export interface Entry {
  /** From the moment at which the screen was opened. */
  readonly afterMs: number;
  readonly given: unknown;
}

export class FakeOperator implements Operator {
  readonly screens: ShownScreen[] = [];
  /** What each entry came to, in order. */
  readonly heard: (readonly Complaint[])[] = [];
  /** What was taken, of which screen, and when. */
  readonly taken: { readonly screen: ShownScreen; readonly atMs: number; readonly given: unknown }[] = [];
  readonly live: LiveValues[] = [];
  /** How many screens are open now. */
  openCount = 0;
  readonly #clock: FakeClock;
  readonly #plan: (screen: ShownScreen, index: number) => readonly Entry[];

  constructor(clock: FakeClock, plan: (screen: ShownScreen, index: number) => readonly Entry[]) {
    this.#clock = clock;
    this.#plan = plan;
  }

  open(screen: ShownScreen, take: TakeAnswers): OpenScreen {
    this.openCount += 1;
    for (const { afterMs, given } of this.#plan(screen, this.screens.push(screen) - 1))
      void this.#clock.sleep(afterMs).then(() => {
        const complaints = take(given);
        this.heard.push(complaints);
        if (complaints.length === 0) this.taken.push({ screen, atMs: this.#clock.monotonicMs(), given });
      });
    let isOpen = true;
    return {
      show: (values) => void this.live.push(values),
      close: () => {
        if (isOpen) this.openCount -= 1;
        isOpen = false;
      },
    };
  }
}
