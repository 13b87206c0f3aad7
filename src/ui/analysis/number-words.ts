/** Shares, indices and probabilities as a person reads them. Pure. */
import type { Share } from '#analysis/runs/yields.ts';
import { intervalOfShare } from '#analysis/runs/yields.ts';
import { formatQuantity } from '#ui/parts/quantity.ts';
import { formatYield } from '#ui/parts/words.ts';

/** Where there is nothing to say. */
export const NONE = '–';

/** With one decimal, never rounded up to a hundred that it is not. */
export function shareText(share: number): string {
  return Number.isFinite(share) ? formatYield(share) : NONE;
}

/** `92.1 % to 95.8 %`. */
export function intervalText(share: Share): string {
  const [low, high] = intervalOfShare(share);
  return `${formatYield(low)} to ${formatYield(high)}`;
}

/** Two decimals, as Cpk is written; a sign where it is below zero. */
export function indexText(index: number | null | undefined): string {
  if (index === null || index === undefined || !Number.isFinite(index)) return NONE;
  return Math.abs(index) >= 1000 ? index.toExponential(1) : index.toFixed(2);
}

export function probabilityText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** A figure that was worked out, not measured: four digits are enough. */
export function figureText(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return formatQuantity(Number(value.toPrecision(4)), { unit });
}

/** A mean beside its spread: as fine as a hundredth of the spread. */
export function meanText(mean: number, deviation: number, unit: string): string {
  if (!(deviation > 0)) return formatQuantity(mean, { unit });
  const decimals = 2 - Math.floor(Math.log10(deviation));
  const power = 10 ** Math.abs(decimals);
  const rounded = decimals < 0 ? Math.round(mean / power) * power : Math.round(mean * power) / power;
  return formatQuantity(Number.isFinite(rounded) ? rounded : mean, { unit });
}
