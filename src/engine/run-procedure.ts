/**
 * Runs a procedure on a bench and tells what happens, event by event.
 *
 * setup, main, teardown, safe state: in this order, and the last two always (RULES.md). Below: in-order.ts (whose turn
 * it is), run-phase.ts. Above: a door, which has checked unit and bench, has emitted `run-started`, and keeps the
 * events. Knows nothing of storage.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { inOrder, type Ordered } from '#engine/in-order.ts';
import { Leases } from '#engine/leases.ts';
import { conditionOf } from '#engine/condition.ts';
import { plugsOf } from '#engine/phase-plugs.ts';
import type { Operator } from '#engine/prompt/operator.ts';
import type { AttemptResult, Deadline } from '#engine/run-attempt.ts';
import { type KeepFile, RunFiles } from '#engine/run-files.ts';
import { runOutcome, type PhaseFact, type RunResult } from '#engine/run-outcome.ts';
import { brokenPhase, runPhase } from '#engine/run-phase.ts';
import { RunUnit } from '#engine/run-unit.ts';
import { EarlierPhases } from '#engine/script/earlier-phases.ts';
import { firstScript, type ScriptStage } from '#engine/script/run-script.ts';
import type { ScriptHost } from '#engine/script/script-host.ts';
import { Tape } from '#engine/tape.ts';
import { underLimits } from '#engine/under-limits.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import { referencesOf } from '#procedure/when/constant-when.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { Section } from '#record/run-record.ts';

export interface RunOptions {
  readonly procedure: Procedure;
  readonly bench: Bench;
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
  /** Who is asked; absent: nobody, and a phase that asks is an error. */
  readonly operator?: Operator;
  /** Zero of the record's times on the monotonic clock; the moment of the call unless stated. */
  readonly startedMonotonicMs?: number;
}

/** procedure-format.md, rule 7: what teardown has when the procedure states nothing else. */
const TEARDOWN_LIMIT_MS = 30_000;
/** One safe-state command a plug, each with the driver's own limit of seconds; more means that the bench hangs. */
const SAFE_LIMIT_MS = 10_000;

/** For the phases after it that were not reached. */
const ENDED: Readonly<Record<AttemptResult['cause'], string>> = {
  pass: 'passed',
  fail: 'failed',
  error: 'broke',
  timeout: 'ran out of time',
  stopped: 'was stopped',
};

export async function runProcedure(options: RunOptions): Promise<RunResult> {
  const run = new Run(options);
  run.prepare();
  await run.guarded(() => run.section('setup'));
  await run.guarded(() => run.section('main'));
  await run.guarded(() => run.teardown());
  await run.guarded(() => run.makeSafe());
  return run.end();
}

class Run {
  readonly #options: RunOptions;
  readonly #tape: Tape;
  readonly #earlier = new EarlierPhases();
  readonly #files: RunFiles;
  readonly #unit: RunUnit;
  readonly #leases = new Leases();
  /** Aborted by a person, or when the events can no longer be kept. */
  readonly #stop = new AbortController();
  /** Of setup and main together. */
  readonly #deadline: Deadline | undefined;
  readonly #facts = new Map<string, PhaseFact>();
  readonly #broken: string[] = [];
  /** Why the phases of setup and main that have not begun are not reached. */
  #unreached: string | null = null;
  #isLate = false;

  constructor(options: RunOptions) {
    const { emit, clock, signal, emergency, startedMonotonicMs, procedure } = options;
    this.#options = options;
    const send = (event: RunEvent) => {
      this.#earlier.note(event);
      emit(event);
    };
    this.#files = new RunFiles(options.keepFile);
    this.#unit = new RunUnit(procedure.unit, options.unit ?? {});
    this.#tape = new Tape(send, clock, startedMonotonicMs ?? clock.monotonicMs(), () => this.#stop.abort());
    if (procedure.timeoutMs !== undefined)
      this.#deadline = {
        atMs: clock.monotonicMs() + procedure.timeoutMs,
        reason: `the time for the run was used up (${procedure.timeoutMs / 1000} s)`,
      };
    for (const person of [signal, emergency])
      if (person?.aborted) this.#stop.abort();
      else person?.addEventListener('abort', this.#onStop, { once: true });
  }

  readonly #onStop = () => this.#stop.abort();

