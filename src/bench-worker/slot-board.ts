/**
 * Which unit is in which slot, and where the next one goes: kept here, shown in the view.
 *
 * Above: run-desk.ts, which decides what a scan means. Knows nothing of runs and of wires.
 */
import { Fault } from '#base/fault.ts';
import { type Slot } from '#procedure/procedure.ts';
import type { RunFacts } from './front-desk.ts';
import type { View } from './view.ts';

/** What a person may press while a unit is in a slot. */
export class Person {
  readonly #stop = new AbortController();
  readonly #emergency = new AbortController();

  get signals(): { readonly signal: AbortSignal; readonly emergency: AbortSignal } {
    return { signal: this.#stop.signal, emergency: this.#emergency.signal };
  }

  stop(): void {
    this.#stop.abort(new Fault('aborted', 'A person stopped the run.', 'Scan the next unit.'));
  }

  /** The bench has cut its wires: the run ends at once, and its teardown with it. */
  cut(): void {
    const fault = new Fault(
      'aborted',
      'A person pressed emergency stop.',
      'Look at the fixture before you reach into it.',
    );
    this.#emergency.abort(fault);
    this.#stop.abort(fault);
  }
}

/** A unit in its slot, from the scan to the sealed run. */
export interface Placed {
  readonly slot: Slot;
  readonly scan: string;
  readonly facts: RunFacts;
  readonly serial: string;
  readonly person: Person;
  /** False while it waits for others. */
  running: boolean;
}

export class SlotBoard {
  readonly #view: View;
  #slots: readonly Slot[];
  readonly #placed = new Map<string, Placed>();
  /** Where the last unit was put: the operator goes on from there. */
  #last: string | undefined;
  #aim: string | undefined;

  constructor(view: View) {
    this.#view = view;
    this.#slots = view.current.slots;
  }

  /** The procedure's slots; units that waited in others are gone. Called when nothing is running. */
  lay(slots: readonly Slot[]): void {
    if (JSON.stringify(slots.map(({ key }) => key)) === JSON.stringify(this.#slots.map(({ key }) => key))) return;
    this.#slots = slots;
    this.#placed.clear();
    this.#last = this.#aim = undefined;
    this.show();
  }

  get isFree(): boolean {
    return this.#placed.size < this.#slots.length;
  }

  get placed(): readonly Placed[] {
    return this.#slots.flatMap(({ key }) => this.#placed.get(key) ?? []);
  }

  get waiting(): readonly Placed[] {
    return this.placed.filter(({ running }) => !running);
  }

  get isRunning(): boolean {
    return this.placed.some(({ running }) => running);
  }

  /**
   * The slot that the next unit goes to: the one that the operator has pointed at, else the next free one in their
   * order after the last, those first whose own plugs are ready.
   */
  get next(): Slot | undefined {
    const from = this.#slots.findIndex(({ key }) => key === this.#last) + 1;
    const free = [...this.#slots.slice(from), ...this.#slots.slice(0, from)].filter(
      ({ key }) => !this.#placed.has(key),
    );
    const unready = new Set(
      this.#view.current.plugs.flatMap(({ slot, state }) => (state === 'ready' ? [] : (slot ?? []))),
    );
    return free.find(({ key }) => key === this.#aim) ?? free.find(({ key }) => !unready.has(key)) ?? free[0];
  }

  aimAt(key: string): void {
    this.#aim = key;
    this.show();
  }

  put(placed: Placed): void {
    this.#placed.set(placed.slot.key, placed);
    this.#last = placed.slot.key;
    this.#aim = undefined;
    this.show();
  }

  takeOut({ slot }: Placed): void {
    this.#placed.delete(slot.key);
    this.show();
  }

  show(): void {
    const slots = this.#slots.map(({ key, name }) => {
      const { running = false, serial = null } = this.#placed.get(key) ?? {};
      return { key, name, running, serial };
    });
    // Units that were started together are taken out together: nobody joins them.
    const isClosed = this.isRunning && this.#view.current.procedure?.startsTogether === true;
    const nextSlot = isClosed ? null : (this.next?.key ?? null);
    this.#view.change({ slots, nextSlot, running: this.isRunning });
  }
}
