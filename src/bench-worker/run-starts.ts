/**
 * From an accepted unit to its sealed run: checks, begins, runs and seals, one unit alone or several together.
 *
 * Above: run-desk.ts, which has accepted it. Below: kept-run.ts, the engine. Knows nothing of which slot is free.
 */
import { v7 as uuid } from 'uuid';
import type { Clock } from '#base/clock.ts';
import { Turns } from '#base/turns.ts';
import type { StationNews } from '#engine/link/station-link.ts';
import { planOf } from '#engine/plan-of.ts';
import { runProcedure, type RunOptions } from '#engine/run-procedure.ts';
import { runTogether } from '#engine/run-together.ts';
import { SharedPlugs, type BenchUse } from '#engine/shared-plugs.ts';
import type { Bench, SlotBench } from '#hardware/bench/bench.ts';
import { unitValues } from '#procedure/asks.ts';
import { sharedPlugs } from '#procedure/slots.ts';
import type { InstrumentRecord } from '#record/instrument.ts';
import type { RunHeader } from '#record/run-record.ts';
import type { Store } from '#storage/store/store.ts';
import type { Calibrations } from './calibrations.ts';
import { KeptRun } from './kept-run.ts';
import { brokenWord, plugWord, storageWord } from './run-words.ts';
import { named, slotIn, type Entrant, type Setup } from './setup.ts';
import type { Prompts } from './prompts.ts';
import type { StationClock } from './station-clock.ts';
import type { View } from './view.ts';
import { wireFiles } from './wire-files.ts';

export interface RunStartsOptions {
  readonly store: Store;
  readonly view: View;
  readonly clock: Clock;
  readonly tell: (news: StationNews) => void;
  readonly calibrations: Pick<Calibrations, 'forRun'>;
  readonly stationClock: Pick<StationClock, 'offsetMs' | 'obstacle' | 'note' | 'watch'>;
  /** Name and version of the browser. */
  readonly browser: string;
  readonly onSealed: () => void;
  readonly prompts: Prompts;
}

/** Units that have begun together. */
interface Begun {
  readonly use: BenchUse;
  /** What they share. */
  readonly bench: SlotBench;
  readonly runs: readonly BegunRun[];
}

/** A unit whose run may begin, and what it says of its instruments. */
interface ReadyUnit {
  readonly one: Entrant;
  readonly instruments: readonly InstrumentRecord[];
}

interface BegunRun {
  readonly one: Entrant;
  readonly run: KeptRun;
  /** Monotonic: before its plugs were asked who is there. */
  readonly sinceMs: number;
}

export class RunStarts {
  readonly #options: RunStartsOptions;
  readonly #plugs = new SharedPlugs();
  /** Runs begin one after the other, so that numbers follow the scans and no check meets another run's first phase. */
  readonly #starts = new Turns();

  constructor(options: RunStartsOptions) {
    this.#options = options;
  }

