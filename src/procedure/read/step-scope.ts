/**
 * What the reading of a step knows of its phase, and the names in a step that must be known there: plug, measurement, axis.
 *
 * Above: read-steps.ts. Knows nothing of what a step does.
 */
import { deriveKey } from '#procedure/key.ts';
import type { Located } from '#procedure/located.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Axis, Plug, Step } from '#procedure/procedure.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import type { ComponentScope } from '#procedure/read/read-component.ts';

export interface StepScope extends ComponentScope {
  readonly context: Context;
  readonly plugs: readonly Plug[];
  /** Of the measurements of many points: their axes, by the measurement's key. */
  readonly axes: ReadonlyMap<string, readonly Axis[]>;
  /** Where each step `print` was read. */
  readonly labels: Map<Step, Fields>;
  /** Of the measurements of one value: their units, by the measurement's key. */
  readonly units: ReadonlyMap<string, string>;
}

export function stepFields(
  { context, phase }: StepScope,
  node: Located,
  kind: string,
  known: readonly string[],
): Fields {
  return new Fields(context, node, `a “${kind}” step of ${phase}`, known);
}

export function readPlugName({ plugs }: StepScope, fields: Fields): Plug | undefined {
  const named = fields.requiredText('plug');
  if (named === undefined) return undefined;
  const plug = plugs.find(({ key, name }) => key.toLowerCase() === named.toLowerCase() || name === named);
  if (plug) return plug;
  const keys = plugs.map(({ key }) => key);
  const known = keys.length === 0 ? ' (there are no plugs)' : ` (there are: ${keys.join(', ')})`;
  return fields.refuse('unknown-plug', 'plug', `names no plug: “${named}”${proposal(named, keys) || known}`);
}

/** By key, by name, or by a text from which the same key is derived. */
export function readMeasurementName({ measurements, phase }: StepScope, fields: Fields): string | undefined {
  const named = fields.text('name');
  if (named === undefined) return undefined;
  const key = measurements.get(named) ?? measurements.get(deriveKey(named));
  if (key !== undefined) return key;
  const near = proposal(named, [...measurements.keys()]);
  const message = `names a measurement that ${phase} does not declare: “${named}”${near || '; add it under “measurements”'}`;
  return fields.refuse('unknown-measurement', 'name', message);
}

/**
 * Which axis the answer is for: `as: curve` alone means the only one whose points are not stated.
 * @returns undefined for a single value; null when it cannot be said, which was said then
 */
export function readAxisName(
  scope: StepScope,
  fields: Fields,
  measurement: string | undefined,
): string | undefined | null {
  const isCurve = fields.oneOf('as', ['curve'] as const) !== undefined;
  const named = fields.text('axis');
  const axes = measurement === undefined ? undefined : scope.axes.get(measurement);
  if (!axes) {
    const [key] = ['as', 'axis'].filter((one) => fields.has(one));
    if (key && measurement !== undefined) fields.refuse('conflict', key, `but “${measurement}” has no “y_axis”`);
    return key ? null : undefined;
  }
  if (!isCurve) {
    const message = `records “${measurement}”, which has axes; add “as: curve” for an answer of comma separated numbers`;
    fields.refuse('missing-key', 'name', message);
    return null;
  }
  const keys = axes.map(({ key }) => key);
  const awaited = axes.filter(({ data, spaced }) => data === undefined && spaced === undefined);
  if (named === undefined && awaited.length === 1) return awaited[0]!.key;
  const found = axes.find(({ key, legend }) => key === named || legend === named);
  if (found) return found.key;
  const there = `; there are ${keys.join(', ')}`;
  if (named === undefined) fields.error('missing-key', fields.place, `${fields.what} needs “axis”${there}`);
  else fields.refuse('unknown-axis', 'axis', `names no axis: “${named}”${proposal(named, keys) || there}`);
  return null;
}

export function unitOf(scope: StepScope, measurement: string | undefined, axis: string | null | undefined) {
  if (measurement === undefined) return undefined;
  if (!axis) return scope.units.get(measurement);
  return scope.axes.get(measurement)?.find(({ key }) => key === axis)?.unit;
}

export function exactlyOne<K extends string>(fields: Fields, first: K, second: K): K | undefined {
  const there = [first, second].filter((key) => fields.has(key));
  if (there.length === 1) return there[0];
  const message = `${fields.what} needs either “${first}” or “${second}”${there.length === 2 ? ', not both' : ''}`;
  fields.error(there.length === 2 ? 'conflict' : 'missing-key', fields.place, message);
  return undefined;
}
