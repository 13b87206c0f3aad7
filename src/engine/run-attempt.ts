/**
 * One attempt of one phase: its steps in order, what they measured, and how it ended.
 *
 * Always ends with exactly one `phase-ended`, whatever an instrument does. An attempt that is cut keeps what it had
 * measured, and nothing that arrives later is added to it. Above: run-procedure.ts (attempts, what comes next).
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import { readAnswer } from '#engine/read-answer.ts';
import { recordValue, type Recorded } from '#engine/measurement-record.ts';
import type { RunFiles } from '#engine/run-files.ts';
import { hasOwnLimit, runStep } from '#engine/run-step.ts';
import type { Tape } from '#engine/tape.ts';
import { underLimits, type Ending, type Limits } from '#engine/under-limits.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import type { Measurement, Phase, Step } from '#procedure/procedure.ts';
import type { NewAttachment } from '#record/attachment.ts';
import type { MeasurementRecord, PhaseOutcome } from '#record/run-record.ts';

/** How an attempt ended, finer than the outcome that is recorded. */
export type Cause = 'pass' | 'fail' | 'error' | 'timeout' | 'stopped';

export interface AttemptResult {
  readonly cause: Cause;
  /** In words, for everything but a pass. */
  readonly reason: string;
}

export interface AttemptOptions {
  readonly phase: Phase;
  readonly attempt: number;
  readonly bench: Bench;
  readonly tape: Tape;
  readonly files: RunFiles;
  readonly clock: Clock;
  readonly stop?: AbortSignal;
  /** Monotonic; holds only where the phase states no time-out of its own. */
  readonly deadlineMs?: number;
}

const OUTCOMES: Readonly<Record<Cause, PhaseOutcome>> = {
  pass: 'PASS',
  fail: 'FAIL',
  error: 'ERROR',
  timeout: 'ERROR',
  stopped: 'ERROR',
};

export async function runAttempt(options: AttemptOptions): Promise<AttemptResult> {
  const { phase, attempt, tape } = options;
  tape.add({ kind: 'phase-started', key: phase.key, name: phase.name, section: phase.section, attempt });
  const running = new Attempt(options);
  const result = await running.run();
  if (result.cause === 'error' || result.cause === 'timeout')
    tape.log('ERROR', `${phase.name}: ${result.reason}`, running.line);
  tape.add({
    kind: 'phase-ended',
    phase: phase.key,
    outcome: OUTCOMES[result.cause],
    ...(result.reason === '' ? {} : { reason: result.reason }),
    ...(result.cause === 'timeout' ? { timed_out: true } : {}),
  });
  return result;
}

class Attempt {
  /** Line of the step under way. */
  line: number;
  readonly #options: AttemptOptions;
  readonly #declared: ReadonlyMap<string, Measurement>;
  /** The last record of each measurement: the last attempt to record it decides. */
  readonly #last = new Map<string, MeasurementRecord>();
  readonly #ownDeadlineMs: number | undefined;
  #closed = false;

  constructor(options: AttemptOptions) {
    const { phase, clock } = options;
    this.#options = options;
    this.line = phase.line;
    this.#declared = new Map(phase.measurements.map((one) => [one.key, one]));
    this.#ownDeadlineMs = phase.timeoutMs === undefined ? undefined : clock.monotonicMs() + phase.timeoutMs;
  }

