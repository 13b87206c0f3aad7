/**
 * Gives the page what its analysis needs of the kept runs, a piece at a time.
 *
 * Reading must not disturb a test or an upload: each run is read in a transaction of its own, and while a unit is under
 * test one after the other, few at a time, with as long a rest as the reading took. The page asks for the next piece or it
 * does not; nothing goes on by itself. Below: the store. Knows nothing of what is made of it.
 */
import { FactsMaker } from '#analysis/runs/facts-maker.ts';
import type { Clock } from '#base/clock.ts';
import type { FactsAnswer, FactsQuery } from '#engine/link/facts-link.ts';
import type { LocalStore } from '#storage/store/open.ts';

export interface FactsDeskOptions {
  readonly store: Pick<LocalStore, 'history' | 'record'>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** A unit is under test. */
  readonly isBusy: () => boolean;
}

/** Few enough that a person who leaves the screen is followed at once. */
const PIECE_RUNS = 200;
/** A write of the journal waits for no more than what of these is under way. */
const BUSY_PIECE_RUNS = 10;
/** Transactions side by side: more gain nothing, since the database reads one after the other. */
const SIDE_BY_SIDE = 8;

export async function readFacts(
  { store, clock, isBusy }: FactsDeskOptions,
  { procedureId, beforeSeq = Infinity, afterSeq }: FactsQuery,
): Promise<FactsAnswer> {
  const startMs = clock.monotonicMs();
  const limit = isBusy() ? BUSY_PIECE_RUNS : PIECE_RUNS;
  const rows = await store.history({ limit, beforeSeq });
  const mine = rows.filter((row) => row.seq > afterSeq && row.procedure_id === procedureId);
  const maker = new FactsMaker();
  for (let at = 0; at < mine.length;) {
    const together = mine.slice(at, at + (isBusy() ? 1 : SIDE_BY_SIDE));
    // One that cannot be read any more counts as cleared away: its line is good.
    const kept = await Promise.all(together.map(({ id }) => store.record(id).catch(() => null)));
    for (const [index, row] of together.entries()) maker.add(row, kept[index]?.record ?? null);
    at += together.length;
  }
  if (isBusy()) await clock.sleep(clock.monotonicMs() - startMs);
  const last = rows.at(-1);
  const begun = rows.map(({ started_at }) => Date.parse(started_at));
  return {
    ...maker.piece(),
    next: last && rows.length === limit && last.seq > afterSeq + 1 ? last.seq : null,
    newestSeq: rows[0]?.seq ?? 0,
    latestMs: last ? Math.max(...begun) : null,
    earliestMs: last ? Math.min(...begun) : null,
    procedures: [...new Map(rows.map((row) => [row.procedure_id, row.procedure_name]))].map(([id, name]) => ({
      id,
      name,
    })),
  };
}
