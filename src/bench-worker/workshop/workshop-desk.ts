/**
 * Runs a procedure that is being written, on a simulated bench or on the fixture, step by step; keeps nothing of it.
 *
 * The engine, the drivers and the bench are the station's own; what differs is that nobody numbers, keeps or sends the
 * run, and that its news goes in an envelope of its own. It never overlaps with a run of a unit, nor one with it. Above:
 * station.ts. Below: workshop-setup.ts, step-gate.ts, the engine.
 */
import { v7 as uuid } from 'uuid';
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import type { Turns } from '#base/turns.ts';
import type { EnteredAnswers } from '#engine/link/prompt-link.ts';
import type { StationNews, Word } from '#engine/link/station-link.ts';
import type { WorkshopNews, WorkshopPace, WorkshopWish } from '#engine/link/workshop-link.ts';
import { planOf } from '#engine/plan-of.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import type { ScriptHost } from '#engine/script/script-host.ts';
import type { Bench, PlugStatus, VisitableBench } from '#hardware/bench/bench.ts';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import type { SimulatedBench } from '#hardware/transport/simulated/simulated-bench.ts';
import type { Complaint } from '#procedure/answer.ts';
import { unitValues } from '#procedure/asks.ts';
import { benchPlugs, inSlot } from '#procedure/slots.ts';
import type { NewAttachment } from '#record/attachment.ts';
import type { FileRecord, RunHeader } from '#record/run-record.ts';
import { Prompts } from '../prompts.ts';
import type { RunDesk } from '../run-desk.ts';
import { plugWord } from '../run-words.ts';
import type { Scripts } from '../scripts.ts';
import { named, slotIn } from '../setup.ts';
import { Person } from '../slot-board.ts';
import type { View } from '../view.ts';
import { StepGate } from './step-gate.ts';
import { workshopSetup, type WorkshopSetup } from './workshop-setup.ts';

export interface WorkshopDeskOptions {
  readonly tell: (news: StationNews) => void;
  readonly view: Pick<View, 'current' | 'change' | 'notice' | 'dismiss'>;
  readonly clock: Clock;
  readonly turns: Turns;
  /** Units: while one is under test or waits, nothing is tried. */
  readonly units: Pick<RunDesk, 'busy'>;
  /** What was switched on by hand is off when this resolves. @throws {Fault} `unsafe` */
  readonly endHand: () => Promise<void>;
  readonly simulated: (plugs: readonly BenchPlug[], bench: SimulatedBench | null) => VisitableBench;
  /** The station gives its wires away for as long as `work` takes. */
  readonly lent: <T>(plugs: readonly BenchPlug[], work: (bench: VisitableBench) => Promise<T>) => Promise<T>;
  /** Lays them out, and opens their worlds. */
  readonly scripts: (release: string, scripts: Scripts) => Promise<() => ScriptHost>;
  readonly browser: string;
}

/** Longer than it takes to look at a board with a probe in each hand; shorter than a meal. */
const HELD_LIMIT_MS = 10 * 60_000;
const LEFT_CODE = 'workshop-left';

const HOLDS: Word = {
  code: 'workshop-run',
  message: 'The workshop is trying a procedure out on this bench, so no unit is tested.',
  remedy: 'Stop it in the workshop, then scan again.',
};

interface Trial {
  readonly person: Person;
  gate: StepGate | null;
  bench: Bench | null;
  /** Its procedure says how something is switched off. */
  hasSafeState: boolean;
}

export class WorkshopDesk {
  readonly #options: WorkshopDeskOptions;
  readonly #prompts: Prompts;
  #trial: Trial | null = null;

  constructor(options: WorkshopDeskOptions) {
    this.#options = options;
    const change = ({ prompts }: { readonly prompts?: Extract<WorkshopNews, { kind: 'prompts' }>['prompts'] }) =>
      prompts && this.#say({ kind: 'prompts', prompts });
    this.#prompts = new Prompts({ change }, options.clock);
  }

  /** What a scan is told, from the moment in which a run is asked for until its bench is safe again. */
  get holds(): Word | null {
    return this.#trial ? HOLDS : null;
  }

  get hasSafeState(): boolean {
    return this.#trial?.hasSafeState === true;
  }

