/**
 * The outcome of a run from what became of its phases: the truth table of RULES.md, in code.
 *
 * Pure. PASS is what is left when nothing speaks against it, and something was tested. Knows nothing of events.
 */
import type { Cause } from '#engine/run-attempt.ts';
import type { RunOutcome, Section } from '#record/run-record.ts';

export interface PhaseFact {
  readonly name: string;
  readonly section: Section;
  /** Of the last attempt; `off`: the procedure switches it off; `unreached`: the run ended before it. */
  readonly ended: Cause | 'off' | 'unreached';
  readonly reason: string;
}

export interface RunFacts {
  readonly phases: readonly PhaseFact[];
  /** Why a person stopped it; null when nobody did. */
  readonly stopped: string | null;
  /** That the run's own time was used up before all was done; null when it was not. */
  readonly late: string | null;
  /** What broke outside the phases: the safe state was not reached, the engine failed. */
  readonly broken: readonly string[];
}

export interface RunResult {
  readonly outcome: RunOutcome;
  /** First decisive reason in words, for everything but PASS. */
  readonly reason?: string;
}

export function runOutcome({ phases, stopped, late, broken }: RunFacts): RunResult {
  if (stopped !== null) return { outcome: 'ABORTED', reason: stopped };
  const first = (ended: PhaseFact['ended']) => phases.find((phase) => phase.ended === ended);
  const slow = first('timeout');
  if (slow) return { outcome: 'TIMEOUT', reason: because(slow) };
  if (late !== null) return { outcome: 'TIMEOUT', reason: late };
  const errored = first('error') ?? first('stopped');
  if (errored) return { outcome: 'ERROR', reason: because(errored) };
  if (broken.length > 0) return { outcome: 'ERROR', reason: broken[0]! };
  const failed = first('fail');
  if (failed) return { outcome: 'FAIL', reason: because(failed) };
  const missed = first('unreached');
  if (missed) return { outcome: 'FAIL', reason: because(missed) };
  if (!phases.some(({ section, ended }) => section === 'main' && ended === 'pass'))
    return { outcome: 'ERROR', reason: 'Nothing was tested: no phase of main ran.' };
  return { outcome: 'PASS' };
}

function because({ name, reason }: PhaseFact): string {
  return `${name}: ${reason}`;
}
