/**
 * How many runs there were today and how many units passed at once: summed up once, then only what is new.
 *
 * A screen asks after every change, ten times a second while a backlog is sent, so the runs of the day are not read
 * again each time. What a finished run counts for never changes. Knows nothing of screens.
 */
import { Turns } from '#base/turns.ts';
import type { RunRow } from '#record/run-row.ts';
import type { Tables } from '#storage/store/tables.ts';

export interface Today {
  readonly runs: number;
  readonly firstPassYield: number;
}

interface Sum {
  readonly dayStart: string;
  /** Every run of the day up to this number has ended and is counted. */
  readonly throughSeq: number;
  readonly runs: number;
  readonly passed: number;
}

export class DaySum {
  readonly #tables: Tables;
  readonly #turns = new Turns();
  #sum: Sum = { dayStart: '', throughSeq: 0, runs: 0, passed: 0 };
  /** Units whose first run of the day is counted. */
  readonly #units = new Set<string>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** First pass is judged within the day: a unit that failed yesterday and passes today counts as passed today. */
  today(dayStart: string): Promise<Today> {
    return this.#turns.take(async () => {
      if (dayStart !== this.#sum.dayStart) this.#begin(dayStart);
      const rows = await this.#uncounted();
      const open = rows.findIndex(({ outcome }) => outcome === null);
      const ended = open < 0 ? rows : rows.slice(0, open);
      this.#sum = this.#with(ended, this.#units, ended.at(-1)?.seq);
      // With several slots, runs may have ended beside one that has not; they are counted for good after it.
      const rest = rows.slice(ended.length).filter(({ outcome }) => outcome !== null);
      const units = rest.length > 0 ? new Set(this.#units) : this.#units;
      const { runs, passed } = this.#with(rest, units);
      return { runs, firstPassYield: units.size === 0 ? 0 : passed / units.size };
    });
  }

  #begin(dayStart: string): void {
    this.#sum = { dayStart, throughSeq: 0, runs: 0, passed: 0 };
    this.#units.clear();
  }

  /** By `seq`. */
  async #uncounted(): Promise<RunRow[]> {
    const { dayStart, throughSeq } = this.#sum;
    const { runs } = this.#tables;
    const rows =
      throughSeq === 0
        ? await runs.where('started_at').aboveOrEqual(dayStart).toArray()
        : (await runs.where('seq').above(throughSeq).toArray()).filter((row) => row.started_at >= dayStart);
    return rows.sort((a, b) => a.seq - b.seq);
  }

  /** Adds the units to `units`. */
  #with(rows: readonly RunRow[], units: Set<string>, throughSeq = this.#sum.throughSeq): Sum {
    let { passed } = this.#sum;
    for (const { serial_key: unit, outcome } of rows) {
      if (!units.has(unit) && outcome === 'PASS') passed += 1;
      units.add(unit);
    }
    return { ...this.#sum, throughSeq, runs: this.#sum.runs + rows.length, passed };
  }
}
