/**
 * Runs a procedure on a bench and tells what happens, event by event.
 *
 * setup, main, teardown, safe state: in this order, and the last two always (RULES.md). Below: in-order.ts, course.ts,
 * run-phase.ts. Above: run-together.ts, and a door, which has checked unit and bench, emitted `run-started`, and keeps events.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import type { BeforeStep } from '#engine/before-step.ts';
import { inOrder } from '#engine/in-order.ts';
import { Course } from '#engine/course.ts';
import { type LabelFacts, RunLabels } from '#engine/label/run-labels.ts';
import { plugsOf } from '#engine/phase-plugs.ts';
import type { Operator } from '#engine/prompt/operator.ts';
import type { AttemptResult } from '#engine/run-attempt.ts';
import { type KeepFile, RunFiles, type TakesFiles } from '#engine/run-files.ts';
import { type PhaseFact, runOutcome, type RunResult } from '#engine/run-outcome.ts';
import { brokenPhase, runPhase } from '#engine/run-phase.ts';
import { RunUnit } from '#engine/run-unit.ts';
import { EarlierPhases } from '#engine/script/earlier-phases.ts';
import { firstScript, type ScriptStage } from '#engine/script/run-script.ts';
import type { ScriptHost } from '#engine/script/script-host.ts';
import { type BenchPlace, type BenchUse, SharedPlugs } from '#engine/shared-plugs.ts';
import { stoppedWords } from '#engine/stopped-words.ts';
import { Tape } from '#engine/tape.ts';
import { turnOf } from '#engine/turn-of.ts';
import { underLimits } from '#engine/under-limits.ts';
import type { SlotBench } from '#hardware/bench/bench.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { Section } from '#record/run-record.ts';

export interface RunOptions {
  readonly procedure: Procedure;
  readonly bench: SlotBench;
  readonly clock: Clock;
  /** Fields of the unit by name, for conditions. */
  readonly unit?: Readonly<Record<string, string | undefined>>;
  /** A person's stop. Cuts setup and main, never teardown. */
  readonly signal: AbortSignal;
  /** A person's emergency stop, after the bench has cut its wires. Cuts teardown too. */
  readonly emergency?: AbortSignal;
  /** Called in order, from `phase-started` to `run-ended`. When it throws, the run is cut, made safe, and rethrows. */
  readonly emit: (event: RunEvent) => void;
  /** Where scripts run; absent: nowhere, and a phase with one is an error. Closed when the run has ended. */
  readonly scripts?: ScriptHost;
  readonly keepFile: KeepFile;
  /** What labels say beside unit and measurements; absent: no label file can be printed. */
  readonly labels?: LabelFacts;
  /** Who is asked; absent: nobody, and a phase that asks is an error. */
  readonly operator?: Operator;
  readonly beforeStep?: BeforeStep;
  /** Key of the slot that the unit is in; it tells apart the plugs that each slot has one of. */
  readonly slot?: string;
  /** Its use of the bench beside other runs, which ends with it; absent: it has the bench to itself. */
  readonly use?: BenchUse;
  /** Zero of the record's times on the monotonic clock; the moment of the call unless stated. */
  readonly startedMonotonicMs?: number;
}

/** procedure-format.md, rule 7: where the procedure states nothing else. */
const TEARDOWN_LIMIT_MS = 30_000;
/** One safe-state command a plug, each with the driver's own limit of seconds; more means that the bench hangs. */
const SAFE_LIMIT_MS = 10_000;
const CUT = 'not reached: the emergency stop has cut every wire';
const NONE: ReadonlySet<string> = new Set();

export async function runProcedure(options: RunOptions): Promise<RunResult> {
  const { use = await new SharedPlugs().enter(new Set()), slot } = options;
  const run = new Run(options, use.placeIn(slot));
  run.prepare();
  await run.ownPhases();
  await run.guarded(() =>
    use.leave((keep) => {
      run.sayKept(keep);
      return run.makeSafe(keep);
    }),
  );
  return run.end();
}

export class Run {
  readonly tape: Tape;
  readonly course: Course;
  readonly files: RunFiles;
  readonly unit: RunUnit;
  readonly #options: RunOptions;
  readonly #place: BenchPlace;
  readonly #takesFiles: TakesFiles;
  readonly #earlier = new EarlierPhases();
  readonly #labels: RunLabels;
  /** Aborted by a person, or when the events can no longer be kept. */
  readonly #stop = new AbortController();
  readonly #broken: string[] = [];

