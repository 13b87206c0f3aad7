/**
 * One attempt of one phase: its steps in order, its screen beside them, what was measured, and how it ended.
 *
 * Always ends with exactly one `phase-ended`, whatever an instrument does. An attempt that is cut keeps what it had
 * measured, and nothing that arrives later is added to it. Above: run-procedure.ts (attempts, what comes next).
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import type { BeforeStep } from '#engine/before-step.ts';
import type { RunLabels } from '#engine/label/run-labels.ts';
import { ShownQuestion } from '#engine/prompt/ask-operator.ts';
import { NobodyAnswered } from '#engine/prompt/nobody-answered.ts';
import type { Operator } from '#engine/prompt/operator.ts';
import { Recorder } from '#engine/recorder.ts';
import type { TakesFiles } from '#engine/run-files.ts';
import { hasOwnLimit, runStep } from '#engine/run-step.ts';
import type { RunUnit } from '#engine/run-unit.ts';
import { runScript, type ScriptStage } from '#engine/script/run-script.ts';
import { ScriptFault } from '#engine/script/script-host.ts';
import type { StepScene } from '#engine/step-scene.ts';
import type { Tape } from '#engine/tape.ts';
import { underLimits, type Ending, type Limits } from '#engine/under-limits.ts';
import { Unmet } from '#engine/unmet.ts';
import type { SlotBench } from '#hardware/bench/bench.ts';
import type { Phase, Step } from '#procedure/procedure.ts';
import type { NewAttachment } from '#record/attachment.ts';
import type { PhaseOutcome } from '#record/run-record.ts';

/** How an attempt ended, finer than the outcome that is recorded. */
export type Cause = 'pass' | 'fail' | 'error' | 'timeout' | 'stopped';

export interface AttemptResult {
  readonly cause: Cause;
  /** In words, for everything but a pass. */
  readonly reason: string;
}

export interface Deadline {
  /** Monotonic. */
  readonly atMs: number;
  /** Whose time is up then, in words. */
  readonly reason: string;
}

export interface AttemptOptions {
  readonly phase: Phase;
  readonly attempt: number;
  readonly bench: SlotBench;
  readonly tape: Tape;
  readonly scripts: ScriptStage;
  readonly files: TakesFiles;
  readonly unit: RunUnit;
  readonly labels: RunLabels;
  /** Absent: nobody is there to ask. */
  readonly operator?: Operator;
  /** Absent: no step is held up. */
  readonly beforeStep?: BeforeStep;
  readonly clock: Clock;
  readonly stop?: AbortSignal;
  /** Holds beside the phase's own time-out, whichever comes first. */
  readonly deadline?: Deadline;
  /** Called in the same moment as `phase-ended` is told, before anything else can begin. */
  readonly onEnd: (result: AttemptResult) => void;
}

const OUTCOMES: Readonly<Record<Cause, PhaseOutcome>> = {
  pass: 'PASS',
  fail: 'FAIL',
  error: 'ERROR',
  timeout: 'ERROR',
  stopped: 'ERROR',
};

export async function runAttempt(options: AttemptOptions): Promise<void> {
  const { phase, attempt, tape } = options;
  tape.add({ kind: 'phase-started', key: phase.key, name: phase.name, section: phase.section, attempt });
  const running = new Attempt(options);
  const result = await running.run();
  if (result.cause === 'error' || result.cause === 'timeout')
    tape.log('ERROR', `${phase.name}: ${result.reason}`, running.line, running.file);
  tape.add({
    kind: 'phase-ended',
    phase: phase.key,
    outcome: OUTCOMES[result.cause],
    ...(result.reason === '' ? {} : { reason: result.reason }),
    ...(result.cause === 'timeout' ? { timed_out: true } : {}),
  });
  options.onEnd(result);
}

/** The phase's time was up when a step ended. */
class OutOfTime extends Error {}

class Attempt {
  /** Line of the step under way. */
  line: number;
  /** When it is no line of the procedure's own file: a script's. */
  file: string | undefined;
  readonly #options: AttemptOptions;
  readonly #recorder: Recorder;
  readonly #ownDeadlineMs: number | undefined;
  readonly #deadlineMs: number | undefined;
  #screen: ShownQuestion | undefined;
  /** What an operator decided against, first. */
  #refused: string | undefined;
  #isClosed = false;

