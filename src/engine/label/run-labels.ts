/**
 * What the labels of one run say: of its unit, of what was measured, and of how it stands at that moment.
 *
 * Gathers values from the run's events. Above: run-procedure.ts; print-label.ts asks it. Knows nothing of printers.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { RunUnit } from '#engine/run-unit.ts';
import { fillLabel } from '#procedure/label/label-text.ts';
import { measurementKeys } from '#procedure/label/label-names.ts';
import type { PrintStep } from '#procedure/label/label-uses.ts';
import type { Phase } from '#procedure/procedure.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { MeasurementRecord, RunOutcome, Section } from '#record/run-record.ts';

/** What a door knows of the run. */
export interface LabelFacts {
  /** Texts of the procedure's label files, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly station: string;
  readonly runId: string;
}

/** A phase that is under way, as if it had ended. */
export interface OpenPhase {
  readonly name: string;
  readonly section: Section;
  readonly ended: 'pass' | 'fail';
  readonly reason: '';
}

/** What there is no value for; an empty bar code is none. */
const NOTHING = '-';
/** More digits than any instrument has, fewer than binary fractions show. */
const DIGITS = 12;

export class RunLabels {
  readonly #facts: LabelFacts | undefined;
  readonly #clock: Clock;
  readonly #unit: Pick<RunUnit, 'values'>;
  readonly #outcomeWith: (open: OpenPhase) => RunOutcome;
  /** The last record of each measurement in the run. */
  readonly #last = new Map<string, MeasurementRecord>();

  /**
   * @param facts absent: no label file can be printed
   * @param outcomeWith what the run would come to if it ended with this phase, so
   */
  constructor(
    facts: LabelFacts | undefined,
    clock: Clock,
    unit: Pick<RunUnit, 'values'>,
    outcomeWith: (open: OpenPhase) => RunOutcome,
  ) {
    this.#facts = facts;
    this.#clock = clock;
    this.#unit = unit;
    this.#outcomeWith = outcomeWith;
  }

  note(event: RunEvent): void {
    if (event.kind === 'measurement') this.#last.set(event.measurement.key, event.measurement);
  }

  /** @param isGood nothing of the phase, which is under way, has failed or is missing */
  outcome({ name, section }: Phase, isGood: boolean): RunOutcome {
    return this.#outcomeWith({ name, section, ended: isGood ? 'pass' : 'fail', reason: '' });
  }

  /** @throws {Fault} `label-missing`, `label-value` */
  fill({ source, language }: PrintStep, outcome: RunOutcome): string {
    const text = 'text' in source ? source.text : this.#facts?.files.get(source.file);
    if (text === undefined) {
      const file = 'file' in source ? source.file : '';
      throw new Fault('label-missing', `The label ${file} is not there.`, 'Release the procedure anew.');
    }
    return fillLabel(text, language, (name) => this.#value(name, outcome) || NOTHING);
  }

  #value(name: string, outcome: RunOutcome): string | undefined {
    const keys = measurementKeys(name);
    if (keys) return measured(keys.map((key) => this.#last.get(key)).find((record) => record));
    const now = new Date(this.#clock.nowMs()).toISOString();
    switch (name) {
      case 'outcome':
        return outcome;
      case 'date':
        return now.slice(0, 10);
      case 'time':
        return now.slice(11, 19);
      case 'station':
        return this.#facts?.station;
      case 'run_id':
        return this.#facts?.runId;
      default:
        return this.#unit.values[name];
    }
  }
}

function measured(record: MeasurementRecord | undefined): string | undefined {
  const value = record?.measured_value ?? null;
  if (value === null || typeof value === 'object') return undefined;
  const text = typeof value === 'number' ? String(Number(value.toPrecision(DIGITS))) : String(value);
  return record?.units === undefined ? text : `${text} ${record.units}`;
}