  /** Resolves when its run is sealed, or was refused. */
  async alone(one: Entrant): Promise<void> {
    const { bench, setup } = one;
    const shared = sharedPlugs(setup.procedure);
    const begun = await this.#starts.take(async () => {
      const sinceMs = this.#options.clock.monotonicMs();
      const use = await this.#plugs.enter(shared);
      const instruments = await this.#instrumentsOf(one, use.inUse);
      const run = instruments && (await this.#begin(one, instruments));
      if (!run) await leaveUntouched(use, setup.bench);
      return run && { run, use, sinceMs };
    });
    if (!begun) return;
    const { run, use, sinceMs } = begun;
    await runProcedure({ ...this.#optionsOf(one, run), bench, use });
    await this.#seal([{ one, run, sinceMs }]);
  }

  /**
   * All of them or none; one that was stopped before it began is left out.
   * @returns those that have begun; resolves when all are sealed
   */
  async together(setup: Setup, entrants: readonly Entrant[]): Promise<readonly Entrant[]> {
    const begun = await this.#starts.take(() => this.#beginTogether(setup, entrants));
    if (!begun) return [];
    const { use, bench, runs } = begun;
    const members = runs.map(({ one, run }) => ({ ...this.#optionsOf(one, run), bench: one.bench }));
    const { procedure, scripts } = setup;
    await runTogether(members, { procedure, bench, use, ...(scripts ? { scripts: scripts() } : {}) }).catch(
      (thrown: unknown) => this.#options.view.notice(brokenWord(thrown)),
    );
    await this.#seal(runs.filter(({ run }) => run.isOver));
    return runs.map(({ one }) => one);
  }

  async #beginTogether(setup: Setup, entrants: readonly Entrant[]): Promise<Begun | null> {
    const sinceMs = this.#options.clock.monotonicMs();
    const use = await this.#plugs.enter(sharedPlugs(setup.procedure));
    const bench = setup.bench.inSlot();
    const runs: BegunRun[] = [];
    for (const { one, instruments } of await this.#ready(bench, use, entrants)) {
      if (one.placed.person.signals.signal.aborted) continue;
      const run = await this.#begin(one, instruments);
      if (!run) break;
      runs.push({ one, run, sinceMs });
    }
    if (runs.length > 0) return { use, bench, runs };
    await leaveUntouched(use, setup.bench);
    return null;
  }

  /** What they share is asked once, by nobody's own signal. @returns those that were not stopped; nobody when one cannot begin */
  async #ready(bench: SlotBench, use: BenchUse, entrants: readonly Entrant[]): Promise<readonly ReadyUnit[]> {
    const [unusable] = await bench.check(new AbortController().signal, use.inUse);
    if (unusable) this.#options.view.refuse(plugWord(unusable));
    if (unusable) return [];
    const ready: ReadyUnit[] = [];
    for (const one of entrants) {
      const instruments = await this.#instrumentsOf(one, use.shared);
      if (instruments) ready.push({ one, instruments });
      else if (!one.placed.person.signals.signal.aborted) return [];
    }
    return ready;
  }

  /**
   * Asks its plugs who they are, and until when they are calibrated.
   * @param inUse plugs that other runs are using, or that have been asked
   * @returns what its run says of them; null, with the refusal shown, when it may not begin
   */
  async #instrumentsOf(
    { setup, bench, placed, unit }: Entrant,
    inUse: ReadonlySet<string>,
  ): Promise<readonly InstrumentRecord[] | null> {
    const { view, calibrations } = this.#options;
    setup.place(unit.serial_number, slotIn(setup.procedure, placed.slot.key));
    const [unusable] = await bench.check(placed.person.signals.signal, inUse);
    const known = unusable ? plugWord(unusable) : calibrations.forRun(bench.plugs, setup.procedure);
    if (!('code' in known)) return known;
    view.refuse(known);
    return null;
  }

  /** From here on there is a run, which ends as a sealed one. */
  async #begin(one: Entrant, instruments: readonly InstrumentRecord[]): Promise<KeptRun | null> {
    const { store, stationClock, tell, view } = this.#options;
    try {
      const header = await store.beginRun(this.#headerOf(one, instruments));
      return new KeptRun(header, store, tell, stationClock.watch());
    } catch (thrown) {
      view.refuse(storageWord(thrown));
      return null;
    }
  }

  #optionsOf({ setup, placed }: Entrant, { header, ends }: KeptRun): Omit<RunOptions, 'bench'> {
    const { procedure, scripts, labels = new Map<string, string>() } = setup;
    return {
      procedure,
      labels: { files: labels, station: header.station_id, runId: header.id },
      clock: this.#options.clock,
      unit: unitValues(header),
      slot: placed.slot.key,
      operator: this.#options.prompts.operator(header.id),
      ...placed.person.signals,
      ...(scripts ? { scripts: scripts() } : {}),
      ...ends,
    };
  }

  async #seal(runs: readonly BegunRun[]): Promise<void> {
    const { view, onSealed } = this.#options;
    for (const { one, run, sinceMs } of runs) {
      // Whoever looks into a failure should see what was said to the fixture, and what it said.
      if (run.outcome !== 'PASS') await run.add(wireFiles(one.bench.wires(sinceMs)));
      await run.seal().then(onSealed, (thrown: unknown) => view.notice(brokenWord(thrown, run.header.serial_number)));
    }
  }

  #headerOf({ setup, bench, placed, unit }: Entrant, instruments: readonly InstrumentRecord[]): Omit<RunHeader, 'seq'> {
    const { clock, view, stationClock } = this.#options;
    const clockNote = stationClock.note();
    const { procedure, release, development, configuration, simulated } = setup;
    return {
      id: uuid(),
      station_id: view.current.station,
      slot: placed.slot.key,
      ...unit,
      started_at: new Date(clock.nowMs()).toISOString(),
      procedure: { ...named(procedure), release, development },
      parameters: procedure.parameters,
      ...(configuration === undefined ? {} : { configuration }),
      app_version: __APP_VERSION__,
      browser: this.#options.browser,
      fixture: bench.plugs.map(({ key, identity }) => (identity ? `${key}=${identity}` : key)).join('; '),
      ...(instruments.length > 0 ? { instruments } : {}),
      ...placed.facts.header,
      clock_offset_ms: stationClock.offsetMs,
      ...(clockNote ? { clock_note: clockNote } : {}),
      simulated,
      plan: planOf(procedure),
    };
  }
}

/** Nothing was sent; but what another run has left on for this one is made safe all the same. */
async function leaveUntouched(use: BenchUse, bench: Bench): Promise<void> {
  await use.leave(async (keep) => {
    if (use.inherits) await bench.inSlot().makeSafe(new AbortController().signal, keep);
  });
}
