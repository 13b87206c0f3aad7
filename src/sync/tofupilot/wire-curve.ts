/**
 * Axes and aggregations of a measurement as TofuPilot takes them.
 *
 * Here, and only here, a typed array becomes a list of JSON numbers. A point that is no number cannot be said there, so
 * it is left out on every axis, and the text beside it says how many were. Knows nothing of phases.
 */
import type { AggregationRecord, AxisRecord, MeasurementRecord } from '#record/run-record.ts';
import { clean } from '#sync/tofupilot/wire-text.ts';
import { wireValidator } from '#sync/tofupilot/wire-validator.ts';
import type { WireAggregation, WireAxis } from '#sync/tofupilot/wire.ts';

export interface WireCurve {
  readonly x_axis?: WireAxis;
  readonly y_axis?: readonly WireAxis[];
}

export function wireCurve({ x_axis, y_axis }: MeasurementRecord): WireCurve & { readonly leftOut: number } {
  if (!y_axis) return { leftOut: 0 };
  const axes = [...(x_axis ? [x_axis] : []), ...y_axis];
  const bad = badPoints(axes);
  const wire = (axis: AxisRecord) => wireAxis(axis, bad);
  return { ...(x_axis ? { x_axis: wire(x_axis) } : {}), y_axis: y_axis.map(wire), leftOut: bad.size };
}

export function wireAggregation({ type, value, outcome, units, validators }: AggregationRecord): WireAggregation {
  const isUsable = typeof value !== 'number' || Number.isFinite(value);
  return {
    type: clean(type),
    outcome: isUsable || outcome !== 'PASS' ? outcome : 'FAIL',
    value: isUsable ? (typeof value === 'string' ? clean(value) : value) : null,
    ...(units === undefined ? {} : { unit: clean(units) }),
    ...(validators.length > 0 ? { validators: validators.map(wireValidator) } : {}),
  };
}

/** Places where any axis has no number. */
function badPoints(axes: readonly AxisRecord[]): ReadonlySet<number> {
  const bad = new Set<number>();
  for (const { data } of axes)
    for (let index = 0; index < data.length; index += 1) if (!Number.isFinite(data[index])) bad.add(index);
  return bad;
}

function wireAxis(axis: AxisRecord, bad: ReadonlySet<number>): WireAxis {
  const { data, units, name, description, validators, aggregations } = axis;
  const points = Array.from(data);
  return {
    data: bad.size === 0 ? points : points.filter((_, index) => !bad.has(index)),
    ...(units === undefined ? {} : { units: clean(units) }),
    name: clean(name),
    ...(description === undefined ? {} : { description: clean(description) }),
    ...(validators.length > 0 ? { validators: validators.map(wireValidator) } : {}),
    ...(aggregations.length > 0 ? { aggregations: aggregations.map(wireAggregation) } : {}),
  };
}
