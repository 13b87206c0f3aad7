/** One page of runs: filtered, sorted, cut. Knows nothing of HTTP. */
import { durationMs, summaryOf } from '#server/sandbox/read-model.ts';
import { matches, type RunQuery } from '#server/sandbox/run-query.ts';
import type { StoredRun } from '#server/sandbox/runs.ts';

type SortKey = string | number;

const SORTED: Readonly<Record<RunQuery['sort_by'], (run: StoredRun) => SortKey>> = {
  started_at: (run) => Date.parse(run.body.started_at),
  created_at: (run) => run.arrivedMs,
  duration: (run) => durationMs(run.body),
  outcome: (run) => run.body.outcome,
  serial_number: (run) => run.unit.serial_number.toUpperCase(),
  part_number: (run) => run.unit.part_number.toUpperCase(),
  revision_number: (run) => run.unit.revision_number.toUpperCase(),
};

export function pageOf(newestFirst: readonly StoredRun[], query: RunQuery) {
  const { limit, cursor, sort_by: by, sort_order: order } = query;
  const keyOf = SORTED[by];
  const sign = order === 'asc' ? 1 : -1;
  const found = newestFirst
    .filter((run) => matches(run, query))
    .toSorted((a, b) => sign * (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  const more = found.length > cursor + limit;
  return {
    data: found.slice(cursor, cursor + limit).map((run) => summaryOf(run, query.include_metadata ?? false)),
    meta: { has_more: more, next_cursor: more ? cursor + limit : null },
  };
}
