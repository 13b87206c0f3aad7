/**
 * The list's `metadata` filter: one parameter, a JSON object of at most five keys, each with a condition.
 *
 * Strings know `in` and `contains`, numbers `gte lte gt lt eq`, booleans `eq`. Knows nothing of runs.
 */
import * as v from 'valibot';
import { notList, type Metadata } from '#server/sandbox/run-body.ts';

const numbers = v.optional(v.pipe(v.number(), v.finite()));
const notEmpty = v.check((condition: object) => Object.keys(condition).length > 0, 'Names no condition');
const condition = v.union(
  [
    v.pipe(
      v.unknown(),
      notList,
      v.strictObject({ in: v.optional(v.array(v.string())), contains: v.optional(v.string()) }),
      notEmpty,
    ),
    v.pipe(
      v.unknown(),
      notList,
      v.strictObject({ gte: numbers, lte: numbers, gt: numbers, lt: numbers, eq: numbers }),
      notEmpty,
    ),
    v.strictObject({ eq: v.boolean() }),
  ],
  'Unknown condition',
);
const filter = v.pipe(
  v.unknown(),
  notList,
  v.record(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:+-]{1,40}$/, 'Invalid metadata key')), condition),
  v.check((data) => Object.keys(data).length <= 5, 'More than 5 keys'),
);
export type MetadataFilter = v.InferOutput<typeof filter>;

export const metadataFilter = v.pipe(
  v.string('Must be one JSON object'),
  v.rawTransform(({ dataset, addIssue, NEVER }): unknown => {
    try {
      return JSON.parse(dataset.value) as unknown;
    } catch {
      addIssue({ message: 'Must be one JSON object' });
      return NEVER;
    }
  }),
  filter,
);

type Numbers = { gte?: number; lte?: number; gt?: number; lt?: number; eq?: number | boolean };
type Texts = { in?: string[]; contains?: string };

export function matchesMetadata(metadata: Metadata, wanted: MetadataFilter | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, rule]) => {
    const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
    const { in: list, contains } = rule as Texts;
    const { gte = -Infinity, lte = Infinity, gt = -Infinity, lt = Infinity, eq } = rule as Numbers;
    if (list !== undefined || contains !== undefined)
      return typeof value === 'string' && (list?.includes(value) ?? true) && value.includes(contains ?? '');
    if (eq !== undefined && value !== eq) return false;
    if (typeof eq === 'boolean') return true;
    return (
      typeof value === 'number' &&
      value >= gte &&
      value <= lte &&
      (value > gt || gt === -Infinity) &&
      (value < lt || lt === Infinity)
    );
  });
}
