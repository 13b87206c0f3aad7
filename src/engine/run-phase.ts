/**
 * One phase with all its attempts; the last one decides.
 *
 * Above: run-procedure.ts. Below: run-attempt.ts. Knows nothing of other phases.
 */
import type { Clock } from '#base/clock.ts';
import type { BeforeStep } from '#engine/before-step.ts';
import type { Operator } from '#engine/prompt/operator.ts';
import type { RunLabels } from '#engine/label/run-labels.ts';
import { runAttempt, type AttemptResult, type Deadline } from '#engine/run-attempt.ts';
import type { TakesFiles } from '#engine/run-files.ts';
import type { RunUnit } from '#engine/run-unit.ts';
import type { ScriptStage } from '#engine/script/run-script.ts';
import type { Tape } from '#engine/tape.ts';
import { underLimits } from '#engine/under-limits.ts';
import type { SlotBench } from '#hardware/bench/bench.ts';
import type { Phase } from '#procedure/procedure.ts';

export interface PhaseOptions {
  readonly phase: Phase;
  readonly bench: SlotBench;
  readonly tape: Tape;
  readonly files: TakesFiles;
  readonly scripts: ScriptStage;
  readonly unit: RunUnit;
  readonly labels: RunLabels;
  readonly operator?: Operator;
  /** Absent: no step is held up. */
  readonly beforeStep?: BeforeStep;
  readonly clock: Clock;
  /** Absent: nobody can stop it. */
  readonly stop?: AbortSignal;
  readonly deadline?: Deadline;
  /** Called once, in the same moment as the last attempt's end is told. */
  readonly onEnd: (result: AttemptResult) => void;
}

/** TofuPilot's number of further attempts where `then` says retry and no `retry` block says how often. */
const USUAL_RETRIES = 3;

export async function runPhase(options: PhaseOptions): Promise<void> {
  const { phase, tape, stop, clock, deadline, onEnd } = options;
  const { delayMs } = phase.retry;
  for (let attempt = 0; ; attempt += 1) {
    let again: AttemptResult | undefined;
    await runAttempt({
      ...options,
      attempt,
      onEnd: (result) => {
        const isTime = clock.monotonicMs() + delayMs < (deadline?.atMs ?? Infinity) && !stop?.aborted;
        if (isTime && attempt < retriesOf(phase) && mayRetry(phase, result)) again = result;
        else onEnd(result);
      },
    });
    if (!again) return;
    if (delayMs > 0) await underLimits({ clock, ...(stop ? { stop } : {}) }, (signal) => clock.sleep(delayMs, signal));
    if (stop?.aborted) return onEnd(again);
    tape.log('WARNING', `${phase.name}: attempt ${attempt + 1} failed, trying again`, phase.line);
  }
}

/** A phase that nobody could decide on: an error, so that it is not skipped in silence. */
export function brokenPhase({ key, name, section, line }: Phase, tape: Tape, reason: string): AttemptResult {
  tape.add({ kind: 'phase-started', key, name, section, attempt: 0 });
  tape.log('ERROR', `${name}: ${reason}`, line);
  tape.add({ kind: 'phase-ended', phase: key, outcome: 'ERROR', reason });
  return { cause: 'error', reason };
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