  /** @param takesFiles where files go, when not to this run alone */
  constructor(options: RunOptions, place: BenchPlace, takesFiles?: TakesFiles) {
    const { emit, clock, signal, emergency, startedMonotonicMs, procedure, unit = {} } = options;
    this.#options = options;
    this.#place = place;
    const send = (event: RunEvent) => {
      this.#earlier.note(event);
      this.#labels.note(event);
      emit(event);
    };
    this.files = new RunFiles(options.keepFile);
    this.#takesFiles = takesFiles ?? this.files;
    this.tape = new Tape(send, clock, startedMonotonicMs ?? clock.monotonicMs(), () => this.#stop.abort());
    this.unit = new RunUnit(procedure.unit, unit);
    this.course = new Course(procedure, this.unit, clock);
    this.#labels = new RunLabels(options.labels, clock, this.unit, (open) => this.#result(open).outcome);
    for (const person of [signal, emergency])
      if (person?.aborted) this.#stop.abort();
      else person?.addEventListener('abort', this.#onStop, { once: true });
  }

  /** Cuts setup and main. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  get broken(): readonly string[] {
    return this.#broken;
  }

  readonly #onStop = () => this.#stop.abort();

  /** Whatever goes wrong in one part of the run, the parts after it take place. */
  async guarded(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (thrown) {
      const reason = `The engine failed: ${messageOf(thrown)}`;
      this.course.endsHere(reason);
      this.#breaks(reason);
    }
  }

  async ownPhases(): Promise<void> {
    await this.guarded(() => this.section('setup'));
    await this.guarded(() => this.section('main'));
    await this.guarded(() => this.teardown());
  }

  /** The first script's world comes up while setup runs. */
  prepare(): void {
    const { scripts, procedure } = this.#options;
    const first = firstScript(procedure.phases);
    if (first !== undefined) scripts?.prepare(first);
  }

  section(section: Section): Promise<void> {
    return this.#inOrder(section, async (phase) => {
      const unreached = this.#whyUnreached(phase);
      if (unreached !== null) return this.#skip(phase, 'unreached', `not reached: ${unreached}`);
      const asked = this.course.condition(phase);
      if ('off' in asked) return this.#skip(phase, 'off', asked.off);
      const onEnd = (result: AttemptResult) => this.course.note(phase, result);
      if ('trouble' in asked) return onEnd(brokenPhase(phase, this.tape, asked.trouble));
      const { deadline } = this.course;
      await runPhase({ ...this.#tools(phase), stop: this.#stop.signal, ...(deadline ? { deadline } : {}), onEnd });
    });
  }

  async teardown(): Promise<void> {
    const { clock, procedure, emergency } = this.#options;
    const { teardownTimeoutMs = TEARDOWN_LIMIT_MS } = procedure;
    const beganMs = clock.monotonicMs();
    const isParallel = procedure.parallel?.includes('teardown') === true;
    let leftMs = teardownTimeoutMs;
    await this.#inOrder('teardown', async (phase) => {
      // There is no wire to talk over, and after an emergency stop nothing may move by itself.
      if (emergency?.aborted) return this.#skip(phase, 'unreached', CUT);
      const asked = this.course.condition(phase);
      if ('off' in asked) return this.#skip(phase, 'off', asked.off);
      // In doubt the fixture is switched off rather than left on.
      if ('trouble' in asked) this.#breaks(`${phase.name}: ${asked.trouble}; the phase was run`);
      // Side by side they all share the same seconds; one after the other, each leaves what it did not use.
      const startMs = isParallel ? beganMs : clock.monotonicMs();
      const deadline = { atMs: startMs + leftMs, reason: 'the time for teardown was used up' };
      const isShared = phase.timeoutMs === undefined;
      const onEnd = (result: AttemptResult) => this.course.noteOnly(phase, result);
      const limits = { ...(isShared ? { deadline } : {}), ...(emergency ? { stop: emergency } : {}) };
      await runPhase({ ...this.#tools(phase), ...limits, onEnd });
      // Phases with a time-out of their own take nothing from the others.
      if (isShared && !isParallel) leftMs = Math.max(0, leftMs - (clock.monotonicMs() - startMs));
    });
  }

  /** A person who reads the record should know what the run left on, and why. */
  sayKept(keep: ReadonlySet<string>): void {
    if (this.#options.emergency?.aborted) return;
    for (const { key, name, safeState } of this.#options.procedure.plugs)
      if (keep.has(key) && safeState.length > 0)
        this.tape.log('INFO', `${name} stays on: another slot is using it.`, 0);
  }

  /** @param keep keys of plugs that others still use; after an emergency stop nobody does */
  async makeSafe(keep: ReadonlySet<string>): Promise<void> {
    const { bench, clock, emergency } = this.#options;
    const kept = emergency?.aborted ? NONE : keep;
    const limits = { clock, deadlineMs: clock.monotonicMs() + SAFE_LIMIT_MS };
    const ending = await underLimits(limits, (signal) => bench.makeSafe(signal, kept));
    if (ending.kind === 'threw') this.#breaks(`The safe state was not reached: ${messageOf(ending.thrown)}`);
    else if (ending.kind !== 'done') this.#breaks(`The safe state was not reached within ${SAFE_LIMIT_MS / 1000} s.`);
    else
      for (const { name, message } of ending.value)
        this.#breaks(`The safe state of ${name} was not reached${message ? `: ${message}` : '.'}`);
  }

  end(): RunResult {
    this.close();
    const result = this.#result();
    this.tape.add({ kind: 'run-ended', ...result, interrupted: false });
    if (this.tape.broken) throw this.tape.broken.thrown;
    return result;
  }

  /** @param open a phase that is under way, as if it had ended */
  #result(...open: PhaseFact[]): RunResult {
    const stopped = stoppedWords([this.#options.emergency, this.#options.signal]);
    const { facts, late } = this.course;
    return runOutcome({ phases: [...facts, ...open], stopped, late, broken: this.#broken });
  }

  /** Nobody is listened to any more, and no script is kept ready. */
  close(): void {
    const { signal, emergency, scripts } = this.#options;
    for (const person of [signal, emergency]) person?.removeEventListener('abort', this.#onStop);
    scripts?.close();
  }

  /** What broke while something was done for several runs, and stands in this one's log already. */
  adoptBroken(reasons: readonly string[]): void {
    this.#broken.push(...reasons);
  }

  /** Every phase of a section in its turn, with its plugs in hand. */
  #inOrder(section: Section, run: (phase: Phase) => Promise<void>): Promise<void> {
    const { phases, parallel = [] } = this.#options.procedure;
    const own = phases.filter((phase) => phase.section === section).map((phase) => ({ phase, ...turnOf(phase) }));
    return inOrder(own, parallel.includes(section), async ({ phase }) => {
      if (phase.skip !== undefined) return this.#skip(phase, 'off', phase.skip);
      const giveBack = await this.#takePlugs(phase);
      if (giveBack) await this.guarded(() => run(phase));
      else this.#skip(phase, 'unreached', section === 'teardown' ? CUT : `not reached: ${this.#whyUnreached(phase)}`);
      giveBack?.();
    });
  }

  /** Waiting for other runs ends with the time of setup and main, and with a stop; of teardown with an emergency stop only. */
  async #takePlugs(phase: Phase): Promise<(() => void) | null> {
    const { procedure, clock, emergency } = this.#options;
    const { leases, nameOf } = this.#place;
    const isTeardown = phase.section === 'teardown';
    const all = procedure.plugs.map(({ key }) => key);
    const keys = plugsOf(phase, all);
    const stop = isTeardown ? emergency : this.#stop.signal;
    const deadline = isTeardown ? undefined : this.course.deadline;
    const limits = { clock, ...(stop ? { stop } : {}), ...(deadline ? { deadlineMs: deadline.atMs } : {}) };
    let giveBack: (() => void) | undefined;
    const ending = await underLimits(limits, async (signal) => {
      const taken = await leases.take(keys.map(nameOf), { signal, isUrgent: isTeardown });
      // They came in the moment in which nobody wanted them any more.
      if (signal.aborted) taken();
      else giveBack = taken;
    });
    if (ending.kind === 'done' && giveBack) return giveBack;
    giveBack?.();
    return null;
  }

  #tools(phase: Phase) {
    const { bench, clock, operator, beforeStep } = this.#options;
    const people = { ...(operator ? { operator } : {}), ...(beforeStep ? { beforeStep } : {}) };
    const own = { tape: this.tape, scripts: this.#scripts, files: this.#takesFiles, unit: this.unit, ...people };
    return { phase, bench, clock, labels: this.#labels, ...own };
  }

  get #scripts(): ScriptStage {
    const { procedure, scripts } = this.#options;
    return { procedure, unit: this.unit.values, earlier: this.#earlier, ...(scripts ? { host: scripts } : {}) };
  }

  /** Why a phase of setup or main does not begin; null when it does. */
  #whyUnreached(phase: Phase): string | null {
    return this.#stop.signal.aborted ? 'a person stopped the run' : this.course.whyUnreached(phase);
  }

  #skip(phase: Phase, ended: 'off' | 'unreached', reason: string): void {
    const { key, name, section } = phase;
    this.tape.add({ kind: 'phase-skipped', key, name, section, reason });
    this.course.skipped(phase, ended, reason);
  }

  #breaks(reason: string): void {
    this.#broken.push(reason);
    this.tape.log('ERROR', reason, 0);
  }
}
