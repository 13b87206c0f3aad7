/**
 * What one attempt of a phase has recorded, and what is still missing.
 *
 * Every value becomes an event at once; a multi-point measurement when its last axis has come. Above: run-attempt.ts.
 * Below: measurement-record.ts, curve-record.ts. Knows nothing of steps and of time.
 */
import { Fault } from '#base/fault.ts';
import type { Validator, Value } from '#measure/validator.ts';
import { axesToRead, isMultiPoint, recordCurve } from '#engine/curve-record.ts';
import { recordValue, type Recorded } from '#engine/measurement-record.ts';
import { readAnswer, readPoints } from '#engine/read-answer.ts';
import type { Tape } from '#engine/tape.ts';
import type { Measurement, Phase } from '#procedure/procedure.ts';
import type { MeasurementRecord, Scalar } from '#record/run-record.ts';

/** A person has to say yes. */
const DECISION: Validator = { operator: '==', expected: true, isDecisive: true };

export class Recorder {
  readonly #phase: Phase;
  readonly #tape: Tape;
  readonly #line: () => number;
  readonly #declared: ReadonlyMap<string, Measurement>;
  /** The last record of each measurement: it decides. */
  readonly #last = new Map<string, MeasurementRecord>();
  /** For aggregations of single values. */
  readonly #numbers = new Map<string, number[]>();
  /** Axes that have come of measurements that are not whole yet. */
  readonly #points = new Map<string, Map<string, Float64Array<ArrayBuffer> | string>>();
  #isClosed = false;

  /** @param line of the step under way, for logs */
  constructor(phase: Phase, tape: Tape, line: () => number) {
    this.#phase = phase;
    this.#tape = tape;
    this.#line = line;
    this.#declared = new Map(phase.measurements.map((one) => [one.key, one]));
  }

  value(key: string, value: Scalar): void {
    this.#single(this.#of(key), () => value);
  }

  answer(key: string, answer: string): void {
    this.#single(this.#of(key), ({ validators }) => readAnswer(answer, validators));
  }

  /**
   * What an operator entered. What the phase does not declare is kept as it is: nothing judges it, unless it is a
   * decision, which is its own limit.
   */
  entry(key: string, value: Scalar, isDecision: boolean): void {
    const declared = this.#declared.get(key) ?? { key, name: key, validators: [] };
    if (!isDecision) return this.#single(declared, () => value);
    this.#single({ ...declared, validators: [...declared.validators, DECISION] }, () => value);
  }

  /** Comma separated points of one axis. */
  points(key: string, axis: string, answer: string): void {
    this.axis(key, axis, readPoints(answer));
  }

  /** @param points or why there are none */
  axis(key: string, axis: string, points: Float64Array<ArrayBuffer> | string): void {
    if (this.#isClosed) return;
    const declared = this.#of(key);
    // The same axis again begins the measurement anew; what there was is kept.
    if (this.#points.get(key)?.has(axis)) this.#curve(declared);
    const read = this.#points.get(key) ?? new Map<string, Float64Array<ArrayBuffer> | string>();
    this.#points.set(key, read.set(axis, points));
    if (axesToRead(declared).every((one) => read.has(one.key))) this.#curve(declared);
  }

  /** What an instrument said that is no measurement. */
  note(message: string): void {
    if (!this.#isClosed) this.#tape.log('INFO', message, this.#line());
  }

  lastValue(key: string): Value {
    return this.#last.get(key)?.measured_value ?? null;
  }

  /** Whatever was declared and did not come is recorded as missing. */
  complete(): void {
    for (const declared of this.#phase.measurements) {
      if (this.#points.has(declared.key)) this.#curve(declared);
      if (this.#last.has(declared.key)) continue;
      if (isMultiPoint(declared)) this.#curve(declared);
      else this.#keep(declared, recordValue(declared, null, { why: 'was never recorded' }));
    }
  }

  /** Axes that came alone are kept; nothing that arrives later is added. */
  close(): void {
    for (const key of this.#points.keys()) this.#curve(this.#of(key));
    this.#isClosed = true;
  }

  /** Nothing has failed, and nothing is missing. */
  get isGood(): boolean {
    return (
      !this.firstFailure && this.#points.size === 0 && [...this.#declared.keys()].every((key) => this.#last.has(key))
    );
  }

  get firstFailure(): MeasurementRecord | undefined {
    return [...this.#last.values()].find(({ outcome }) => outcome === 'FAIL');
  }

  #single(declared: Measurement, read: (declared: Measurement) => Scalar | null): void {
    if (this.#isClosed) return;
    const { key } = declared;
    const value = read(declared);
    const before = this.#numbers.get(key) ?? [];
    this.#keep(declared, recordValue(declared, value, { why: 'the answer was empty', before }));
    if (declared.aggregations) this.#numbers.set(key, [...before, typeof value === 'number' ? value : NaN]);
  }

  #curve(declared: Measurement): void {
    const read = this.#points.get(declared.key) ?? new Map<string, Float64Array<ArrayBuffer> | string>();
    this.#points.delete(declared.key);
    this.#keep(declared, recordCurve(declared, read));
  }

  #keep(declared: Measurement, { record, warnings }: Recorded): void {
    this.#last.set(declared.key, record);
    this.#tape.add({ kind: 'measurement', phase: this.#phase.key, measurement: record });
    for (const warning of warnings)
      this.#tape.log('WARNING', `${declared.name}: ${warning} (a warning only)`, this.#line());
  }

  #of(key: string): Measurement {
    const declared = this.#declared.get(key);
    if (declared) return declared;
    throw new Fault('internal', `${this.#phase.name} declares no measurement ${key}.`, 'Correct the procedure.');
  }
}
