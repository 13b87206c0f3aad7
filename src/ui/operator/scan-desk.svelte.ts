/**
 * The scan field's mind: what is in it, what was asked for, and what waits for the operator.
 *
 * A scan is never lost: while no slot is free, or the station is starting, it stays in the field. Knows nothing of
 * elements; ScanBar.svelte has those.
 */
import type { Word } from '#engine/link/station-link.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

/** Longer than any scanner waits between two characters. */
const SCAN_PAUSE_MS = 200;

export class ScanDesk {
  text = $state('');
  readonly #station: StationState;
  #pending = $state.raw<string | null>(null);
  /** What a scan that was entered waits for. */
  #keptFor = $state.raw<'ready' | 'verdict' | null>(null);
  #problem = $state.raw<Word | null>(null);
  #asked = $state.raw(0);
  #typedAtMs = -Infinity;

  constructor(station: StationState) {
    this.#station = station;
  }

  /** The serial number that was asked for and neither started nor refused yet. */
  get pending(): string | null {
    return this.#pending !== null && this.#station.run === null && this.refusal === null ? this.#pending : null;
  }

  /** Enter was pressed, and the scan waits: for the verdict, or for the station to be ready. */
  get isKept(): boolean {
    return this.#keptFor !== null && this.text.trim() !== '';
  }

  /** No unit can be taken now. */
  get isBusy(): boolean {
    if (this.#station.hasSlots) return this.#station.view.nextSlot === null;
    return this.pending !== null || this.#station.running;
  }

  /** Units wait for the others, and can be started without them. */
  get isWaiting(): boolean {
    return !this.#station.running && this.#station.slots.some(({ waiting }) => waiting !== null);
  }

  /** Why the last scan made no run; stays until the next scan. */
  get refusal(): Word | null {
    return this.#problem ?? this.#station.view.refusal;
  }

  /** Enter, or the Start button. @returns whether the scan was kept for later */
  submit(): boolean {
    const serial = this.text.trim();
    if (serial === '') {
      if (this.isWaiting) void this.#station.port.call.startWaiting();
      return false;
    }
    this.#keptFor = this.isBusy ? 'verdict' : this.#station.view.status === 'starting' ? 'ready' : null;
    if (this.#keptFor === null) void this.#start(serial);
    return this.#keptFor !== null;
  }

  /** The station became ready: what was entered before starts now. Nothing that waits for a verdict ever does. */
  becameReady(): void {
    if (this.#keptFor === 'ready' && !this.isBusy) this.submit();
  }

  /** How often something was put here that was typed elsewhere: the rest of it should come here. */
  get asked(): number {
    return this.#asked;
  }

  /** What a scanner typed where nothing takes it. */
  type(text: string): void {
    this.text += text;
    this.#asked += 1;
  }

  noteKey(): void {
    this.#typedAtMs = performance.now();
  }

  /** A scan is coming in: whoever takes the focus now would cut it in two. */
  get isBeingTyped(): boolean {
    return performance.now() - this.#typedAtMs < SCAN_PAUSE_MS;
  }

  pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, SCAN_PAUSE_MS));
  }

  /** @param slot its key; absent: all of them */
  async stop(slot?: string): Promise<void> {
    await (slot === undefined ? this.#station.port.call.stop() : this.#station.port.call.stop(slot));
  }

  /** The next scan is for this slot. */
  async aimAt(slot: string): Promise<void> {
    await this.#station.port.call.aimAt(slot);
  }

  async #start(serial: string): Promise<void> {
    const station = this.#station;
    this.text = '';
    this.#problem = null;
    station.clear();
    this.#pending = serial;
    try {
      const isTaken = await station.port.call.start(serial);
      station.flush();
      // The station took no notice, for instance because it is about to reload: the scan goes back where it was.
      if (!isTaken && this.text === '') this.text = serial;
    } catch (thrown) {
      this.#problem = wordOf(thrown);
    } finally {
      this.#pending = null;
    }
  }
}
