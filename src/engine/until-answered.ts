/**
 * The step `expect`: asks again and again until the answer is the one that is waited for, or its time is up.
 *
 * An answer that never was right fails the phase; an instrument that never answered is an error. Above: run-step.ts.
 */
import { Fault } from '#base/fault.ts';
import { judge } from '#measure/judge.ts';
import { readAnswer } from '#engine/read-answer.ts';
import { Unmet } from '#engine/unmet.ts';
import type { StepScene } from '#engine/step-scene.ts';
import type { Step } from '#procedure/procedure.ts';

/** A device that is just starting loses the question; it is asked again rather than waited for to the end. */
const ANSWER_LIMIT_MS = 1000;

export async function untilAnswered(step: Extract<Step, { kind: 'expect' }>, scene: StepScene): Promise<void> {
  const { plug, command, isReading, wanted, timeoutMs, pauseMs } = step;
  const { clock, signal } = scene;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  let heard: { readonly answer: string; readonly why: string } | undefined;
  let silence: unknown = new Fault('timeout', `${plug} was not asked within ${timeoutMs} ms.`, 'Give it more time.');
  while (clock.monotonicMs() < deadlineMs && !signal.aborted) {
    const leftMs = Math.min(deadlineMs - clock.monotonicMs(), scene.remainingMs() ?? Infinity);
    try {
      const instrument = scene.bench.instrument(plug);
      const limitMs = Math.min(leftMs, ANSWER_LIMIT_MS);
      const answer = await (isReading
        ? instrument.read(command, signal, limitMs)
        : instrument.query(command, signal, limitMs));
      const { verdict, reason } = judge(readAnswer(answer, [wanted]), wanted);
      if (verdict === 'PASS') return scene.log(`${plug}: ${command} → ${ending(answer)}`);
      heard = { answer: ending(answer), why: reason ?? 'it did not match' };
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code !== 'timeout') throw thrown;
      silence = thrown;
    }
    const pause = Math.min(pauseMs, deadlineMs - clock.monotonicMs());
    if (pause > 0) await clock.sleep(pause, signal);
  }
  if (!heard) throw silence;
  const { answer, why } = heard;
  throw new Unmet(
    `${command} was not answered as expected within ${timeoutMs / 1000} s; the last answer was “${answer}”: ${why}`,
  );
}

/** Of the log of a console the last line says most. */
function ending(answer: string): string {
  const last = answer.split('\n').at(-1) ?? '';
  return last.length > 80 ? `${last.slice(0, 80)}…` : last;
}
