/**
 * The list's query: read from the address as strictly as a body, and applied to runs.
 *
 * A filter that is misspelt is refused, never ignored: a station that looks for its run and is answered with all of
 * them would believe anything. Knows nothing of pages (run-list.ts).
 */
import * as v from 'valibot';
import type { ApiIssue } from '#server/api-error.ts';
import { matchesMetadata, metadataFilter, type MetadataFilter } from '#server/sandbox/metadata-filter.ts';
import { durationMs, operatorOf } from '#server/sandbox/read-model.ts';
import { issuesOf, outcome, uuid } from '#server/sandbox/run-body.ts';
import type { StoredRun } from '#server/sandbox/runs.ts';
import { millisecondsOf } from '#server/sandbox/timestamp.ts';

const list = v.array(v.string());
/** 2026's pattern for filters: `Z` or an offset. */
const moment = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/, 'Invalid datetime'),
  v.transform((text) => Date.parse(text)),
  v.check((ms) => Number.isFinite(ms), 'Invalid datetime'),
);
const duration = v.pipe(
  v.string(),
  v.transform((text) => millisecondsOf(text) ?? Number.NaN),
  v.check((ms) => Number.isFinite(ms), 'Invalid duration'),
);
const wholeNumber = v.pipe(v.string(), v.regex(/^\d{1,9}$/, 'Must be a whole number'), v.transform(Number));

const LISTS = {
  ids: list,
  outcomes: v.array(outcome),
  procedure_ids: v.array(uuid),
  procedure_versions: list,
  deployment_ids: list,
  environments: v.array(v.picklist(['production', 'preview', 'development'])),
  serial_numbers: list,
  samples: v.array(v.picklist(['golden', 'failing', 'ignored'])),
  part_numbers: list,
  revision_numbers: list,
  batch_numbers: list,
  created_by_user_ids: list,
  created_by_station_ids: list,
  operated_by_ids: list,
};
const MOMENTS = {
  started_after: moment,
  started_before: moment,
  ended_after: moment,
  ended_before: moment,
  created_after: moment,
  created_before: moment,
};
const Query = v.strictObject({
  ...v.partial(v.object(LISTS)).entries,
  ...v.partial(v.object(MOMENTS)).entries,
  search_query: v.optional(v.pipe(v.string(), v.maxLength(100, 'Longer than 100 characters'))),
  duration_min: v.optional(duration),
  duration_max: v.optional(duration),
  limit: v.optional(
    v.pipe(wholeNumber, v.minValue(1, 'Must be 1 or more'), v.maxValue(100, 'Must be 100 or less')),
    '50',
  ),
  cursor: v.optional(wholeNumber, '0'),
  sort_by: v.optional(
    v.picklist(['started_at', 'created_at', 'duration', 'outcome', 'serial_number', 'part_number', 'revision_number']),
    'started_at',
  ),
  sort_order: v.optional(v.picklist(['asc', 'desc']), 'desc'),
  metadata: v.optional(metadataFilter),
  include_metadata: v.optional(
    v.pipe(
      v.picklist(['true', '1', 'false', '0']),
      v.transform((text) => text === 'true' || text === '1'),
    ),
  ),
});

export type RunQuery = v.InferOutput<typeof Query>;

export function readRunQuery(parameters: URLSearchParams): { query: RunQuery } | { issues: ApiIssue[] } {
  const data = Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, name in LISTS || values.length > 1 ? values : values[0]];
    }),
  );
  const read = v.safeParse(Query, data);
  return read.success ? { query: read.output } : { issues: issuesOf(read.issues) };
}

/** What each list filter compares; identifiers match without case. undefined: the sandbox has no such thing. */
const COMPARED: Readonly<Record<keyof typeof LISTS, (run: StoredRun) => string | undefined>> = {
  ids: (run) => run.id,
  outcomes: (run) => run.body.outcome,
  procedure_ids: (run) => run.body.procedure_id,
  procedure_versions: (run) => run.body.procedure_version ?? undefined,
  deployment_ids: () => undefined,
  environments: () => undefined,
  serial_numbers: (run) => run.unit.serial_number,
  samples: () => undefined,
  part_numbers: (run) => run.unit.part_number,
  revision_numbers: (run) => run.unit.revision_number,
  batch_numbers: (run) => run.unit.batch_number,
  created_by_user_ids: (run) => (run.caller.kind === 'user' ? run.caller.id : undefined),
  created_by_station_ids: (run) => (run.caller.kind === 'station' ? run.caller.id : undefined),
  operated_by_ids: (run) => operatorOf(run)?.id,
};

export function matches(run: StoredRun, query: RunQuery): boolean {
  const { started_at, ended_at } = run.body;
  const lasted = durationMs(run.body);
  return (
    Object.entries(COMPARED).every(([name, valueOf]) => isAmong(valueOf(run), query[name as keyof typeof LISTS])) &&
    within(Date.parse(started_at), query.started_after, query.started_before) &&
    within(Date.parse(ended_at), query.ended_after, query.ended_before) &&
    within(run.arrivedMs, query.created_after, query.created_before) &&
    within(lasted, query.duration_min, query.duration_max) &&
    isFound(run, query.search_query) &&
    matchesMetadata(run.metadata, query.metadata as MetadataFilter | undefined)
  );
}

function isAmong(value: string | undefined, wanted: readonly string[] | undefined): boolean {
  return !wanted || (value !== undefined && wanted.some((one) => one.toUpperCase() === value.toUpperCase()));
}

function within(value: number, low = -Infinity, high = Infinity): boolean {
  return value >= low && value <= high;
}

function isFound(run: StoredRun, search: string | undefined): boolean {
  if (!search) return true;
  const texts = [run.unit.serial_number, run.unit.part_number, run.procedureName, run.id];
  return texts.some((text) => text.toUpperCase().includes(search.toUpperCase()));
}
