/**
 * One measurement of a run beside the same one of earlier runs of its procedure on this station.
 *
 * Asked for by a person, since it reads whole runs; one after the other, so that the station has time for a unit in
 * between. Another choice keeps the runs that were read. Knows nothing of elements.
 */
import type { Word } from '#engine/link/station-link.ts';
import type { RunLine } from '#record/find/found-run.ts';
import type { MeasurementRecord, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';

/** As many as a person compares at a glance, and a second's reading. */
export const EARLIER_RUNS = 20;

/** A measurement of a phase, as the last attempt had it. */
export interface Comparable {
  /** Phase and measurement, of no other. */
  readonly id: string;
  readonly label: string;
  readonly measurement: MeasurementRecord;
}

export interface EarlierRun {
  readonly line: RunLine;
  readonly record: RunRecord;
}

export class CompareDesk {
  readonly #port: Pick<StationPort, 'call' | 'openHistory'>;
  #runs = $state.raw<readonly EarlierRun[] | null>(null);
  #isBusy = $state(false);
  #problem = $state.raw<Word | null>(null);
  #isClosed = false;

  constructor(port: Pick<StationPort, 'call' | 'openHistory'>) {
    this.#port = port;
  }

  /** The newest first; null before they were asked for. */
  get runs(): readonly EarlierRun[] | null {
    return this.#runs;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  close(): void {
    this.#isClosed = true;
  }

  async read(run: Pick<RunRow, 'seq' | 'procedure_id'>): Promise<void> {
    if (this.#isBusy) return;
    [this.#isBusy, this.#problem] = [true, null];
    try {
      const history = await this.#port.openHistory();
      const lines = await history.call.earlier({ seq: run.seq, procedure_id: run.procedure_id }, EARLIER_RUNS);
      const runs: EarlierRun[] = [];
      for (const line of lines) {
        if (this.#isClosed) return;
        const kept = await this.#port.call.run(line.id);
        if (kept) runs.push({ line, record: kept.record });
        this.#runs = [...runs];
      }
      this.#runs = runs;
    } catch (thrown) {
      this.#problem = wordOf(thrown);
    } finally {
      this.#isBusy = false;
    }
  }
}

/** Numbers and curves; what failed stands first, since it is what a person wants to look into. */
export function comparablesOf({ phases }: RunRecord): Comparable[] {
  const last = [...new Map(phases.map((phase) => [phase.key, phase])).values()];
  const all = last.flatMap(({ key, name, measurements }) =>
    measurements
      .filter(({ measured_value: value, y_axis }) => typeof value === 'number' || y_axis !== undefined)
      .map((measurement) => ({
        id: `${key} ${measurement.key}`,
        label: `${name || key}: ${measurement.name || measurement.key}`,
        measurement,
      })),
  );
  const isBad = ({ measurement }: Comparable) => measurement.outcome === 'FAIL';
  return [...all.filter(isBad), ...all.filter((one) => !isBad(one))];
}

/** The same measurement of another run; undefined where it was not taken. */
export function sameIn(record: RunRecord, id: string): MeasurementRecord | undefined {
  return comparablesOf(record).find((one) => one.id === id)?.measurement;
}
