/**
 * One slot on this page: the run in it, under way or over, and whether its verdict stands.
 *
 * Told by station-state.svelte.ts, in the order of the news. Knows nothing of other slots.
 */
import type { SlotView } from '#engine/link/station-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunRecord } from '#record/run-record.ts';
import { LiveRun } from '#ui/live-run.svelte.ts';

export class SlotState {
  readonly key: string;
  readonly name: string;
  #running = $state(false);
  #serial = $state<string | null>(null);
  #run = $state.raw<LiveRun | null>(null);
  #restored: LiveRun | null = null;

  constructor({ key, name }: SlotView) {
    this.key = key;
    this.name = name;
  }

  /** From the moment in which its unit is taken until the run is sealed. */
  get running(): boolean {
    return this.#running;
  }

  /** Of a unit that waits for the others; null when none does. */
  get waiting(): string | null {
    return this.#running ? null : this.#serial;
  }

  /** Of the unit that is in it now, or was last. */
  get serial(): string {
    return this.#serial ?? this.#run?.record.serial_number ?? '';
  }

  /** The run on the screen: under way, or over and shown until the next scan; null before the first. */
  get run(): LiveRun | null {
    return this.#run;
  }

  /**
   * The run whose verdict stands; null while one is under way, so that an old verdict is never taken for a new one,
   * and null for a run that never ended.
   */
  get decided(): LiveRun | null {
    return this.#running || this.#run?.outcome === null ? null : this.#run;
  }

  /** The verdict was on the screen before this page was loaded: it is no news. */
  get isOldNews(): boolean {
    return this.#run !== null && this.#run === this.#restored;
  }

  /** @param running a slot that is the only one runs when the station does */
  show({ serial }: SlotView, running: boolean): void {
    // Another unit is in it: what was said about the last one goes.
    if (serial !== null && this.#serial === null) this.clear();
    this.#serial = serial;
    this.#running = running;
  }

  clear(): void {
    this.#run = null;
  }

  /** What was cleared for a scan that was no unit. */
  putBack(run: LiveRun): void {
    this.#run ??= run;
  }

  takeRun(events: readonly RunEvent[], nowMs: number): void {
    const start = events.findLastIndex(({ kind }) => kind === 'run-started');
    const first = events[start];
    if (first?.kind === 'run-started') this.#run = new LiveRun(first.header, nowMs);
    this.#run?.apply(start < 0 ? events : events.slice(start));
  }

  /** Shows a run that was on the screen before the page was loaded anew, unless something newer is there. */
  restore(record: RunRecord): void {
    if (this.#run || this.#running) return;
    this.#run = LiveRun.of(record);
    this.#restored = this.#run;
  }
}
