/**
 * What a body of `POST /v2/runs` may look like: the API's rules, closed and strict.
 *
 * Stricter than TofuPilot where it is lenient (unknown keys, over-long log messages): a station that pleases the
 * sandbox pleases the server. Knows nothing of what is stored.
 */
import * as v from 'valibot';
import type { ApiIssue } from '#server/api-error.ts';
import { timestamp } from '#server/sandbox/timestamp.ts';

const NAME = /^[A-Za-z0-9_.:+-]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const uuid = v.pipe(v.string(), v.regex(UUID, 'Invalid uuid'));
const identifier = v.pipe(
  v.string(),
  v.minLength(1, 'Must contain at least 1 character'),
  v.maxLength(60, 'Must contain at most 60 characters'),
  v.regex(NAME, 'May contain letters, digits and _ . : + - only'),
);
const finite = v.pipe(v.number(), v.finite('Must be finite'));
const text = v.string();
/** valibot takes a list for an object without required keys; JSON does not. */
export const notList = v.check((value: unknown) => !Array.isArray(value), 'Must be an object');
const named = v.pipe(v.string(), v.minLength(1, 'Must contain at least 1 character'));
const nullishList = <Item extends v.GenericSchema>(item: Item) => v.nullish(v.array(item));

const metadataKey = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(40, 'Key is longer than 40 characters'),
  v.regex(NAME, 'Invalid metadata key'),
);
const metadataValue = v.union(
  [v.pipe(v.string(), v.maxLength(50_000, 'Longer than 50000 characters')), finite, v.boolean()],
  'Must be a string, a number or a boolean',
);
const fewKeys = 'More than 50 keys';
export const metadata = v.pipe(v.unknown(), notList, v.record(metadataKey, metadataValue), v.maxEntries(50, fewKeys));
export const metadataPatch = v.pipe(
  v.unknown(),
  notList,
  v.record(metadataKey, v.nullable(metadataValue)),
  v.maxEntries(50, fewKeys),
);

const judged = v.picklist(['PASS', 'FAIL', 'UNSET']);
const validator = v.pipe(
  v.unknown(),
  notList,
  v.strictObject({
    outcome: v.nullish(judged),
    operator: v.nullish(text),
    expected_value: v.nullish(v.union([v.boolean(), finite, text, v.array(finite), v.array(text)])),
    expression: v.nullish(text),
    is_decisive: v.nullish(v.boolean()),
  }),
);
const aggregation = v.strictObject({
  type: named,
  outcome: v.nullish(judged),
  value: v.nullish(v.union([finite, text, v.boolean()])),
  unit: v.nullish(text),
  validators: nullishList(validator),
});
const axis = v.strictObject({
  data: v.array(finite),
  units: v.nullish(text),
  name: v.nullish(text),
  description: v.nullish(text),
  validators: nullishList(validator),
  aggregations: nullishList(aggregation),
});
const measurement = v.strictObject({
  name: named,
  outcome: judged,
  measured_value: v.optional(v.unknown()),
  units: v.nullish(v.union([text, v.array(text)])),
  x_axis: v.nullish(axis),
  y_axis: nullishList(axis),
  validators: nullishList(validator),
  aggregations: nullishList(aggregation),
  docstring: v.nullish(text),
  lower_limit: v.optional(finite),
  upper_limit: v.optional(finite),
});
const count = v.pipe(finite, v.integer('Must be a whole number'), v.minValue(0, 'Must be 0 or more'));
const phase = v.strictObject({
  name: named,
  outcome: v.picklist(['PASS', 'FAIL', 'SKIP', 'ERROR']),
  started_at: timestamp,
  ended_at: timestamp,
  retry_count: v.optional(count),
  docstring: v.nullish(text),
  measurements: nullishList(measurement),
});
const logEntry = v.strictObject({
  level: v.picklist(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']),
  timestamp,
  message: v.pipe(v.string(), v.maxLength(10_000, 'Longer than 10000 characters')),
  source_file: v.pipe(v.string(), v.minLength(1), v.maxLength(200, 'Longer than 200 characters')),
  line_number: count,
});

export const outcome = v.picklist(['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED']);
const fields = v.strictObject({
  outcome,
  procedure_id: uuid,
  serial_number: identifier,
  started_at: timestamp,
  ended_at: timestamp,
  part_number: v.optional(identifier),
  revision_number: v.optional(identifier),
  batch_number: v.optional(identifier),
  sub_units: v.optional(
    v.pipe(
      v.array(identifier),
      v.check((list) => new Set(list).size === list.length, 'Names one unit twice'),
    ),
  ),
  procedure_version: v.nullish(identifier),
  deployment_id: v.nullish(text),
  operated_by: v.optional(v.pipe(v.string(), v.email('Invalid email'), v.maxLength(254, 'Longer than 254 characters'))),
  docstring: v.optional(text),
  phases: v.optional(v.array(phase)),
  logs: v.optional(v.array(logEntry)),
  metadata: v.optional(metadata),
  unit_metadata: v.optional(metadata),
});
const runBody = v.pipe(
  fields,
  v.forward(
    v.partialCheck(
      [['started_at'], ['ended_at']],
      (run) => Date.parse(run.ended_at) >= Date.parse(run.started_at),
      'Ends before it starts',
    ),
    ['ended_at'],
  ),
);

export type RunBody = v.InferOutput<typeof runBody>;
export type PhaseBody = v.InferOutput<typeof phase>;
export type MeasurementBody = v.InferOutput<typeof measurement>;
export type Metadata = v.InferOutput<typeof metadata>;

/** @returns the body itself, or what is wrong with it */
export function checkRunBody(data: unknown): { body: RunBody } | { issues: ApiIssue[] } {
  const read = v.safeParse(runBody, data);
  return read.success ? { body: data as RunBody } : { issues: issuesOf(read.issues) };
}

export function issuesOf(issues: readonly v.BaseIssue<unknown>[]): ApiIssue[] {
  return issues.map(({ message, path, type }) => ({
    message,
    path: (path ?? []).map(({ key }) => key as string | number),
    code: type === 'strict_object' ? 'unrecognized_keys' : `invalid_${type}`,
  }));
}
