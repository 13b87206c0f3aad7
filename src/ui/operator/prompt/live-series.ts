/**
 * What a phase has measured until now, for screens that show it as it is taken.
 *
 * Pure; reads the run's own record. Knows nothing of components.
 */
import type { AxisRecord, MeasurementRecord, PhaseRecord } from '#record/run-record.ts';

/** Older points than these are past on a chart of a few hundred pixels. */
const MOST_POINTS = 2000;

export function lastValue(phase: PhaseRecord | null, key: string): MeasurementRecord | undefined {
  return phase?.measurements.findLast((one) => one.key === key);
}

/** Single values one after the other as one curve; of a measurement with axes its last curve. */
export function seriesOf(
  phase: PhaseRecord | null,
  key: string,
): { readonly x: AxisRecord | undefined; readonly y: AxisRecord } | null {
  const taken = (phase?.measurements ?? []).filter((one) => one.key === key);
  const last = taken.at(-1);
  if (!last) return null;
  if (last.y_axis?.[0]) return { x: last.x_axis, y: last.y_axis[0] };
  const values = taken
    .slice(-MOST_POINTS)
    .flatMap(({ measured_value: value }) => (typeof value === 'number' ? value : []));
  if (values.length === 0) return null;
  const { name, units, validators } = last;
  const y: AxisRecord = {
    key,
    name,
    ...(units === undefined ? {} : { units }),
    data: Float64Array.from(values),
    // A limit on a single value holds for each point of its curve.
    validators: validators.map((one) => ({ ...one, every: 'point' as const })),
    aggregations: [],
  };
  return { x: undefined, y };
}
