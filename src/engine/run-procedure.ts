/**
 * Runs a procedure on a bench and tells what happens, event by event.
 *
 * setup, main, teardown, safe state: in this order, and the last two always (RULES.md). Below: run-attempt.ts. Above: a
 * door, which has checked unit and bench, has emitted `run-started`, and keeps the events. Knows nothing of storage.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { runAttempt, type AttemptResult } from '#engine/run-attempt.ts';
import { type KeepFile, RunFiles } from '#engine/run-files.ts';
import { runOutcome, type PhaseFact, type RunResult } from '#engine/run-outcome.ts';
import { Tape } from '#engine/tape.ts';
import { underLimits } from '#engine/under-limits.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { Section } from '#record/run-record.ts';

export interface RunOptions {
  readonly procedure: Procedure;
  readonly bench: Bench;
  readonly clock: Clock;
  /** A person's stop. Cuts setup and main, never teardown. */
  readonly signal: AbortSignal;
  /** Called in order, from `phase-started` to `run-ended`. When it throws, the run is cut, made safe, and rethrows. */
  readonly emit: (event: RunEvent) => void;
  readonly keepFile: KeepFile;
  /** Zero of the record's times on the monotonic clock; the moment of the call unless stated. */
  readonly startedMonotonicMs?: number;
}

/** procedure-format.md, rule 7: what teardown has when its phases state no time-outs. */
const TEARDOWN_LIMIT_MS = 30_000;
/** One safe-state command a plug, each with the driver's own limit of seconds; more means that the bench hangs. */
const SAFE_LIMIT_MS = 10_000;
/** TofuPilot's number of further attempts where `then` says retry and no `retry` block says how often. */
const USUAL_RETRIES = 3;

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
  await run.guarded(() => run.setupAndMain());
  await run.guarded(() => run.teardown());
  await run.guarded(() => run.makeSafe());
  return run.end();
}

class Run {
  readonly #options: RunOptions;
  readonly #tape: Tape;
  readonly #files: RunFiles;
  /** Aborted by a person, or when the events can no longer be kept. */
  readonly #stop = new AbortController();
  readonly #facts: PhaseFact[] = [];
  readonly #broken: string[] = [];

  constructor(options: RunOptions) {
    const { emit, clock, signal, startedMonotonicMs } = options;
    this.#options = options;
    this.#files = new RunFiles(options.keepFile);
    this.#tape = new Tape(emit, clock, startedMonotonicMs ?? clock.monotonicMs(), () => this.#stop.abort());
    if (signal.aborted) this.#stop.abort();
    else signal.addEventListener('abort', this.#onStop, { once: true });
  }

  readonly #onStop = () => this.#stop.abort();

  /** Whatever goes wrong in one part of the run, the parts after it take place. */
  async guarded(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (thrown) {
      this.#breaks(`The engine failed: ${messageOf(thrown)}`);
    }
  }

  async setupAndMain(): Promise<void> {
    let unreached: string | null = null;
    for (const phase of [...this.#phases('setup'), ...this.#phases('main')]) {
      if (this.#stop.signal.aborted) unreached = 'a person stopped the run';
      if (phase.skip !== undefined) this.#skip(phase, 'off', phase.skip);
      else if (unreached !== null) this.#skip(phase, 'unreached', `not reached: ${unreached}`);
      else {
        const result = await this.#attempts(phase, { stop: this.#stop.signal });
        if (this.#endsRun(phase, result)) unreached = `“${phase.name}” ${ENDED[result.cause]} and ended the run`;
      }
    }
  }

  async teardown(): Promise<void> {
    const { clock } = this.#options;
    let leftMs = TEARDOWN_LIMIT_MS;
    for (const phase of this.#phases('teardown')) {
      if (phase.skip !== undefined) {
        this.#skip(phase, 'off', phase.skip);
        continue;
      }
      const startMs = clock.monotonicMs();
      await this.#attempts(phase, phase.timeoutMs === undefined ? { deadlineMs: startMs + leftMs } : {});
      // Phases with a time-out of their own take nothing from the others.
      if (phase.timeoutMs === undefined) leftMs = Math.max(0, leftMs - (clock.monotonicMs() - startMs));
    }
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
    const { signal } = this.#options;
    signal.removeEventListener('abort', this.#onStop);
    const stopped = signal.aborted ? stopWords(signal.reason) : null;
    const result = runOutcome({ phases: this.#facts, stopped, broken: this.#broken });
    this.#tape.add({ kind: 'run-ended', ...result, interrupted: false });
    if (this.#tape.broken) throw this.#tape.broken.thrown;
    return result;
  }

  #phases(section: Section): Phase[] {
    return this.#options.procedure.phases.filter((phase) => phase.section === section);
  }

  /** A phase with all its attempts; the last one decides. */
  async #attempts(phase: Phase, limits: { stop?: AbortSignal; deadlineMs?: number }): Promise<AttemptResult> {
    const { bench, clock } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      const result = await runAttempt({
        phase,
        attempt,
        bench,
        clock,
        tape: this.#tape,
        files: this.#files,
        ...limits,
      });
      if (attempt < retriesOf(phase) && mayRetry(phase, result) && (await this.#delay(phase, limits))) {
        this.#tape.log('WARNING', `${phase.name}: attempt ${attempt + 1} failed, trying again`, phase.line);
        continue;
      }
      this.#facts.push({ name: phase.name, section: phase.section, ended: result.cause, reason: result.reason });
      return result;
    }
  }

  /** @returns false when there is no time for another attempt, or a person stopped the run */
  async #delay(
    { retry }: Phase,
    { stop, deadlineMs = Infinity }: { stop?: AbortSignal; deadlineMs?: number },
  ): Promise<boolean> {
    const { clock } = this.#options;
    if (clock.monotonicMs() + retry.delayMs >= deadlineMs) return false;
    if (retry.delayMs > 0)
      await underLimits({ clock, ...(stop ? { stop } : {}) }, (signal) => clock.sleep(retry.delayMs, signal));
    return !stop?.aborted;
  }

  #endsRun(phase: Phase, { cause }: AttemptResult): boolean {
    if (cause === 'stopped') return true;
    const stated = phase.next[cause];
    if (stated === 'stop' || stated === 'continue') return stated === 'stop';
    if (cause === 'pass') return false;
    // Without a proper setup nothing that main measures means anything.
    return phase.section === 'setup' || this.#options.procedure.onFirstFailure === 'stop';
  }

  #skip({ key, name, section }: Phase, ended: 'off' | 'unreached', reason: string): void {
    this.#tape.add({ kind: 'phase-skipped', key, name, section, reason });
    this.#facts.push({ name, section, ended, reason });
  }

  #breaks(reason: string): void {
    this.#broken.push(reason);
    this.#tape.log('ERROR', reason, 0);
  }
}

function retriesOf({ retry, next }: Phase): number {
  if (retry.limit > 0) return retry.limit;
  return Object.values(next).includes('retry') ? USUAL_RETRIES : 0;
}

/** A failed measurement is tried again wherever `retry` is stated; an error or a time-out only where `then` says so. */
function mayRetry({ retry, next }: Phase, { cause }: AttemptResult): boolean {
  if (cause === 'pass' || cause === 'stopped') return false;
  return next[cause] === 'retry' || (cause === 'fail' && retry.limit > 0);
}

function stopWords(reason: unknown): string {
  return reason instanceof Error && reason.name === 'Fault' ? reason.message : 'A person stopped the run.';
}