  async run(): Promise<AttemptResult> {
    const { clock, stop } = this.#options;
    const deadlineMs = this.#ownDeadlineMs ?? this.#options.deadlineMs;
    const limits: Limits = { clock, ...(stop ? { stop } : {}), ...(deadlineMs === undefined ? {} : { deadlineMs }) };
    const ending = await underLimits(limits, (signal) => this.#steps(signal, deadlineMs));
    const result = this.#result(ending);
    this.#closed = true;
    return result;
  }

  /** @returns false when time ran out between two steps, which a timer may be too late to notice */
  async #steps(signal: AbortSignal, deadlineMs: number | undefined): Promise<boolean> {
    const { phase, bench, clock, tape } = this.#options;
    const scene = {
      bench,
      clock,
      signal,
      remainingMs: () => this.#remainingMs(),
      recordValue: (key: string, value: number | string | boolean) => this.#keep(key, (one) => recordValue(one, value)),
      recordAnswer: (key: string, answer: string) =>
        this.#keep(key, (one) => recordValue(one, readAnswer(answer, one.validators), 'the answer was empty')),
      keepFile: (file: NewAttachment) => this.#keepFile(file),
      log: (message: string) => tape.log('INFO', message, this.line),
    };
    for (const step of phase.steps) {
      if (signal.aborted) return true;
      this.line = step.line;
      try {
        await runStep(step, scene);
      } catch (thrown) {
        if (this.#ranOut(step, thrown)) return false;
        throw thrown;
      }
      if (deadlineMs !== undefined && clock.monotonicMs() >= deadlineMs) return false;
    }
    return true;
  }

  /** A query that gave up because it was handed the phase's last moment: the phase ran out of time, not the query. */
  #ranOut(step: Step, thrown: unknown): boolean {
    if (this.#ownDeadlineMs === undefined || !(thrown instanceof Fault) || thrown.code !== 'timeout') return false;
    return !hasOwnLimit(step) || this.#options.clock.monotonicMs() >= this.#ownDeadlineMs;
  }

  #remainingMs(): number | undefined {
    if (this.#ownDeadlineMs === undefined) return undefined;
    // At least a moment: a limit of 0 could be read as “no limit”.
    return Math.max(1, this.#ownDeadlineMs - this.#options.clock.monotonicMs());
  }

  #keep(key: string, make: (declared: Measurement) => Recorded): void {
    const { phase, tape } = this.#options;
    if (this.#closed) return;
    const declared = this.#declared.get(key);
    if (!declared)
      throw new Fault('internal', `${phase.name} declares no measurement ${key}.`, 'Correct the procedure.');
    const { record, warnings } = make(declared);
    this.#last.set(key, record);
    tape.add({ kind: 'measurement', phase: phase.key, measurement: record });
    for (const warning of warnings) tape.log('WARNING', `${declared.name}: ${warning} (a warning only)`, this.line);
  }

  async #keepFile(file: NewAttachment): Promise<void> {
    const { phase, tape, files } = this.#options;
    const kept = await files.add(file);
    // Cut meanwhile: the file goes with the run, and the attempt that was closed stays as it was told.
    if (!this.#closed) tape.add({ kind: 'attachment', phase: phase.key, file: kept });
  }

  #result(ending: Ending<boolean>): AttemptResult {
    switch (ending.kind) {
      case 'stopped':
        return { cause: 'stopped', reason: 'a person stopped the run' };
      case 'deadline':
        return this.#timedOut();
      case 'threw':
        return { cause: 'error', reason: messageOf(ending.thrown) };
      case 'done':
        return ending.value ? this.#judged() : this.#timedOut();
    }
  }

  #timedOut(): AttemptResult {
    const { phase, deadlineMs } = this.#options;
    if (phase.timeoutMs !== undefined)
      return { cause: 'timeout', reason: `ran out of time (${phase.timeoutMs / 1000} s)` };
    return {
      cause: 'timeout',
      reason: deadlineMs === undefined ? 'ran out of time' : 'the time for teardown was used up',
    };
  }

  #judged(): AttemptResult {
    const missing = this.#options.phase.measurements.filter(({ key }) => !this.#last.has(key));
    for (const { key } of missing) this.#keep(key, (one) => recordValue(one, null, 'was never recorded'));
    const failed = [...this.#last.values()].find(({ outcome }) => outcome === 'FAIL');
    if (!failed) return { cause: 'pass', reason: '' };
    return { cause: 'fail', reason: `${failed.name}: ${failed.reason ?? 'a limit was missed'}` };
  }
}
