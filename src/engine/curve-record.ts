/**
 * A multi-point measurement, judged, as it stands in the record.
 *
 * Its points stay in the typed arrays in which they came. Beside measurement-record.ts, which has single values. Knows
 * nothing of how the points were read.
 */
import { axisOutcome } from '#measure/axis-outcome.ts';
import { measureOutcome } from '#measure/measure-outcome.ts';
import { mergedOutcome, type Part } from '#measure/merged-outcome.ts';
import { recordAggregation, type Recorded } from '#engine/measurement-record.ts';
import { validatorRecord } from '#engine/validator-record.ts';
import type { Axis, Measurement } from '#procedure/procedure.ts';
import type { AxisRecord, MeasurementRecord } from '#record/run-record.ts';

/** By the key of their axis: the points, or why there are none. */
export type Points = ReadonlyMap<string, Float64Array<ArrayBuffer> | string>;

export function isMultiPoint({ yAxis }: Measurement): boolean {
  return (yAxis?.length ?? 0) > 0;
}

/** Axes whose points a step has to bring: those that the procedure states come by themselves. */
export function axesToRead({ xAxis, yAxis = [] }: Measurement): Axis[] {
  return [...(xAxis ? [xAxis] : []), ...yAxis].filter(({ data, spaced }) => data === undefined && spaced === undefined);
}

/** @param read points by the key of their axis; what is missing fails the measurement, and what is there is kept */
export function recordCurve(declared: Measurement, read: Points): Recorded {
  const { xAxis, yAxis = [], key, name, unit } = declared;
  const counts = yAxis.map(({ key: axis, data }) => pointsIn(read, axis)?.length ?? data?.length ?? 0);
  const longest = Math.max(0, ...counts);
  const x = xAxis ? pointsOf(xAxis, read, longest) : null;
  const ys = yAxis.map((axis) => ({ axis, data: pointsOf(axis, read, longest) }));
  const judgedX = xAxis && x ? judgeAxis(xAxis, x, { x: null }) : null;
  const place = { x: x && x.length > 0 ? x : null, xUnit: xAxis?.unit };
  const judgedY = ys.map(({ axis, data }) => judgeAxis(axis, data, place));
  // Limits of the measurement itself find no value here, and so miss: they belong on an axis.
  const own = declared.validators.length > 0 ? [measureOutcome(null, declared)] : [];
  const trouble = missing(declared, read) ?? unequal(x, ys);
  const all = [...(judgedX ? [judgedX] : []), ...judgedY];
  const { outcome, marginal, reason, warnings } = mergedOutcome(
    [...all.flatMap(({ parts }) => parts), ...own],
    trouble,
  );
  const record: MeasurementRecord = {
    key,
    name,
    outcome,
    measured_value: null,
    ...(unit === undefined ? {} : { units: unit }),
    validators: declared.validators.map((one, index) => validatorRecord(one, own[0]!.judgements[index]!)),
    ...(judgedX ? { x_axis: judgedX.record } : {}),
    y_axis: judgedY.map((one) => one.record),
    ...(marginal ? { marginal: true } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
  return { record, warnings };
}

function pointsOf({ key, data, spaced }: Axis, read: Points, longest: number): Float64Array<ArrayBuffer> {
  const own = pointsIn(read, key);
  if (own) return own;
  if (data) return Float64Array.from(data);
  if (spaced) return Float64Array.from({ length: longest }, (_, index) => spaced.start + index * spaced.step);
  return new Float64Array();
}

function judgeAxis(
  axis: Axis,
  data: Float64Array<ArrayBuffer>,
  place: Parameters<typeof axisOutcome>[2],
): { readonly record: AxisRecord; readonly parts: readonly Part[] } {
  const { key, legend, unit, description, validators } = axis;
  const judged = axisOutcome(data, axis, place);
  const aggregations = axis.aggregations.map((one) => recordAggregation(one, data, unit));
  const record: AxisRecord = {
    key,
    name: legend,
    ...(unit === undefined ? {} : { units: unit }),
    ...(description === undefined ? {} : { description }),
    data,
    validators: validators.map((one, index) => validatorRecord(one, judged.judgements[index]!)),
    aggregations: aggregations.map((one) => one.record),
  };
  const named = (part: Part): Part =>
    part.reason === undefined ? part : { ...part, reason: `${legend}: ${part.reason}` };
  return { record, parts: [judged, ...aggregations.map(({ part }) => part)].map(named) };
}

function pointsIn(read: Points, axis: string): Float64Array<ArrayBuffer> | undefined {
  const points = read.get(axis);
  return typeof points === 'string' ? undefined : points;
}

function missing(declared: Measurement, read: Points): string | null {
  if (read.size === 0) return 'was never recorded';
  for (const { key, legend } of axesToRead(declared)) {
    const points = read.get(key);
    if (typeof points === 'string') return `${legend}: ${points}`;
    if (points === undefined) return `${legend} was never recorded`;
  }
  return null;
}

function unequal(
  x: Float64Array | null,
  ys: readonly { readonly axis: Axis; readonly data: Float64Array }[],
): string | null {
  const length = x?.length ?? ys[0]?.data.length ?? 0;
  const other = ys.find(({ data }) => data.length !== length);
  if (!other) return null;
  return `${other.axis.legend} has ${other.data.length} points where there should be ${length}`;
}
