/**
 * Measurements as declared: name, unit, validators.
 *
 * Above: read-phase.ts. Below: read-validator.ts. Knows nothing of the steps that will record them.
 */
import type { Located, Place } from '#procedure/located.ts';
import type { Measurement } from '#procedure/procedure.ts';
import { Fields, titleOf, type Context } from '#procedure/read/fields.ts';
import { AGGREGATION, AXIS } from '#procedure/read/later-shapes.ts';
import { readKey } from '#procedure/read/read-key.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { readValidator } from '#procedure/read/read-validator.ts';
import { checkShape } from '#procedure/read/shape.ts';
import { stated } from '#procedure/read/stated.ts';
import type { Validator } from '#measure/validator.ts';

export const MEASUREMENT_KEYS = [
  'key',
  'name',
  'unit',
  'validators',
  'aggregations',
  'description',
  'title',
  'x_axis',
  'y_axis',
  'marginal',
];

export interface ReadMeasurement extends Measurement {
  readonly place: Place;
}

export function readMeasurements(context: Context, nodes: readonly Located[], phase: string): ReadMeasurement[] {
  const taken = new Map<string, Place>();
  return nodes.flatMap((node) => {
    const measurement = readMeasurement(context, node, phase);
    if (!measurement) return [];
    const first = taken.get(measurement.key.toLowerCase());
    if (first) {
      const message = `${phase} has two measurements with the key “${measurement.key}”; the first is in line ${first.line}`;
      context.problems.error('duplicate', measurement.place, message);
    }
    taken.set(measurement.key.toLowerCase(), measurement.place);
    return [measurement];
  });
}

function readMeasurement(context: Context, node: Located, phase: string): ReadMeasurement | undefined {
  const what = `${phase}, ${titleOf(node, 'measurement', 'a measurement')}`;
  const fields = new Fields(context, node, what, MEASUREMENT_KEYS);
  if (node.kind !== 'map') return undefined;
  const name = fields.requiredText('name', { max: 100 });
  const unit = fields.text('unit', { max: 50, mayBeEmpty: true });
  const description = readLocalText(fields, 'description', 50_000);
  const title = readLocalText(fields, 'title', 200);
  const key = readKey(fields, name);
  readLater(context, fields, what);
  const validators = (fields.list('validators') ?? []).flatMap(
    (one) => readValidator(context, one, `${what}, a validator`, unit) ?? [],
  );
  const marginal = readMarginal(context, fields, what, unit);
  if (name === undefined || key === undefined) return undefined;
  return {
    key,
    name,
    ...(unit ? { unit } : {}),
    ...stated({ title, description }),
    validators,
    ...(marginal ? { marginal } : {}),
    place: fields.place,
  };
}

function readMarginal(context: Context, fields: Fields, what: string, unit: string | undefined): Validator | undefined {
  const node = fields.node('marginal');
  if (!node) return undefined;
  // Marginal is a way of passing, and without a validator nothing passes.
  if (!fields.has('validators')) fields.refuse('conflict', 'marginal', 'needs “validators” beside it');
  return readValidator(context, node, `${what}, “marginal”`, unit);
}

function readLater(context: Context, fields: Fields, what: string): void {
  const x = fields.node('x_axis');
  if (x) checkShape(context, x, `${what}, “x_axis”`, AXIS);
  for (const y of fields.list('y_axis') ?? []) checkShape(context, y, `${what}, “y_axis”`, AXIS);
  for (const one of fields.list('aggregations') ?? []) checkShape(context, one, `${what}, an aggregation`, AGGREGATION);
  for (const key of ['x_axis', 'y_axis', 'aggregations'].filter((one) => fields.has(one))) {
    const message = `${what}: “${key}” cannot be recorded by steps; measure single values instead`;
    context.problems.obstacle('unsupported', fields.keyPlace(key), message);
  }
}

export function withoutPlace({ place, ...measurement }: ReadMeasurement): Measurement {
  void place;
  return measurement;
}
