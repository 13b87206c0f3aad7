/**
 * Measurements as declared: name, unit, validators.
 *
 * Above: read-phase.ts. Below: read-validator.ts. Knows nothing of the steps that will record them.
 */
import type { Located, Place } from '#procedure/located.ts';
import type { Measurement } from '#procedure/procedure.ts';
import { Fields, titleOf, type Context } from '#procedure/read/fields.ts';
import { readAggregations, readAxis } from '#procedure/read/read-axis.ts';
import { readKey } from '#procedure/read/read-key.ts';
import { impossible } from '#procedure/lint/impossible.ts';
import { unitSlip } from '#procedure/lint/units.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { readValidator } from '#procedure/read/read-validator.ts';
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
  const axes = readAxes(context, fields, what);
  const aggregations = readAggregations(context, fields, what, unit);
  const validators = (fields.list('validators') ?? []).flatMap(
    (one) => readValidator(context, one, `${what}, a validator`, unit) ?? [],
  );
  const marginal = readMarginal(context, fields, what, unit);
  lintLimits(fields, unit, validators);
  if (name === undefined || key === undefined) return undefined;
  return {
    key,
    name,
    ...(unit ? { unit } : {}),
    ...stated({ title, description }),
    validators,
    ...(marginal ? { marginal } : {}),
    ...(aggregations.length > 0 ? { aggregations } : {}),
    ...axes,
    place: fields.place,
  };
}

function lintLimits(fields: Fields, unit: string | undefined, validators: readonly Validator[]): void {
  const { problems } = fields.context;
  const meant = unit ? unitSlip(unit) : '';
  if (meant)
    problems.lint('unit-slip', fields.node('unit')!.place, `${fields.what}: “${unit}” is no usual unit${meant}`);
  const trouble = impossible(validators);
  if (trouble)
    problems.lint('impossible-limit', fields.node('validators')!.place, `${fields.what} can never pass: ${trouble}`);
}

function readMarginal(context: Context, fields: Fields, what: string, unit: string | undefined): Validator | undefined {
  const node = fields.node('marginal');
  if (!node) return undefined;
  // Marginal is a way of passing, and without a validator nothing passes.
  if (!fields.has('validators')) fields.refuse('conflict', 'marginal', 'needs “validators” beside it');
  return readValidator(context, node, `${what}, “marginal”`, unit);
}

/** One x axis at most, and as many y axes as there are; their keys tell them apart. */
function readAxes(context: Context, fields: Fields, what: string): Pick<Measurement, 'xAxis' | 'yAxis'> {
  const { problems } = context;
  const x = fields.node('x_axis');
  const xAxis = x && readAxis(context, x, `${what}, “x_axis”`, 'x');
  const nodes = fields.list('y_axis') ?? [];
  const yAxis = nodes.flatMap((node, index) => readAxis(context, node, `${what}, “y_axis”`, `y${index + 1}`) ?? []);
  const obstacle = (key: string, why: string) =>
    problems.obstacle('unsupported', fields.keyPlace(key), `${what}: “${key}” ${why}`);
  if (x && nodes.length === 0) obstacle('x_axis', 'has no “y_axis” beside it, so there is nothing to record');
  if (nodes.length === 0) return {};
  for (const key of ['validators', 'marginal', 'aggregations'].filter((one) => fields.has(one)))
    obstacle(key, 'cannot be evaluated beside axes; put it on one of them');
  const taken = new Set<string>();
  for (const { key } of [...(xAxis ? [xAxis] : []), ...yAxis]) {
    if (taken.has(key)) obstacle('y_axis', `has two axes with the key “${key}”; give each its own “key”`);
    taken.add(key);
  }
  return { ...(xAxis ? { xAxis } : {}), yAxis };
}

export function withoutPlace({ place, ...measurement }: ReadMeasurement): Measurement {
  void place;
  return measurement;
}
