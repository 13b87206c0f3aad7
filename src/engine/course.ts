/**
 * The course of a run: what became of its phases so far, and what that means for those to come.
 *
 * Decides and remembers; runs nothing. Above: run-procedure.ts. Below: condition.ts, run-outcome.ts. Knows nothing of
 * plugs and of events.
 */
import type { Clock } from '#base/clock.ts';
import { conditionOf, type Asked } from '#engine/condition.ts';
import type { AttemptResult, Deadline } from '#engine/run-attempt.ts';
import type { PhaseFact } from '#engine/run-outcome.ts';
import type { RunUnit } from '#engine/run-unit.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import type { Section } from '#record/run-record.ts';

/** For the phases after it that were not reached. */
const ENDED: Readonly<Record<AttemptResult['cause'], string>> = {
  pass: 'passed',
  fail: 'failed',
  error: 'broke',
  timeout: 'ran out of time',
  stopped: 'was stopped',
};
const WORDS: Readonly<Record<PhaseFact['ended'], string>> = { ...ENDED, off: 'is off', unreached: 'was not reached' };

export class Course {
  /** Of setup and main together. */
  readonly deadline: Deadline | undefined;
  readonly #procedure: Procedure;
  readonly #unit: RunUnit;
  readonly #clock: Clock;
  readonly #facts = new Map<string, PhaseFact>();
  /** Why the phases of setup and main that have not begun are not reached. */
  #unreached: string | null = null;
  #isLate = false;

  constructor(procedure: Procedure, unit: RunUnit, clock: Clock) {
    this.#procedure = procedure;
    this.#unit = unit;
    this.#clock = clock;
    if (procedure.timeoutMs !== undefined)
      this.deadline = {
        atMs: clock.monotonicMs() + procedure.timeoutMs,
        reason: `the time for the run was used up (${procedure.timeoutMs / 1000} s)`,
      };
  }

  get facts(): readonly PhaseFact[] {
    return [...this.#facts.values()];
  }

  /** That the run's own time was used up; null when it was not. */
  get late(): string | null {
    return this.#isLate ? (this.deadline?.reason ?? null) : null;
  }

  condition(phase: Phase): Asked {
    const { parameters } = this.#procedure;
    return conditionOf(phase, { parameters, unit: this.#unit.values, facts: this.#facts });
  }

  /** Why a phase of setup or main does not begin; null when it does. */
  whyUnreached(phase: Phase): string | null {
    if (this.#unreached !== null) return this.#unreached;
    if (this.deadline && this.#clock.monotonicMs() >= this.deadline.atMs) {
      this.#isLate = true;
      return this.deadline.reason;
    }
    for (const key of phase.dependsOn ?? []) {
      const before = this.#facts.get(key);
      if (before && this.#bars(key, before)) return `it depends on “${before.name}”, which ${WORDS[before.ended]}`;
    }
    return null;
  }

  /** The last attempt of a phase has ended; it may end the run. */
  note(phase: Phase, result: AttemptResult): void {
    this.noteOnly(phase, result);
    if (this.#endsRun(phase, result)) this.endsHere(`“${phase.name}” ${ENDED[result.cause]} and ended the run`);
  }

  /** The same of a phase of teardown, after which there is nothing to be ended. */
  noteOnly({ key, name, section }: Phase, { cause, reason }: AttemptResult): void {
    this.#facts.set(key, { name, section, ended: cause, reason });
  }

  skipped({ key, name, section }: Phase, ended: 'off' | 'unreached', reason: string): void {
    this.#facts.set(key, { name, section, ended, reason });
  }

  /** No phase of setup or main begins any more; the first reason stays. */
  endsHere(reason: string): void {
    this.#unreached ??= reason;
  }

  /** Takes over what was done once for several runs. */
  adopt(other: Course, section: Section): void {
    for (const [key, fact] of other.#facts) if (fact.section === section) this.#facts.set(key, fact);
    if (other.#unreached !== null) this.endsHere(other.#unreached);
    this.#isLate ||= other.#isLate;
  }

  /** A dependency that went wrong bars whatever needs it, unless its own `then` says that the run continues. */
  #bars(key: string, { ended }: PhaseFact): boolean {
    if (ended === 'pass' || ended === 'off') return false;
    if (ended === 'unreached' || ended === 'stopped') return true;
    return this.#procedure.phases.find((phase) => phase.key === key)?.next[ended] !== 'continue';
  }

  #endsRun(phase: Phase, { cause }: AttemptResult): boolean {
    if (cause === 'stopped') return true;
    const stated = phase.next[cause];
    if (stated === 'stop' || stated === 'continue') return stated === 'stop';
    if (cause === 'pass') return false;
    // Without a proper setup nothing that main measures means anything.
    return phase.section === 'setup' || this.#procedure.onFirstFailure === 'stop';
  }
}
