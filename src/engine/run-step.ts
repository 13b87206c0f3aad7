/**
 * One step of a phase: a command, a query, a pause, a stated value, a file.
 *
 * Above: run-attempt.ts, which owns deadline and record. Throws what the instrument throws.
 */
import type { Clock } from '#base/clock.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import type { Step } from '#procedure/procedure.ts';
import type { NewAttachment } from '#record/attachment.ts';
import type { Scalar } from '#record/run-record.ts';

export interface StepScene {
  readonly bench: Bench;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Time that the phase has left; undefined when it states no time-out, and then the driver's own limit holds. */
  readonly remainingMs: () => number | undefined;
  readonly recordValue: (measurement: string, value: Scalar) => void;
  readonly recordAnswer: (measurement: string, answer: string) => void;
  readonly keepFile: (file: NewAttachment) => Promise<void>;
  readonly log: (message: string) => void;
}

export async function runStep(step: Step, scene: StepScene): Promise<void> {
  const { bench, clock, signal } = scene;
  switch (step.kind) {
    case 'wait':
      return clock.sleep(step.durationMs, signal);
    case 'set':
      return scene.recordValue(step.measurement, step.value);
    case 'write':
      return bench.instrument(step.plug).write(step.command, signal);
    case 'query': {
      const answer = await bench
        .instrument(step.plug)
        .query(step.command, signal, step.timeoutMs ?? scene.remainingMs());
      if (step.measurement === undefined) scene.log(`${step.plug}: ${step.command} → ${answer}`);
      else scene.recordAnswer(step.measurement, answer);
      return;
    }
    case 'attach': {
      const { name, contentType, source } = step;
      const text =
        'text' in source
          ? source.text
          : await bench.instrument(source.plug).query(source.query, signal, step.timeoutMs ?? scene.remainingMs());
      return scene.keepFile({ name, contentType, bytes: new TextEncoder().encode(text) });
    }
    case 'measure': {
      const instrument = bench.instrument(step.plug);
      const limitMs = step.timeoutMs ?? scene.remainingMs();
      const { source } = step;
      const answer =
        'read' in source
          ? await instrument.read(source.read, signal, limitMs)
          : await instrument.query(source.query, signal, limitMs);
      return scene.recordAnswer(step.measurement, answer);
    }
  }
}

/** A step that gives up by its own limit, not by the phase's. */
export function hasOwnLimit(step: Step): boolean {
  return 'timeoutMs' in step && step.timeoutMs !== undefined;
}
