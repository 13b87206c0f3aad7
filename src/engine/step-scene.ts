/** What a step of a phase works with. Made by run-attempt.ts, used by run-step.ts and what stands below it. */
import type { Clock } from '#base/clock.ts';
import type { Value } from '#measure/validator.ts';
import type { SlotBench } from '#hardware/bench/bench.ts';
import type { Step } from '#procedure/procedure.ts';
import type { NewAttachment } from '#record/attachment.ts';
import type { Scalar } from '#record/run-record.ts';

export interface StepScene {
  readonly bench: SlotBench;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Time that the phase has left; undefined when it states no time-out, and then the driver's own limit holds. */
  readonly remainingMs: () => number | undefined;
  readonly recordValue: (measurement: string, value: Scalar) => void;
  readonly recordAnswer: (measurement: string, answer: string) => void;
  readonly recordPoints: (measurement: string, axis: string, answer: string) => void;
  readonly recordAxis: (measurement: string, axis: string, points: Float64Array<ArrayBuffer>) => void;
  /** What a measurement's last value in this attempt was; null when there is none. */
  readonly lastValue: (measurement: string) => Value;
  readonly keepFile: (file: NewAttachment) => Promise<void>;
  readonly log: (message: string) => void;
  /** Runs one step inside another, under the phase's deadline. @throws when the phase's time is up */
  readonly within: (step: Step) => Promise<void>;
}
