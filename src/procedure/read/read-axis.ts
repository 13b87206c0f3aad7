/**
 * Axes of a multi-point measurement as written, and aggregations of axes and of single values.
 *
 * Above: read-measurement.ts. Below: read-validator.ts. Knows nothing of the steps that read the points.
 */
import { AGGREGATIONS, isAggregation } from '#measure/aggregate.ts';
import type { Aggregation } from '#measure/aggregation-outcome.ts';
import type { Scalar } from '#measure/scalar.ts';
import type { Located } from '#procedure/located.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Axis } from '#procedure/procedure.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { readKey } from '#procedure/read/read-key.ts';
import { readValidator } from '#procedure/read/read-validator.ts';

export const AXIS_KEYS = [
  'data',
  'start',
  'step',
  'unit',
  'legend',
  'key',
  'description',
  'validators',
  'marginal',
  'aggregations',
];
export const AGGREGATION_KEYS = ['type', 'unit', 'value', 'outcome', 'validators'];

/** @param unnamed what an axis is called that has neither legend nor key, which TofuPilot allows */
export function readAxis(context: Context, node: Located, what: string, unnamed: string): Axis | undefined {
  const fields = new Fields(context, node, what, AXIS_KEYS);
  if (node.kind !== 'map') return undefined;
  // Either may be left out, as in TofuPilot: the other is made from it.
  const legend = fields.text('legend', { max: 100 }) ?? fields.text('key', { max: 100 }) ?? unnamed;
  const key = readKey(fields, legend);
  const unit = fields.text('unit', { max: 50, mayBeEmpty: true });
  const description = fields.text('description', { max: 50_000, parameters: 'literal', mayBeEmpty: true });
  const data = readData(fields);
  const spaced = readSpaced(fields);
  const validators = (fields.list('validators') ?? []).flatMap(
    (one) => readValidator(context, one, `${what}, a validator`, unit, 'axis') ?? [],
  );
  const close = fields.node('marginal');
  if (close && validators.length === 0) fields.refuse('conflict', 'marginal', 'needs “validators” beside it');
  const marginal = close && readValidator(context, close, `${what}, “marginal”`, unit, 'axis');
  const aggregations = readAggregations(context, fields, what, unit);
  if (key === undefined) return undefined;
  return {
    key,
    legend,
    ...(unit ? { unit } : {}),
    ...(description ? { description } : {}),
    ...(data ? { data } : {}),
    ...(spaced ? { spaced } : {}),
    validators,
    ...(marginal ? { marginal } : {}),
    aggregations,
  };
}

function readData(fields: Fields): number[] | undefined {
  const items = fields.list('data');
  if (!items) return undefined;
  const values = items.map((item) =>
    item.kind === 'scalar' && typeof item.value === 'number' && Number.isFinite(item.value) ? item.value : NaN,
  );
  const bad = values.findIndex(Number.isNaN);
  if (bad === -1) return values;
  const message = `${fields.what}: “data” must be a list of finite numbers; TofuPilot drops others when it uploads`;
  fields.context.problems.obstacle('unsupported', items[bad]!.place, message);
  return undefined;
}

function readSpaced(fields: Fields): Axis['spaced'] {
  const step = fields.number('step');
  const start = fields.number('start');
  if (fields.has('start') && !fields.has('step'))
    return fields.refuse('missing-key', 'start', 'needs “step” beside it');
  if (step === undefined) return undefined;
  if (fields.has('data')) return fields.refuse('conflict', 'step', 'and “data” exclude each other');
  if (step === 0) return fields.refuse('range', 'step', 'is 0, so that all points would stand in one place');
  return { start: start ?? 0, step };
}

/** What TofuPilot’s earlier documentation called it, and what it is called now. */
const OLD_TYPES: ReadonlyMap<string, string> = new Map([['mean', 'avg']]);

export function readAggregations(
  context: Context,
  fields: Fields,
  what: string,
  listUnit: string | undefined,
): Aggregation[] {
  return (fields.list('aggregations') ?? []).flatMap((node) => readAggregation(context, node, what, listUnit) ?? []);
}

function readAggregation(
  context: Context,
  node: Located,
  owner: string,
  listUnit: string | undefined,
): Aggregation | undefined {
  const what = `${owner}, an aggregation`;
  const fields = new Fields(context, node, what, AGGREGATION_KEYS);
  if (node.kind !== 'map') return undefined;
  const stated = fields.requiredText('type', { max: 100 });
  const unit = fields.text('unit', { max: 50, mayBeEmpty: true });
  const value = readValue(fields);
  // With a value of the author's own the name is free, and it identifies what is sent.
  const now = value === undefined && stated !== undefined ? OLD_TYPES.get(stated) : undefined;
  const type = now ?? stated;
  if (now !== undefined) context.problems.oldSpelling(fields.node('type')!.place, what, 'type', { old: stated!, now });
  if (fields.has('outcome')) {
    fields.oneOf('outcome', ['PASS', 'FAIL', 'UNSET'] as const);
    context.problems.obstacle(
      'unsupported',
      fields.keyPlace('outcome'),
      `${what}: “outcome” cannot be evaluated; leave it out`,
    );
  }
  const ownUnit = unit ?? (type === 'count' ? undefined : listUnit);
  const validators = (fields.list('validators') ?? []).flatMap(
    (one) => readValidator(context, one, `${what}, a validator`, ownUnit) ?? [],
  );
  if (type === undefined) return undefined;
  if (!isAggregation(type) && value === undefined) {
    const known = [...AGGREGATIONS, 'percentile_95'];
    const near = proposal(type, known) || `; there are ${known.join(', ')}`;
    context.problems.obstacle(
      'unsupported',
      fields.keyPlace('type'),
      `${what}: “${type}” cannot be worked out${near}; or state its “value”`,
    );
  }
  return { type, ...(unit ? { unit } : {}), ...(value === undefined ? {} : { value }), validators };
}

function readValue(fields: Fields): Scalar | undefined {
  const node = fields.scalar('value');
  if (!node) return undefined;
  const value = fields.context.parameters.whole(node)?.value ?? node.value;
  if (typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value)))
    return fields.refuse('type', 'value', 'must be one finite value');
  return value;
}
