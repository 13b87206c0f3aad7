/**
 * What an operator with several slots has to do now, in one sentence; and how far the others are.
 *
 * Derived only. Knows nothing of elements.
 */
import type { ScanDesk } from '#ui/operator/scan-desk.svelte.ts';
import { counted } from '#ui/parts/words.ts';
import type { SlotState } from '#ui/slot-state.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export class SlotsSaid {
  readonly #station: StationState;
  readonly #desk: ScanDesk;

  constructor(station: StationState, desk: ScanDesk) {
    this.#station = station;
    this.#desk = desk;
  }

  get next(): SlotState | null {
    const { nextSlot } = this.#station.view;
    return this.#station.slots.find(({ key }) => key === nextSlot) ?? null;
  }

  get now(): string {
    const { status, procedure } = this.#station.view;
    if (status === 'starting') return 'Starting. A unit may be scanned already.';
    if (!procedure) return 'This station has no procedure yet.';
    if (this.next) return `Scan the unit for ${this.next.name}.`;
    if (this.#station.running) return 'Testing.';
    return 'Every slot is filled. Press Start.';
  }

  get more(): string {
    const { slots, view } = this.#station;
    const running = slots.filter((slot) => slot.running).length;
    const waiting = slots.filter((slot) => slot.waiting !== null).length;
    if (waiting > 0 && this.next)
      return `${counted(waiting, 'unit')} of ${slots.length} ${waiting === 1 ? 'waits' : 'wait'}; Start begins without the others.`;
    if (running > 0) return `${running} of ${slots.length} under test`;
    const isNew = view.recent.length === 0 && view.procedure !== null && view.procedure.serialPlaceholder !== '';
    if (view.procedure?.startsTogether) return 'They start together, when every slot has its unit.';
    return isNew ? `Or type ${view.procedure?.serialPlaceholder} and press Enter.` : '';
  }

  /** Of the scan field. */
  get placeholder(): string {
    return this.#desk.isBusy || !this.next ? 'Next unit' : `Scan the unit for ${this.next.name}`;
  }
}
