/**
 * A number over runs as a small picture: a dot a run, the oldest on the left, and the band that its limits allow.
 *
 * Judges nothing: whether a dot failed is its record's word. Pure. Knows nothing of components.
 */
import type { MeasurementRecord } from '#record/run-record.ts';
import { spanOf } from '#record/validator-span.ts';

export interface TrendDot {
  /** From 0 to 1, from left to right. */
  readonly x: number;
  /** From 0 to 1, from bottom to top. */
  readonly y: number;
  readonly isBad: boolean;
}

export interface TrendPicture {
  readonly dots: readonly TrendDot[];
  /** Edges of what is allowed, from 0 to 1; null where there is no limit on that side. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Part of the height that stays free above and below. */
const MARGIN = 0.1;

/** @param measurements the oldest first, the last is the one that is looked at; limits are its */
export function trendPicture(measurements: readonly MeasurementRecord[]): TrendPicture | null {
  const last = measurements.at(-1);
  const values = measurements.map(({ measured_value: value }) => (typeof value === 'number' ? value : NaN));
  const span = last ? spanOf(last.validators) : null;
  const ends = [...values, span?.low ?? NaN, span?.high ?? NaN].filter(Number.isFinite);
  if (ends.length === 0) return null;
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const width = most - least || Math.abs(most) || 1;
  const place = (value: number) => MARGIN + ((value - least) / width) * (1 - 2 * MARGIN);
  const step = Math.max(1, values.length - 1);
  return {
    dots: values.flatMap((value, index) =>
      Number.isFinite(value)
        ? [
            {
              x: values.length === 1 ? 0.5 : index / step,
              y: place(value),
              isBad: measurements[index]?.outcome === 'FAIL',
            },
          ]
        : [],
    ),
    low: span && span.low !== null ? place(span.low) : null,
    high: span && span.high !== null ? place(span.high) : null,
  };
}
