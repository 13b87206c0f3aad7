/**
 * A hold before each step: whoever tries a procedure out sees where it is, and lets it go on.
 *
 * Absent in every run of a unit. Above: a door. Below: run-attempt.ts, which asks it. Knows nothing of who waits for whom.
 */
import type { Section } from '#record/run-record.ts';

export interface StepPlace {
  /** Key. */
  readonly phase: string;
  readonly section: Section;
  /** Of the step in the procedure's file; of the phase, where its body is a script. */
  readonly line: number;
}

/**
 * Resolves when the step may begin. Teardown is asked too, so that its place is known; whoever holds it up takes from its
 * deadline. Rejects, or resolves, once the signal is aborted: nobody waits for it any more then.
 */
export type BeforeStep = (place: StepPlace, signal: AbortSignal) => Promise<void>;
