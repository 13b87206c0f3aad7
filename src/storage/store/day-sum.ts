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

/** Ten thousand runs at once held up every other question for half a second. */
const PIECE_ROWS = 500;

export class DaySum {
  readonly #tables: Tables;
  readonly #pieceRows: number;
  readonly #turns = new Turns();
  #sum: Sum = { dayStart: '', throughSeq: 0, runs: 0, passed: 0 };
  /** Units whose first run of the day is counted. */
  readonly #units = new Set<string>();

  constructor(tables: Tables, pieceRows = PIECE_ROWS) {
    this.#tables = tables;
    this.#pieceRows = pieceRows;
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
        ? await this.#since(dayStart)
        : (await runs.where('seq').above(throughSeq).toArray()).filter((row) => row.started_at >= dayStart);
    return rows.sort((a, b) => a.seq - b.seq);
  }

  /** In pieces, each a transaction of its own: whoever asks meanwhile is answered between them. */
  async #since(dayStart: string): Promise<RunRow[]> {
    const rows = new Map<string, RunRow>();
    let [from, limit] = [dayStart, this.#pieceRows];
    for (;;) {
      const piece = await this.#tables.runs.where('started_at').aboveOrEqual(from).limit(limit).toArray();
      for (const row of piece) rows.set(row.id, row);
      if (piece.length < limit) return [...rows.values()];
      const last = piece.at(-1)!.started_at;
      // More began in one moment than a piece holds.
      if (last === from) limit *= 2;
      from = last;
    }
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
