/**
 * What a person says to a fixture by hand, between runs, and its safe state afterwards.
 *
 * A command by hand may have switched something on: that is said until the safe state was sent, and it is sent without
 * being asked for before the next unit, and when nothing more comes. Above: station.ts. Knows nothing of screens.
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import type { Turns } from '#base/turns.ts';
import type { PlugPlace } from '#engine/link/fixture-link.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import { wireLine, type WireLine } from '#hardware/transport/wire-recording.ts';
import { after } from '#hardware/waiting.ts';
import type { RunDesk } from './run-desk.ts';
import type { View } from './view.ts';
import { VisitDesk, type VisitDeskOptions } from './visit-desk.ts';

/** Longer than it takes to read an answer and type the next command; shorter than a way to the coffee machine. */
const SAFE_AFTER_MS = 60_000;
/** An instrument that measures for longer is asked by a procedure. */
const ANSWER_LIMIT_MS = 10_000;
/** What a screen shows at once; more is in the log of a run. */
const MOST_LINES = 500;
const CODE = 'by-hand';

export interface HandDeskOptions {
  readonly fixture: { readonly bench: Bench | null; readonly anyBench: VisitDeskOptions['bench'] };
  /** `busy`: a unit is under test, or waits for others. */
  readonly desk: Pick<RunDesk, 'busy'>;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly view: View;
}

export class HandDesk {
  /** Talks with devices that are no plugs. */
  readonly visits: VisitDesk;
  readonly #options: HandDeskOptions;
  #isOn = false;
  #stopTimer: (() => void) | null = null;

  constructor(options: HandDeskOptions) {
    this.#options = options;
    this.visits = new VisitDesk({
      bench: () => options.fixture.anyBench(),
      alone: (work) => this.#alone(work),
      view: options.view,
    });
  }

  /** @throws {Fault} `busy`, `empty`, and the instrument's */
  async say({ plug, slot }: PlugPlace, words: string): Promise<string | null> {
    const command = words.trim();
    if (command === '') throw new Fault('empty', 'Nothing was typed.', 'Type a command of the fixture.');
    return this.#alone(async () => {
      const bench = this.#demandBench();
      const instrument = bench.inSlot(slot).instrument(plug);
      const { signal } = new AbortController();
      this.#noteOn(bench, plug, slot);
      if (command.includes('?')) return instrument.query(command, signal, ANSWER_LIMIT_MS);
      await instrument.write(command, signal);
      return null;
    });
  }

  /** @throws {Fault} `busy`, `unsafe` with what may still be on */
  async makeSafe(): Promise<void> {
    await this.#alone(() => this.#switchOff(this.#demandBench()));
  }

  /** Before a unit is taken: what was switched on by hand is off, and no device is held. @throws {Fault} `unsafe` */
  async end(): Promise<void> {
    await this.visits.end();
    if (this.#isOn) await this.makeSafe();
  }

  /** A device is about to be taken away: not from a run, and not while it is on. @throws {Fault} `busy`, `unsafe` */
  async release(): Promise<void> {
    if (this.#options.desk.busy) throw underTest();
    await this.end();
  }

  traffic({ plug, slot }: PlugPlace, afterMs: number): readonly WireLine[] {
    const wires = this.#options.fixture.bench?.inSlot(slot).wires(afterMs) ?? [];
    const lines = wires
      .filter((wire) => wire.plug === plug)
      .flatMap(({ recording }) => recording.entries)
      .filter(({ atMs }) => atMs > afterMs)
      .map(wireLine);
    return lines.slice(-MOST_LINES);
  }

  /** No run and no change of procedure meanwhile. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const { desk, turns } = this.#options;
    return desk.busy ? Promise.reject(underTest()) : turns.take(work);
  }

  #demandBench(): Bench {
    const { bench } = this.#options.fixture;
    if (bench) return bench;
    throw new Fault('lost', 'There is no fixture.', 'Choose a procedure that has one.');
  }

  #noteOn(bench: Bench, plug: string, slot: string | undefined): void {
    const name = bench.plugs.find((one) => one.key === plug && one.slot === slot)?.name ?? plug;
    this.#isOn = true;
    this.#options.view.notice({
      code: CODE,
      tone: 'warning',
      message: `${name} was spoken to by hand and may be on.`,
      remedy: 'It is made safe before the next unit, and a minute after the last command.',
    });
    this.#stopTimer?.();
    this.#stopTimer = after(this.#options.clock, SAFE_AFTER_MS, () => void this.makeSafe().catch(() => {}));
  }

  async #switchOff(bench: Bench): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = null;
    const { view } = this.#options;
    const unsafe = await bench.makeSafe(new AbortController().signal).catch((thrown: unknown) => messageOf(thrown));
    if (typeof unsafe !== 'string' && unsafe.length === 0) {
      this.#isOn = false;
      return view.dismiss(CODE);
    }
    const names = typeof unsafe === 'string' ? unsafe : unsafe.map(({ name }) => name).join(', ');
    const fault = new Fault('unsafe', `The safe state was not confirmed: ${names}.`, 'Use the fixture’s own switch.');
    view.notice({ code: CODE, tone: 'error', message: fault.message, remedy: fault.remedy });
    // Its plug is lost until the safe state was reached, so no unit is tested before.
    this.#isOn = false;
    throw fault;
  }
}

function underTest(): Fault<'busy'> {
  return new Fault('busy', 'A unit is under test.', 'Wait for its verdict.');
}
