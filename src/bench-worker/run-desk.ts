/**
 * What a scan means: which slot it is for, whether it is accepted, and when its run begins.
 *
 * A refusal touches nothing: no run, no sequence number, no command on the wire. Whatever happens after acceptance
 * ends as a sealed run, or is closed as one at the next start. Below: slot-board.ts (which unit is where), run-starts.ts
 * (from an accepted unit to a sealed run).
 */
import type { Turns } from '#base/turns.ts';
import type { Word } from '#engine/link/station-link.ts';
import { withAnswers } from '#procedure/asks.ts';
import { identify } from '#procedure/identify.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { inSlot, slotsOf, startsTogether } from '#procedure/slots.ts';
import { unsendable } from '#sync/tofupilot/run-body.ts';
import { NO_FACTS, type RunFacts } from './front-desk.ts';
import { RunStarts, type RunStartsOptions } from './run-starts.ts';
import { brokenWord, twiceWord, undeliverableWord } from './run-words.ts';
import { entrant, named, type Entrant, type Setup } from './setup.ts';
import { Person, SlotBoard, type Placed } from './slot-board.ts';

export interface RunDeskOptions extends RunStartsOptions {
  readonly setup: () => Setup | Word;
  /** Why no unit is tested now, whatever is scanned, and nobody waits for it to pass; null: nothing stands against it. */
  readonly heldBy: () => Word | null;
  /** Waits for what may not overlap with a run, such as a change of procedure. */
  readonly turns: Turns;
}

export class RunDesk {
  readonly #options: RunDeskOptions;
  readonly #board: SlotBoard;
  readonly #starts: RunStarts;
  /** Scans that have not come to an end. */
  #asked = 0;
  #closed = false;

  constructor(options: RunDeskOptions) {
    this.#options = options;
    this.#board = new SlotBoard(options.view);
    this.#starts = new RunStarts(options);
  }

  /** Not only while something runs: a unit that waits would be forgotten; nor while the bench is held. */
  get busy(): boolean {
    return this.#asked > 0 || this.#board.placed.length > 0 || this.#options.heldBy() !== null;
  }

  /** From now on nothing is started: the page is about to reload. @returns false while a run is under way */
  close(): boolean {
    if (this.busy) return false;
    this.#closed = true;
    return true;
  }

  /** The slots of the procedure, which was changed between runs; or their plugs have changed. */
  showSlots(): void {
    const setup = this.#options.setup();
    if (!('code' in setup)) this.#board.lay(slotsOf(setup.procedure));
    this.#board.show();
  }

  aimAt(slot: string): void {
    this.#board.aimAt(slot);
  }

  /** The slot that is next now stays so until its unit is put in, or a person points at another one. */
  holdSlot(): void {
    const slot = this.#board.next;
    if (slot) this.#board.aimAt(slot.key);
  }

  stop(slot?: string): void {
    for (const placed of this.#board.placed)
      if (slot === undefined || placed.slot.key === slot) {
        if (placed.running) placed.person.stop();
        else this.#board.takeOut(placed);
      }
  }

  /** The bench has cut its wires: every run ends at once, and its teardown with it. */
  cut(): void {
    for (const { person, running } of this.#board.placed) if (running) person.cut();
  }

  /** @returns false when no notice was taken of it */
  start(scan: string, facts: RunFacts = NO_FACTS): Promise<boolean> {
    if (!this.isFree) return Promise.resolve(false);
    const held = this.#options.heldBy();
    if (held) return Promise.resolve(this.#refuse(held));
    return this.#inTurn(() => this.#take(scan, facts));
  }

  /** Whether a unit would be taken now. */
  get isFree(): boolean {
    return !this.#closed && this.#board.isFree;
  }

  /** What the next unit is tested with, as its slot has it; null where nothing can be. */
  get nextProcedure(): Procedure | null {
    const ready = this.#options.heldBy() ?? this.#options.setup();
    const slot = this.#board.next;
    return 'code' in ready || !slot ? null : inSlot(ready.procedure, slot.key);
  }

  async startWaiting(): Promise<void> {
    const held = this.#options.heldBy();
    if (held) this.#refuse(held);
    else if (!this.#closed) await this.#inTurn(async () => this.#startTogether());
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T | true> {
    this.#asked += 1;
    try {
      return await this.#options.turns.share(work);
    } catch (thrown) {
      this.#options.view.notice(brokenWord(thrown));
      return true;
    } finally {
      this.#asked -= 1;
    }
  }

  /** Until the first wait it is one piece: a second scan in the same moment finds the slot taken. */
  async #take(scan: string, facts: RunFacts): Promise<boolean> {
    const { view, setup, stationClock } = this.#options;
    const ready = stationClock.obstacle() ?? setup();
    if ('code' in ready) return this.#refuse(ready);
    const { procedure } = ready;
    this.#board.lay(slotsOf(procedure));
    const slot = this.#board.next;
    const isTogether = startsTogether(procedure);
    if (!slot || (isTogether && this.#board.isRunning)) return false;
    view.change({ refusal: null });
    const scanned = identify(scan, inSlot(procedure, slot.key).unit);
    if ('code' in scanned) return this.#refuse(scanned);
    const unit = withAnswers(scanned, facts.answers);
    const unwelcome = unsendable({ ...unit, procedure: named(procedure) });
    if (unwelcome) return this.#refuse(undeliverableWord(unwelcome));
    const serial = unit.serial_number;
    const twin = this.#board.placed.find((other) => other.serial.toUpperCase() === serial.toUpperCase());
    if (twin) return this.#refuse(twiceWord(serial, twin.slot.name));
    const placed: Placed = { slot, scan, facts, serial, person: new Person(), running: !isTogether };
    this.#board.put(placed);
    if (!isTogether) await this.#starts.alone(entrant(ready, placed, unit)).finally(() => this.#board.takeOut(placed));
    else if (!this.#board.isFree) await this.#startTogether();
    return true;
  }

  /** The units that wait. Those that cannot begin go on waiting; one that is stopped before it begins is taken out. */
  async #startTogether(): Promise<void> {
    const { view, setup, stationClock } = this.#options;
    const ready = stationClock.obstacle() ?? setup();
    if ('code' in ready) return void this.#refuse(ready);
    this.#board.lay(slotsOf(ready.procedure));
    const waiting = this.#board.waiting;
    if (waiting.length === 0 || this.#board.isRunning) return;
    view.change({ refusal: null });
    const entrants = waiting.flatMap((placed) => this.#entrantAgain(ready, placed) ?? []);
    for (const { placed } of entrants) placed.running = true;
    this.#board.show();
    const over = await this.#starts.together(ready, entrants);
    for (const one of entrants) {
      one.placed.running = false;
      if (over.includes(one) || one.placed.person.signals.signal.aborted) this.#board.takeOut(one.placed);
    }
    this.#board.show();
  }

  /** The procedure may be another one since the unit was scanned. */
  #entrantAgain(ready: Setup, placed: Placed): Entrant | null {
    const unit = identify(placed.scan, inSlot(ready.procedure, placed.slot.key).unit);
    if (!('code' in unit)) return entrant(ready, placed, withAnswers(unit, placed.facts.answers));
    this.#refuse(unit);
    this.#board.takeOut(placed);
    return null;
  }

  #refuse(word: Word): true {
    this.#options.view.refuse(word);
    return true;
  }
}