  /** Whatever goes wrong in one part of the run, the parts after it take place. */
  async guarded(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (thrown) {
      const reason = `The engine failed: ${messageOf(thrown)}`;
      this.#unreached ??= reason;
      this.#breaks(reason);
    }
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
      const asked = this.#condition(phase);
      if ('off' in asked) return this.#skip(phase, 'off', asked.off);
      const onEnd = (result: AttemptResult) => {
        this.#note(phase, result);
        if (this.#endsRun(phase, result))
          this.#unreached ??= `“${phase.name}” ${ENDED[result.cause]} and ended the run`;
      };
      if ('trouble' in asked) return onEnd(brokenPhase(phase, this.#tape, asked.trouble));
      const deadline = this.#deadline;
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
      if (emergency?.aborted)
        return this.#skip(phase, 'unreached', 'not reached: the emergency stop has cut every wire');
      const asked = this.#condition(phase);
      if ('off' in asked) return this.#skip(phase, 'off', asked.off);
      // In doubt the fixture is switched off rather than left on.
      if ('trouble' in asked) this.#breaks(`${phase.name}: ${asked.trouble}; the phase was run`);
      // Side by side they all share the same seconds; one after the other, each leaves what it did not use.
      const startMs = isParallel ? beganMs : clock.monotonicMs();
      const deadline = { atMs: startMs + leftMs, reason: 'the time for teardown was used up' };
      const isShared = phase.timeoutMs === undefined;
      const onEnd = (result: AttemptResult) => this.#note(phase, result);
      const limits = { ...(isShared ? { deadline } : {}), ...(emergency ? { stop: emergency } : {}) };
      await runPhase({ ...this.#tools(phase), ...limits, onEnd });
      // Phases with a time-out of their own take nothing from the others.
      if (isShared && !isParallel) leftMs = Math.max(0, leftMs - (clock.monotonicMs() - startMs));
    });
  }

  async makeSafe(): Promise<void> {
    const { bench, clock } = this.#options;
    const limits = { clock, deadlineMs: clock.monotonicMs() + SAFE_LIMIT_MS };
    const ending = await underLimits(limits, (signal) => bench.makeSafe(signal));
    if (ending.kind === 'threw') this.#breaks(`The safe state was not reached: ${messageOf(ending.thrown)}`);
    else if (ending.kind !== 'done') this.#breaks(`The safe state was not reached within ${SAFE_LIMIT_MS / 1000} s.`);
    else
      for (const { name, message } of ending.value)
        this.#breaks(`The safe state of ${name} was not reached${message ? `: ${message}` : '.'}`);
  }

  end(): RunResult {
    const { signal, emergency, scripts } = this.#options;
    for (const person of [signal, emergency]) person?.removeEventListener('abort', this.#onStop);
    scripts?.close();
    const pressed = [emergency, signal].find((person) => person?.aborted);
    const stopped = pressed ? stopWords(pressed.reason) : null;
    const late = this.#isLate ? (this.#deadline?.reason ?? null) : null;
    const result = runOutcome({ phases: [...this.#facts.values()], stopped, late, broken: this.#broken });
    this.#tape.add({ kind: 'run-ended', ...result, interrupted: false });
    if (this.#tape.broken) throw this.#tape.broken.thrown;
    return result;
  }

  /** Every phase of a section in its turn, with its plugs in hand. */
  #inOrder(section: Section, run: (phase: Phase) => Promise<void>): Promise<void> {
    const { phases, parallel = [] } = this.#options.procedure;
    const plugs = this.#options.procedure.plugs.map(({ key }) => key);
    const own = phases.filter((phase) => phase.section === section).map((phase) => ({ phase, ...turnOf(phase) }));
    return inOrder(own, parallel.includes(section), async ({ phase }) => {
      if (phase.skip !== undefined) return this.#skip(phase, 'off', phase.skip);
      const release = await this.#leases.take(plugsOf(phase, plugs));
      await this.guarded(() => run(phase));
      release();
    });
  }

  #tools(phase: Phase) {
    const { bench, clock, operator } = this.#options;
    const person = operator ? { operator } : {};
    const own = { tape: this.#tape, scripts: this.#scripts, files: this.#files, unit: this.#unit };
    return { phase, bench, clock, ...own, ...person };
  }

  get #scripts(): ScriptStage {
    const { procedure, scripts } = this.#options;
    return { procedure, unit: this.#unit.values, earlier: this.#earlier, ...(scripts ? { host: scripts } : {}) };
  }

  #condition(phase: Phase) {
    const { parameters } = this.#options.procedure;
    return conditionOf(phase, { parameters, unit: this.#unit.values, facts: this.#facts });
  }

  /** Why a phase of setup or main does not begin; null when it does. */
  #whyUnreached(phase: Phase): string | null {
    if (this.#stop.signal.aborted) return 'a person stopped the run';
    if (this.#unreached !== null) return this.#unreached;
    if (this.#deadline && this.#options.clock.monotonicMs() >= this.#deadline.atMs) {
      this.#isLate = true;
      return this.#deadline.reason;
    }
    for (const key of phase.dependsOn ?? []) {
      const before = this.#facts.get(key);
      if (before && this.#bars(key, before)) return `it depends on “${before.name}”, which ${WORDS[before.ended]}`;
    }
    return null;
  }

  /** A dependency that went wrong bars whatever needs it, unless its own `then` says that the run continues. */
  #bars(key: string, { ended }: PhaseFact): boolean {
    if (ended === 'pass' || ended === 'off') return false;
    if (ended === 'unreached' || ended === 'stopped') return true;
    return this.#options.procedure.phases.find((phase) => phase.key === key)?.next[ended] !== 'continue';
  }

  #endsRun(phase: Phase, { cause }: AttemptResult): boolean {
    if (cause === 'stopped') return true;
    const stated = phase.next[cause];
    if (stated === 'stop' || stated === 'continue') return stated === 'stop';
    if (cause === 'pass') return false;
    // Without a proper setup nothing that main measures means anything.
    return phase.section === 'setup' || this.#options.procedure.onFirstFailure === 'stop';
  }

  #note({ key, name, section }: Phase, { cause, reason }: AttemptResult): void {
    this.#facts.set(key, { name, section, ended: cause, reason });
  }

  #skip({ key, name, section }: Phase, ended: 'off' | 'unreached', reason: string): void {
    this.#tape.add({ kind: 'phase-skipped', key, name, section, reason });
    this.#facts.set(key, { name, section, ended, reason });
  }

  #breaks(reason: string): void {
    this.#broken.push(reason);
    this.#tape.log('ERROR', reason, 0);
  }
}

/** What a condition asks about must have ended, just as what the phase depends on. */
function turnOf({ key, dependsOn = [], when }: Phase): Ordered {
  const asked = when ? referencesOf(when.tree).flatMap((one) => (one.kind === 'outcome' ? one.phase : [])) : [];
  return { key, dependsOn: [...dependsOn, ...asked] };
}

const WORDS: Readonly<Record<PhaseFact['ended'], string>> = { ...ENDED, off: 'is off', unreached: 'was not reached' };

function stopWords(reason: unknown): string {
  return reason instanceof Error && reason.name === 'Fault' ? reason.message : 'A person stopped the run.';
}
