/**
 * The emergency stop's mind: one press, by finger or by key, on any screen; and what happens when nobody answers it.
 *
 * Knows nothing of elements and of wires; EmergencyStop.svelte has the button, the worker has the wires.
 */
import type { LiveRun } from '#ui/live-run.svelte.ts';
import type { SlotState } from '#ui/slot-state.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

/**
 * A worker that is free answers within a millisecond; one that hangs will not cut anything in a second. The second is
 * counted in ticks: on a machine that is slow as a whole they come late, and a slow worker is not taken for one that hangs.
 */
const TICK_MS = 100;
const PATIENCE_TICKS = 10;
/** Keys that no scanner types and neither browser nor system uses; the second for keyboards without a Pause key. */
export const EMERGENCY_KEYS = 'Pause Control+Shift+Backspace';

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'repeat' | 'preventDefault'>;

export class EmergencyDesk {
  readonly #station: StationState;
  #pressedIn = $state.raw<readonly LiveRun[]>([]);

  constructor(station: StationState) {
    this.#station = station;
  }

  /** It has ended the run in this slot, which waits for its safe state. */
  isEnding({ running, run }: Pick<SlotState, 'running' | 'run'>): boolean {
    return running && run !== null && this.#pressedIn.includes(run);
  }

  press(): void {
    // A run that began within this frame is not drawn yet, and is the one that ends.
    this.#station.flush();
    const { port, slots } = this.#station;
    this.#pressedIn = slots.flatMap(({ run }) => run ?? []);
    let isAnswered = false;
    port.call.emergencyStop().then(
      () => (isAnswered = true),
      () => port.restart(),
    );
    const wait = (ticks: number) => {
      if (isAnswered) return;
      if (ticks > 0) setTimeout(() => wait(ticks - 1), TICK_MS);
      // Without the worker the browser closes its ports.
      else port.restart();
    };
    wait(PATIENCE_TICKS);
  }

  takeKey(event: Key): void {
    // With Control, the Pause key is called Cancel.
    const isPause = event.key === 'Pause' || event.key === 'Cancel';
    if (!isPause && !(event.key === 'Backspace' && event.ctrlKey && event.shiftKey)) return;
    event.preventDefault();
    if (!event.repeat) this.press();
  }
}
