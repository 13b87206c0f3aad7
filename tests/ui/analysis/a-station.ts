/** A station that has kept some runs, and answers as its desk does: pieces, newest first. */
import { FactsMaker } from '#analysis/runs/facts-maker.ts';
import type { FactsAnswer, FactsQuery } from '#engine/link/facts-link.ts';
import type { RunOutcome, RunRecord } from '#record/run-record.ts';
import type { StationPort } from '#ui/station-port.ts';
import { number, phase, record, rowOf } from '../../analysis/a-run.ts';

export const DAY_MS = 86_400_000;
export const NOW_MS = Date.UTC(2026, 10, 30, 12);

/** `daysAgo` of each run, oldest first. */
export function kept(daysAgo: readonly number[], more: (at: number) => Partial<RunRecord> = () => ({})): RunRecord[] {
  return daysAgo.map((days, at) => {
    const outcome: RunOutcome = at % 4 === 3 ? 'FAIL' : 'PASS';
    return record(
      at + 1,
      `SN-${at + 1}`,
      outcome,
      [phase('rails', outcome, [number('rail', outcome === 'FAIL' ? 11 : 5 + at / 100)])],
      { started_at: new Date(NOW_MS - days * DAY_MS).toISOString(), ...more(at) },
    );
  });
}

export class AStation {
  runs: RunRecord[];
  readonly asked: FactsQuery[] = [];
  /** What the next question waits for. */
  gate: Promise<void> | null = null;
  fails = false;
  readonly #pieceRuns: number;

  constructor(runs: RunRecord[], pieceRuns = 3) {
    this.runs = runs;
    this.#pieceRuns = pieceRuns;
  }

  get call(): StationPort['call'] {
    return { facts: (query: FactsQuery) => this.#answer(query) } as unknown as StationPort['call'];
  }

  async #answer(query: FactsQuery): Promise<FactsAnswer> {
    this.asked.push(query);
    const { procedureId, beforeSeq = Infinity, afterSeq } = query;
    await this.gate;
    if (this.fails) throw new Error('The disk answers with errors.');
    const rows = this.runs
      .filter(({ seq }) => seq < beforeSeq)
      .sort((a, b) => b.seq - a.seq)
      .slice(0, this.#pieceRuns);
    const maker = new FactsMaker();
    for (const one of rows) if (one.seq > afterSeq && one.procedure.id === procedureId) maker.add(rowOf(one), one);
    const begun = rows.map(({ started_at }) => Date.parse(started_at));
    const last = rows.at(-1);
    return {
      ...maker.piece(),
      next: last && rows.length === this.#pieceRuns && last.seq > afterSeq + 1 ? last.seq : null,
      newestSeq: rows[0]?.seq ?? 0,
      latestMs: last ? Math.max(...begun) : null,
      earliestMs: last ? Math.min(...begun) : null,
      procedures: [...new Map(rows.map(({ procedure: { id, name } }) => [id, { id, name }])).values()],
    };
  }
}

export class AStorage {
  readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}
