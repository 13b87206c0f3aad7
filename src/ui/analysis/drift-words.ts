/** A drift in one sentence: how fast, how sure, and when it meets a limit. Pure. */
import type { Trend } from '#analysis/statistics/trend.ts';
import { counted } from '#ui/parts/words.ts';
import { figureText, probabilityText } from './number-words.ts';

/** A month: what happens in a day is too little to be imagined. */
const DAYS = 30;
/** Further ahead a straight line says nothing. */
const FARTHEST_DAYS = 730;

export function driftWords(
  trend: Trend | null,
  { unit, daysLeft }: { readonly unit: string; readonly daysLeft: number | null },
): string {
  if (!trend) return 'A drift cannot be told of fewer than three values, or of values at one moment.';
  const { slope, slopeHalfWidth, p, n } = trend;
  const rate = figureText(Math.abs(slope) * DAYS, unit);
  const range = figureText(slopeHalfWidth * DAYS, unit);
  if (slope === 0 || Math.abs(slope) <= slopeHalfWidth)
    return `No drift can be told: ${rate} in ${DAYS} days, give or take ${range} (${counted(n, 'value')}, ${probabilityText(p)}).`;
  const way = slope > 0 ? 'Rises' : 'Falls';
  const ahead =
    daysLeft !== null && daysLeft <= FARTHEST_DAYS
      ? ` At this rate the middle meets the ${slope > 0 ? 'upper' : 'lower'} limit in ${counted(Math.round(daysLeft), 'day')}.`
      : '';
  return `${way} by ${rate} in ${DAYS} days, give or take ${range} (95 % sure, ${counted(n, 'value')}).${ahead}`;
}