  /** Resolves when the run is over and its bench is closed. @throws {Fault} when it may not begin */
  async run(wish: WorkshopWish): Promise<void> {
    const { turns, view, endHand } = this.#options;
    this.#demandFree();
    // A command by hand may have switched the fixture on; a unit may be scanned meanwhile, and goes first.
    await endHand();
    this.#demandFree();
    const trial: Trial = { person: new Person(), gate: null, bench: null, hasSafeState: false };
    this.#trial = trial;
    view.change({ workshop: true });
    view.dismiss(LEFT_CODE);
    try {
      await turns.take(() => this.#alone(wish, trial));
    } finally {
      this.#trial = null;
      view.change({ workshop: false });
    }
  }

  #demandFree(): void {
    if (this.#trial) throw new Fault('workshop-busy', 'A workshop run is under way.', 'Stop it first.');
    if (this.#options.units.busy) throw new Fault('busy', 'A unit is under test.', 'Wait for its verdict.');
  }

  go(pace: WorkshopPace): void {
    this.#trial?.gate?.go(pace);
  }

  stop(): void {
    this.#trial?.person.stop();
  }

  answer(prompt: number, answers: EnteredAnswers): readonly Complaint[] {
    return this.#prompts.answer(prompt, answers);
  }

  /** Emergency stop: every wire of it is cut before this returns. @returns null when it has none */
  cutOff(): Promise<readonly PlugStatus[]> | null {
    const over = this.#trial?.bench?.cutOff() ?? null;
    this.#trial?.person.cut();
    return over;
  }

  /** The page goes away: the safe state is handed to the wire before the first wait. */
  leave(): void {
    void this.#trial?.bench?.close();
  }

  async #alone(wish: WorkshopWish, trial: Trial): Promise<void> {
    const { simulated, lent } = this.#options;
    const setup = await workshopSetup(wish);
    trial.hasSafeState = setup.procedure.plugs.some(({ safeState }) => safeState.length > 0);
    const plugs = benchPlugs(setup.procedure);
    const work = (bench: VisitableBench) => this.#on(bench, wish, setup, trial);
    await (wish.bench === 'simulated' ? work(simulated(plugs, setup.simulatedBench)) : lent(plugs, work));
  }

  async #on(bench: VisitableBench, wish: WorkshopWish, setup: WorkshopSetup, trial: Trial): Promise<void> {
    trial.bench = bench;
    const stopHearing = bench.onChange((plugs) => this.#say({ kind: 'plugs', plugs }));
    try {
      this.#say({ kind: 'plugs', plugs: bench.plugs });
      await this.#try(bench, wish, setup, trial);
    } finally {
      stopHearing();
      // Safe state, then every wire closed: whatever came before.
      await bench.close();
      trial.bench = null;
    }
  }

  async #try(bench: Bench, { pace, ...wish }: WorkshopWish, setup: WorkshopSetup, trial: Trial): Promise<void> {
    const { slot, unit, labels } = setup;
    const { clock } = this.#options;
    const procedure = inSlot(setup.procedure, slot.key);
    const place = slotIn(procedure, slot.key);
    if (wish.bench === 'simulated') setup.simulatedBench?.setUnit(unit.serial_number, place);
    const own = bench.inSlot(place);
    const { signals } = trial.person;
    const [unusable] = await own.check(signals.signal);
    if (signals.signal.aborted) throw STOPPED;
    if (unusable) throw asFault(plugWord(unusable));
    const scripts = setup.scripts.size > 0 ? await this.#options.scripts(setup.release, setup.scripts) : null;
    const header = this.#headerOf(setup, wish.bench === 'simulated', own.plugs);
    const gate = new StepGate(
      clock,
      pace,
      (at, isWaiting) => this.#say({ kind: 'place', place: { ...at, isWaiting } }),
      wish.bench === 'real' ? { afterMs: HELD_LIMIT_MS, act: () => this.#endLeft(trial) } : null,
    );
    trial.gate = gate;
    this.#say({ kind: 'events', events: [{ kind: 'run-started', header }] });
    await runProcedure({
      procedure,
      bench: own,
      clock: gate.clock,
      beforeStep: gate.beforeStep,
      unit: unitValues(header),
      slot: slot.key,
      operator: this.#prompts.operator(header.id),
      labels: { files: labels, station: header.station_id, runId: header.id },
      ...signals,
      ...(scripts ? { scripts: scripts() } : {}),
      keepFile,
      emit: (event) => this.#say({ kind: 'events', events: [event] }),
    });
  }

  /** A fixture is never left switched on because somebody went away. */
  #endLeft({ person }: Trial): void {
    person.stop();
    this.#options.view.notice({
      code: LEFT_CODE,
      tone: 'warning',
      message:
        'A step was held in the workshop for 10 minutes, so its run was stopped: teardown and safe state follow.',
      remedy: 'Run it again when somebody is there.',
    });
  }

  #headerOf(
    { procedure, slot, unit, release }: WorkshopSetup,
    simulated: boolean,
    plugs: readonly PlugStatus[],
  ): RunHeader {
    const own = inSlot(procedure, slot.key);
    return {
      id: uuid(),
      // No run of a station has this one: they begin with 1.
      seq: 0,
      station_id: this.#options.view.current.station,
      slot: slot.key,
      ...unit,
      started_at: new Date(this.#options.clock.nowMs()).toISOString(),
      procedure: { ...named(own), release, development: true },
      parameters: own.parameters,
      app_version: __APP_VERSION__,
      browser: this.#options.browser,
      fixture: plugs.map(({ key, identity }) => (identity ? `${key}=${identity}` : key)).join('; '),
      operator: '',
      clock_offset_ms: 0,
      simulated,
      plan: planOf(own),
    };
  }

  #say(said: WorkshopNews): void {
    this.#options.tell({ kind: 'workshop', said });
  }
}

/** What would be kept, and is not. */
async function keepFile({ name, contentType, bytes }: NewAttachment): Promise<FileRecord> {
  return { name, content_type: contentType, size: bytes.length, sha256: await sha256(bytes) };
}

const STOPPED = new Fault('stopped', 'It was stopped before the run began.', 'Run it again.');

function asFault({ code, message, remedy }: Word): Fault {
  return new Fault(code, message, remedy);
}
