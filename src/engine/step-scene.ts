/** What a step of a phase works with. Made by run-attempt.ts, used by run-step.ts and what stands below it. */
import type { Clock } from '#base/clock.ts';
import type { PrintStep } from '#procedure/label/label-uses.ts';
import type { Operator, PhaseScreen } from '#engine/prompt/operator.ts';
import type { Value } from '#measure/validator.ts';
import type { SlotBench } from '#hardware/bench/bench.ts';
import type { Step } from '#procedure/procedure.ts';
import type { NewAttachment } from '#record/attachment.ts';
import type { RunOutcome, Scalar } from '#record/run-record.ts';

export interface StepScene {
  readonly bench: SlotBench;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly phase: { readonly phase: string; readonly name: string; readonly attempt: number };
  /** Absent: nobody is there to ask. */
  readonly operator?: Operator;
  /** The screen that the phase itself shows, as long as it does. */
  readonly screen: () => PhaseScreen | undefined;
  readonly unit: UnitScene;
  /** Time that the phase has left; undefined when it states no time-out, and then the driver's own limit holds. */
  readonly remainingMs: () => number | undefined;
  /** Time until the attempt is cut, by whatever limit comes first; undefined without any. */
  readonly untilDeadlineMs: () => number | undefined;
  readonly recordValue: (measurement: string, value: Scalar) => void;
  readonly recordAnswer: (measurement: string, answer: string) => void;
  readonly recordPoints: (measurement: string, axis: string, answer: string) => void;
  readonly recordAxis: (measurement: string, axis: string, points: Float64Array<ArrayBuffer>) => void;
  /** What an operator entered; `isDecision`: true passes and false fails, whatever else is stated. */
  readonly recordEntry: (measurement: string, value: Scalar, isDecision: boolean) => void;
  /** An operator has decided against the unit: whatever else is recorded, the phase fails at its end. */
  readonly refuse: (reason: string) => void;
  /** What a measurement's last value in this attempt was; null when there is none. */
  readonly lastValue: (measurement: string) => Value;
  readonly labels: LabelScene;
  /** @returns the name under which it is kept */
  readonly keepFile: (file: NewAttachment) => Promise<string>;
  readonly log: (message: string) => void;
  /** Runs one step inside another, under the phase's deadline. @throws when the phase's time is up */
  readonly within: (step: Step) => Promise<void>;
}

/** What a label can be filled in with. */
export interface LabelScene {
  /** What the run would come to if it ended here: of a phase that lacks a measurement, FAIL. */
  readonly outcome: () => RunOutcome;
  /** @throws {Fault} `label-missing`, `label-value` */
  readonly fill: (step: PrintStep, outcome: RunOutcome) => string;
}

/** What operators may add to the unit. */
export interface UnitScene {
  readonly trouble: (field: string, value: string) => string | null;
  readonly fill: (field: string, value: string) => void;
}
