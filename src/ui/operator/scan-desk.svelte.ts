/**
 * The scan field's mind: what is in it, what was asked for, and what waits for the operator.
 *
 * A scan is never lost: while no slot is free, or the station is starting, it stays in the field. Knows nothing of
 * elements; ScanBar.svelte has those.
 */
import type { ScanTaken } from '#engine/link/people-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import { RepeatGuard } from '#ui/operator/repeat-guard.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

/** Refused for who stands here, not for what was scanned. */
const ABOUT_PEOPLE: readonly string[] = ['sign-in-needed', 'badge-unknown', 'answer-approval'];
/** Longer than any scanner waits between two characters. */
const SCAN_PAUSE_MS = 200;

export class ScanDesk {
  text = $state('');
  readonly #station: StationState;
  #pending = $state.raw<{ readonly serial: string } | null>(null);
  /** What a scan that was entered waits for: `answer` is the station's, to the scan before it. */
  #keptFor = $state.raw<'ready' | 'verdict' | 'answer' | null>(null);
  #problem = $state.raw<Word | null>(null);
  readonly #repeats = new RepeatGuard();
  #isRepeated = $state(false);
  /** A scan that was refused for what it says. */
  #leftOver = $state.raw<string | null>(null);
  #asked = $state.raw(0);
  #typedAtMs = -Infinity;

  constructor(station: StationState) {
    this.#station = station;
  }

  /** The serial number that was asked for and neither started nor refused yet. */
  get pending(): string | null {
    return this.#pending !== null && this.#station.run === null && this.refusal === null ? this.#pending.serial : null;
  }

  /** Enter was pressed, and the scan waits: for the verdict, or for the station to be ready. */
  get isKept(): boolean {
    return this.#keptFor !== null && this.text.trim() !== '';
  }

  /** What is kept is the station's next, as soon as it has answered the scan before it. */
  get isInLine(): boolean {
    return this.#keptFor === 'answer' && this.#pending !== null && !this.#station.running;
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

  /** The last scan was the one before it, read again: it was taken once. */
  get isRepeated(): boolean {
    return this.#isRepeated;
  }

  /** What stands in the field was refused: the next scan replaces it, and a person may correct it. */
  get isLeftOver(): boolean {
    return this.#leftOver !== null && this.text === this.#leftOver;
  }

  /** A character was typed, in the field or on its way there: when it happened, not when a busy page heard of it. */
  noteKey({ timeStamp }: Event): void {
    this.#repeats.key(timeStamp);
  }

  noteInput(): void {
    this.#typedAtMs = performance.now();
  }

  /** The unit that is being identified is put aside; the next scan is a unit again. */
  async cancelUnit(): Promise<void> {
    this.text = '';
    await this.#station.port.call.cancelUnit();
  }

  /** What is asked may stay open. */
  leaveOut(): void {
    this.text = '';
    this.submit();
  }

  /** Enter, or the Start button. @returns whether the scan was kept for later */
  submit(atMs = performance.now()): boolean {
    const serial = this.text.trim();
    const { asking } = this.#station.view;
    if (serial === '' && !asking?.isOptional) {
      if (!asking && this.isWaiting) void this.#station.port.call.startWaiting();
      return false;
    }
    const wasRefused = this.refusal !== null || (asking?.trouble ?? null) !== null;
    this.#isRepeated = this.#repeats.isRepeat(serial, atMs, wasRefused);
    if (this.#isRepeated) this.text = '';
    if (this.#isRepeated) return false;
    this.#keptFor = this.#whatFor();
    if (this.#keptFor === null) void this.#start(serial);
    return this.#keptFor !== null;
  }

  #whatFor(): 'ready' | 'verdict' | 'answer' | null {
    if (this.isBusy) return this.#station.running ? 'verdict' : 'answer';
    return this.#station.view.status === 'starting' ? 'ready' : null;
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

  /** Read at once and whole, as by a camera: as if it had been typed and entered. */
  scan(text: string): void {
    this.text = text;
    this.#asked += 1;
    this.submit();
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
    this.#problem = this.#leftOver = null;
    const shown = station.clear();
    // An answer is about the unit that is asked about.
    const pending = { serial: station.view.asking?.serial ?? serial };
    this.#pending = pending;
    let taken: ScanTaken = 'not-taken';
    try {
      taken = await station.port.call.start(serial);
      station.flush();
      this.#settle(taken, serial, shown);
    } catch (thrown) {
      this.#problem = wordOf(thrown);
    } finally {
      // The answer about a run comes when it is over: the next unit may be under way to the station by then.
      if (this.#pending === pending) this.#pending = null;
    }
    this.#goOn(taken);
  }

  #settle(taken: ScanTaken, scan: string, shown: LiveRun | null): void {
    // The verdict that stood there is still the last unit's.
    if (taken === 'person') return this.#station.putBack(shown);
    const refused = this.refusal ?? this.#station.view.asking?.trouble ?? null;
    const isWrong = refused !== null && !ABOUT_PEOPLE.includes(refused.code);
    // The station took no notice, for instance because it is about to reload: the scan goes back where it was.
    if ((taken === 'not-taken' || isWrong) && this.text === '') this.text = scan;
    if (isWrong) this.#leftOver = scan;
  }

  /** The scan before it was no unit that begins: what was entered meanwhile is its turn now. */
  #goOn(taken: ScanTaken): void {
    if (this.#keptFor !== 'answer' || this.isBusy) return;
    const isRefused = this.refusal !== null || (this.#station.view.asking?.trouble ?? null) !== null;
    if (isRefused) this.#keptFor = null;
    else if (taken === 'asked' || taken === 'person') this.submit();
  }
}