  constructor(options: AttemptOptions) {
    const { phase, clock, tape, deadline } = options;
    this.#options = options;
    this.line = phase.line;
    this.#recorder = new Recorder(phase, tape, () => this.line);
    this.#ownDeadlineMs = phase.timeoutMs === undefined ? undefined : clock.monotonicMs() + phase.timeoutMs;
    const earliestMs = Math.min(this.#ownDeadlineMs ?? Infinity, deadline?.atMs ?? Infinity);
    this.#deadlineMs = earliestMs === Infinity ? undefined : earliestMs;
  }

  async run(): Promise<AttemptResult> {
    const { clock, stop } = this.#options;
    const deadlineMs = this.#deadlineMs;
    const limits: Limits = { clock, ...(stop ? { stop } : {}), ...(deadlineMs === undefined ? {} : { deadlineMs }) };
    const ending = await underLimits(limits, (signal) => this.#body(signal));
    const result = this.#result(ending);
    this.#recorder.close();
    this.#isClosed = true;
    return result;
  }

  /**
   * The screen opens with the phase, and its steps or its script run beside it. The phase is over when both are; what
   * breaks one of them cuts the other.
   */
  async #body(signal: AbortSignal): Promise<void> {
    const { ui } = this.#options.phase;
    if (!ui) return this.#steps(this.#scene(signal));
    const cut = new AbortController();
    const scene = this.#scene(AbortSignal.any([signal, cut.signal]));
    this.#screen = new ShownQuestion(ui, scene);
    try {
      await Promise.all([this.#steps(scene), this.#screen.over]);
    } catch (thrown) {
      cut.abort(thrown);
      throw thrown;
    } finally {
      this.#screen.close();
    }
    if (this.#isLate) throw new OutOfTime();
  }

  async #steps(scene: StepScene): Promise<void> {
    const { script, steps } = this.#options.phase;
    if (script !== undefined) return this.#script(script, scene);
    for (const step of steps) await this.#step(step, scene);
  }

  #scene(signal: AbortSignal): StepScene {
    const { phase, attempt, bench, clock, operator, unit, labels } = this.#options;
    const recorder = this.#recorder;
    const scene: StepScene = {
      bench,
      clock,
      signal,
      phase: { phase: phase.key, name: phase.name, attempt },
      ...(operator ? { operator } : {}),
      screen: () => this.#screen,
      unit: { trouble: (field, value) => unit.trouble(field, value), fill: (field, value) => this.#fill(field, value) },
      remainingMs: () => this.#remainingMs(),
      untilDeadlineMs: () =>
        this.#deadlineMs === undefined ? undefined : Math.max(0, this.#deadlineMs - clock.monotonicMs()),
      recordValue: (key, value) => recorder.value(key, value),
      recordAnswer: (key, answer) => recorder.answer(key, answer),
      recordPoints: (key, axis, answer) => recorder.points(key, axis, answer),
      recordAxis: (key, axis, points) => recorder.axis(key, axis, points),
      recordEntry: (key, value, isDecision) => recorder.entry(key, value, isDecision),
      refuse: (reason) => (this.#refused ??= reason),
      labels: {
        outcome: () => labels.outcome(phase, recorder.isGood && this.#refused === undefined),
        fill: (step, outcome) => labels.fill(step, outcome),
      },
      lastValue: (key) => recorder.lastValue(key),
      keepFile: (file) => this.#keepFile(file),
      log: (message) => recorder.note(message),
      within: (step) => this.#step(step, scene),
    };
    return scene;
  }

  async #script(script: string, scene: StepScene): Promise<void> {
    const { phase, attempt, scripts: stage, tape } = this.#options;
    try {
      await this.#hold(phase.line, scene);
      await runScript({ phase, script, attempt, stage, scene, tape });
    } catch (thrown) {
      if (this.#isLate) throw new OutOfTime();
      if (thrown instanceof ScriptFault && thrown.place) ({ line: this.line, file: this.file } = thrown.place);
      throw thrown;
    }
    if (this.#isLate) throw new OutOfTime();
  }

  get #isLate(): boolean {
    return this.#deadlineMs !== undefined && this.#options.clock.monotonicMs() >= this.#deadlineMs;
  }

  async #step(step: Step, scene: StepScene): Promise<void> {
    // Nobody listens any more; nothing further may be sent.
    if (scene.signal.aborted) throw new OutOfTime();
    this.line = step.line;
    try {
      await this.#hold(step.line, scene);
      await runStep(step, scene);
    } catch (thrown) {
      throw this.#ranOut(step, thrown) ? new OutOfTime() : thrown;
    }
    // Between two steps time may run out, which a timer may be too late to notice.
    if (this.#isLate) throw new OutOfTime();
  }

  async #hold(line: number, { signal }: StepScene): Promise<void> {
    const { beforeStep, phase } = this.#options;
    if (!beforeStep) return;
    await beforeStep({ phase: phase.key, section: phase.section, line }, signal);
    // Cut while it was held: nothing further may be sent.
    if (signal.aborted) throw new OutOfTime();
  }

  /** A query that gave up because it was handed the phase's last moment: the phase ran out of time, not the query. */
  #ranOut(step: Step, thrown: unknown): boolean {
    const isSilent = thrown instanceof Fault && thrown.code === 'timeout';
    if (this.#ownDeadlineMs === undefined || !(isSilent || thrown instanceof Unmet)) return false;
    return (isSilent && !hasOwnLimit(step)) || this.#options.clock.monotonicMs() >= this.#ownDeadlineMs;
  }

  #remainingMs(): number | undefined {
    if (this.#ownDeadlineMs === undefined) return undefined;
    // At least a moment: a limit of 0 could be read as “no limit”.
    return Math.max(1, this.#ownDeadlineMs - this.#options.clock.monotonicMs());
  }

  async #keepFile(file: NewAttachment): Promise<string> {
    const { phase, tape, files } = this.#options;
    const kept = await files.add(file);
    // Cut meanwhile: the file goes with the run, and the attempt that was closed stays as it was told.
    if (!this.#isClosed) tape.add({ kind: 'attachment', phase: phase.key, file: kept });
    return kept.name;
  }

  #fill(field: string, value: string): void {
    const { unit, tape } = this.#options;
    if (this.#isClosed) return;
    unit.fill(field, value);
    tape.add({ kind: 'unit-field', field, value });
  }

  #result(ending: Ending<void>): AttemptResult {
    switch (ending.kind) {
      case 'stopped':
        return { cause: 'stopped', reason: 'a person stopped the run' };
      case 'deadline':
        return this.#timedOut();
      case 'threw':
        return this.#threw(ending.thrown);
      case 'done':
        return this.#judged(null);
    }
  }

  #threw(thrown: unknown): AttemptResult {
    if (thrown instanceof OutOfTime) return this.#timedOut();
    const isTime = thrown instanceof NobodyAnswered;
    if (isTime || (thrown instanceof ScriptFault && thrown.code === 'script-silent'))
      return { cause: 'timeout', reason: thrown.message };
    return thrown instanceof Unmet ? this.#judged(thrown.message) : { cause: 'error', reason: messageOf(thrown) };
  }

  #timedOut(): AttemptResult {
    const { phase, deadline } = this.#options;
    const isOwn = this.#ownDeadlineMs !== undefined && this.#ownDeadlineMs <= (deadline?.atMs ?? Infinity);
    if (!isOwn && deadline) return { cause: 'timeout', reason: deadline.reason };
    return { cause: 'timeout', reason: `ran out of time (${(phase.timeoutMs ?? 0) / 1000} s)` };
  }

  /** @param unmet what the phase waited for in vain */
  #judged(unmet: string | null): AttemptResult {
    this.#recorder.complete();
    if (unmet !== null) return { cause: 'fail', reason: unmet };
    if (this.#refused !== undefined) return { cause: 'fail', reason: this.#refused };
    const failed = this.#recorder.firstFailure;
    if (!failed) return { cause: 'pass', reason: '' };
    return { cause: 'fail', reason: `${failed.name}: ${failed.reason ?? 'a limit was missed'}` };
  }
}
