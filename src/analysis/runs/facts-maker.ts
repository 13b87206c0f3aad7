/**
 * Makes a piece of facts out of rows and records of kept runs.
 *
 * Of a phase that was tried again, the last attempt is what counts, as for the verdict; whether the first one passed is
 * kept beside it. Text, yes and no, and values that are no numbers are no series. Pure.
 */
import type { InstrumentRecord } from '#record/instrument.ts';
import type { MeasurementRecord, PhaseRecord, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import { spanOf } from '#record/validator-span.ts';
import {
  type FactsPiece,
  FIRST_TRY,
  type PhaseName,
  type RunDetail,
  type RunFacts,
  type Series,
} from '#record/run-facts.ts';

export class FactsMaker {
  readonly #runs: RunFacts[] = [];
  readonly #series = new Places<Series>();
  readonly #phases = new Places<PhaseName>();

  /** @param record null where only the row is left */
  add(row: RunRow, record: RunRecord | null): void {
    if (row.outcome === null) return;
    this.#runs.push({
      id: row.id,
      seq: row.seq,
      unit: row.serial_key,
      startedMs: Date.parse(row.started_at),
      durationMs: row.duration_ms,
      outcome: row.outcome,
      simulated: row.simulated,
      detail: record && this.#detailOf(record),
    });
  }

  piece(): FactsPiece {
    return { runs: this.#runs, series: this.#series.all, phases: this.#phases.all };
  }

  #detailOf(record: RunRecord): RunDetail {
    const last = new Map(record.phases.map((phase) => [phase.key, phase]));
    const readings = [...last.values()].flatMap((phase) =>
      phase.measurements.flatMap((one) => this.#readingsOf(phase, one)),
    );
    const failed = decidingPhase(record, [...last.values()]);
    const measurement = failed?.measurements.find(({ outcome }) => outcome === 'FAIL');
    const attempts = [...last.keys()].map((key) => record.phases.filter((phase) => phase.key === key));
    return {
      release: record.procedure.release,
      version: record.procedure.version ?? '',
      fixture: fixtureOf(record),
      operator: record.operator,
      slot: record.slot,
      calibration: calibrationOf(record.instruments ?? []),
      failedPhase: failed ? this.#phaseOf(failed) : -1,
      failedSeries: failed && measurement ? this.#seriesOf(failed, measurement) : -1,
      phases: Int32Array.from(last.values(), (phase) => this.#phaseOf(phase)),
      phaseMs: Float64Array.from(attempts, (tries) => tries.reduce((sum, one) => sum + tookMs(one), 0)),
      firstTry: Uint8Array.from(attempts, ([first]) => firstTryOf(first)),
      series: Int32Array.from(readings, ({ place }) => place),
      values: Float64Array.from(readings, ({ value }) => value),
    };
  }

  #phaseOf({ key, name }: PhaseRecord): number {
    return this.#phases.of(key, { key, name });
  }

  #readingsOf(phase: PhaseRecord, measurement: MeasurementRecord): { place: number; value: number }[] {
    const { measured_value: value, y_axis: axes = [] } = measurement;
    if (typeof value === 'number' && Number.isFinite(value))
      return [{ place: this.#seriesOf(phase, measurement), value }];
    return axes.flatMap((axis) =>
      (axis.aggregations ?? []).flatMap(({ type, value: one, units, validators }) => {
        if (typeof one !== 'number' || !Number.isFinite(one)) return [];
        const key = `${measurement.key}.${axis.key}.${type}`;
        const name = axes.length > 1 ? `${measurement.name}, ${axis.name}, ${type}` : `${measurement.name}, ${type}`;
        const unit = units ?? axis.units ?? '';
        return [{ place: this.#place(phase, { key, name, unit, ...(spanOf(validators) ?? NO_LIMITS) }), value: one }];
      }),
    );
  }

  #seriesOf(phase: PhaseRecord, { key, name, units = '', validators }: MeasurementRecord): number {
    return this.#place(phase, { key, name, unit: units, ...(spanOf(validators) ?? NO_LIMITS) });
  }

  #place(phase: PhaseRecord, one: Omit<Series, 'phase' | 'phaseName'>): number {
    const series: Series = { phase: phase.key, phaseName: phase.name, ...one };
    return this.#series.of(`${phase.key}/${one.key} ${one.unit} ${one.low} ${one.high} ${one.name}`, series);
  }
}

const NO_LIMITS = { low: null, high: null };

/** Each thing once, by its name, in the order in which it came. */
class Places<T> {
  readonly all: T[] = [];
  readonly #places = new Map<string, number>();

  of(name: string, thing: T): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.all.length);
    return this.all.push(thing) - 1;
  }
}

/** As the verdict's sentence names it: of FAIL the first phase whose last attempt failed. */
function decidingPhase({ outcome }: RunRecord, last: readonly PhaseRecord[]): PhaseRecord | undefined {
  if (outcome === 'FAIL') return last.find((phase) => phase.outcome === 'FAIL');
  if (outcome === 'TIMEOUT') return last.find(({ timed_out }) => timed_out);
  return outcome === 'ERROR' ? last.find((phase) => phase.outcome === 'ERROR') : undefined;
}

function tookMs({ started_ms, ended_ms }: PhaseRecord): number {
  return ended_ms === null ? 0 : Math.max(0, ended_ms - started_ms);
}

function firstTryOf(phase: PhaseRecord | undefined): number {
  if (phase?.outcome === 'SKIP') return FIRST_TRY.skipped;
  return phase?.outcome === 'PASS' ? FIRST_TRY.passed : FIRST_TRY.missed;
}

function fixtureOf({ instruments = [], fixture }: RunRecord): string {
  const known = instruments.flatMap(({ model = '', serial_number = '' }) => `${model} ${serial_number}`.trim() || []);
  return known.length > 0 ? known.join(', ') : fixture;
}

function calibrationOf(instruments: readonly InstrumentRecord[]): string {
  return instruments
    .filter(({ calibration_due }) => calibration_due !== undefined)
    .map(({ plug, serial_number = '', calibration_due, certificate = '' }) =>
      [plug, serial_number, `due ${calibration_due}`, certificate].filter(Boolean).join(' '),
    )
    .join('; ');
}
