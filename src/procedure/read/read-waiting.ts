/**
 * The steps that wait and repeat: `expect` and `repeat`.
 *
 * Above: read-steps.ts, which hands in how to read what they have in common with other steps.
 */
import type { Validator } from '#measure/validator.ts';
import type { Located } from '#procedure/located.ts';
import type { Step } from '#procedure/procedure.ts';
import type { Fields } from '#procedure/read/fields.ts';
import { readValidator } from '#procedure/read/read-validator.ts';

export const EXPECT_KEYS = ['plug', 'query', 'read', 'operator', 'expected_value', 'tolerance', 'timeout', 'pause'];
export const REPEAT_KEYS = ['count', 'until', 'timeout', 'pause', 'steps'];
export const UNTIL_KEYS = ['name', 'operator', 'expected_value', 'tolerance'];

/** A tenth of a second: quicker than a person notices, slower than would burden any instrument. */
const USUAL_PAUSE_MS = 100;
/** More rounds than a shift has seconds; a slip of the pen, not a test. */
const MOST_ROUNDS = 100_000;

export interface ExpectParts {
  readonly plug: string | undefined;
  /** A query, or a driver's reading by name. */
  readonly command: string | undefined;
  readonly isReading: boolean;
  readonly line: number;
}

export function readExpect(
  fields: Fields,
  node: Located,
  { plug, command, isReading, line }: ExpectParts,
): Step | undefined {
  const wanted = readWanted(fields, node, ['plug', 'query', 'read', 'timeout', 'pause']);
  fields.require('timeout');
  const timeoutMs = fields.duration('timeout');
  const pauseMs = fields.duration('pause') ?? USUAL_PAUSE_MS;
  if (plug === undefined || command === undefined || !wanted || timeoutMs === undefined) return undefined;
  return { kind: 'expect', plug, command, ...(isReading ? { isReading } : {}), wanted, timeoutMs, pauseMs, line };
}

export interface RepeatParts {
  readonly steps: readonly Step[];
  /** Reads `until`; absent where it is not stated. */
  readonly until: { readonly fields: Fields; readonly node: Located; readonly measurement: string | undefined } | null;
  readonly line: number;
}

export function readRepeat(fields: Fields, { steps, until, line }: RepeatParts): Step | undefined {
  const count = fields.integer('count', 1, MOST_ROUNDS);
  const timeoutMs = fields.duration('timeout');
  const pauseMs = fields.duration('pause') ?? (until ? USUAL_PAUSE_MS : 0);
  const wanted = until && readWanted(until.fields, until.node, ['name']);
  if (!until && !fields.has('count'))
    fields.error('missing-key', fields.place, `${fields.what} needs “count” or “until”`);
  if (!until && fields.has('timeout')) fields.refuse('conflict', 'timeout', 'belongs to “until” only');
  if (until && !fields.has('count') && !fields.has('timeout'))
    fields.error('missing-key', fields.place, `${fields.what} needs “timeout” or “count” beside “until”`);
  if (steps.length === 0) return undefined;
  const common = { ...(count === undefined ? {} : { count }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  if (!until) return count === undefined ? undefined : { kind: 'repeat', steps, ...common, pauseMs, line };
  if (!wanted || until.measurement === undefined) return undefined;
  return { kind: 'repeat', steps, ...common, until: { measurement: until.measurement, wanted }, pauseMs, line };
}

/** `operator` and `expected_value` stand among the other keys of a step; for the validator they stand alone. */
function readWanted(fields: Fields, node: Located, others: readonly string[]): Validator | undefined {
  for (const key of ['operator', 'expected_value']) fields.require(key);
  if (node.kind !== 'map' || !fields.has('operator') || !fields.has('expected_value')) return undefined;
  const alone = { ...node, entries: node.entries.filter(({ key }) => !others.includes(key)) };
  return readValidator(fields.context, alone, fields.what, undefined);
}
