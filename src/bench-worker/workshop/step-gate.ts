/**
 * Holds a workshop run before each step until a person lets it go on, and its clock meanwhile.
 *
 * One object is both: time-outs of phases are measured on a clock that stands still while a step is held. Teardown is
 * never held. Whoever goes away leaves a fixture that is switched on, so a hold may have a limit. Above:
 * workshop-desk.ts. Knows nothing of procedures.
 */
import type { Clock } from '#base/clock.ts';
import type { BeforeStep, StepPlace } from '#engine/before-step.ts';
import { after, unlessAborted } from '#hardware/waiting.ts';

/** `step`: one step, then wait again. `on`: until the end, or until `step` is asked for. */
export type Pace = 'step' | 'on';

/** How long steps are held without a word of a person, and what comes then. */
export interface HoldLimit {
  readonly afterMs: number;
  readonly act: () => void;
}

export class StepGate {
  /** For the engine. */
  readonly clock: Clock;
  readonly #clock: Clock;
  readonly #onPlace: (place: StepPlace, isWaiting: boolean) => void;
  readonly #limit: HoldLimit | null;
  #stopLimit = () => {};
  #pace: Pace;
  /** Open while nothing is held. */
  #held = 0;
  #heldSinceMs = 0;
  #stoodStillMs = 0;
  #waiting: (() => void)[] = [];
  #whenFree: (() => void)[] = [];

  /** @param limit null: a hold has none */
  constructor(
    clock: Clock,
    pace: Pace,
    onPlace: (place: StepPlace, isWaiting: boolean) => void,
    limit: HoldLimit | null = null,
  ) {
    this.#clock = clock;
    this.#pace = pace;
    this.#onPlace = onPlace;
    this.#limit = limit;
    this.clock = {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => this.#nowMs(),
      sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
    };
  }

  /** Lets what waits go on. */
  go(pace: Pace): void {
    this.#pace = pace;
    if (this.#held > 0) this.#startLimit();
    const [first, ...others] = this.#waiting;
    if (pace === 'on') for (const open of this.#waiting.splice(0)) open();
    else if (first) {
      this.#waiting = others;
      first();
    }
  }

  readonly beforeStep: BeforeStep = async (place, signal) => {
    const isHeld = this.#pace === 'step' && place.section !== 'teardown';
    this.#onPlace(place, isHeld);
    if (!isHeld) return;
    this.#hold();
    let open = () => {};
    try {
      await unlessAborted(
        new Promise<void>((resolve) => {
          open = resolve;
          this.#waiting.push(resolve);
        }),
        signal,
      );
    } finally {
      this.#waiting = this.#waiting.filter((one) => one !== open);
      this.#release();
    }
    this.#onPlace(place, false);
  };

  #hold(): void {
    if (this.#held === 0) this.#heldSinceMs = this.#clock.monotonicMs();
    this.#held += 1;
    this.#startLimit();
  }

  #startLimit(): void {
    this.#stopLimit();
    if (this.#limit) this.#stopLimit = after(this.#clock, this.#limit.afterMs, this.#limit.act);
  }

  #release(): void {
    this.#held -= 1;
    if (this.#held > 0) return;
    this.#stopLimit();
    this.#stoodStillMs += this.#clock.monotonicMs() - this.#heldSinceMs;
    for (const free of this.#whenFree.splice(0)) free();
  }

  #nowMs(): number {
    const now = this.#held > 0 ? this.#heldSinceMs : this.#clock.monotonicMs();
    return now - this.#stoodStillMs;
  }

  async #sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const untilMs = this.#nowMs() + delayMs;
    let leftMs = delayMs;
    do {
      await this.#clock.sleep(leftMs, signal);
      if (this.#held > 0) await this.#free(signal);
      leftMs = untilMs - this.#nowMs();
    } while (leftMs > 0);
  }

  #free(signal?: AbortSignal): Promise<void> {
    const free = new Promise<void>((resolve) => this.#whenFree.push(resolve));
    return signal ? unlessAborted(free, signal) : free;
  }
}
