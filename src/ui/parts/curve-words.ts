/** A curve in one sentence, for those who do not see its picture. Reads the record; judges nothing. */
import type { AxisRecord } from '#record/run-record.ts';
import type { CurvePicture } from '#ui/parts/curve-picture.ts';
import { limitText } from '#ui/parts/limit.ts';
import { formatQuantity } from '#ui/parts/quantity.ts';
import { counted } from '#ui/parts/words.ts';

export function curveWords(x: AxisRecord | undefined, y: AxisRecord, picture: CurvePicture | null): string {
  if (!picture) return `${y.name}: no points that could be drawn.`;
  const span = ({ low, high }: { low: number; high: number }, unit: string | undefined) =>
    `${formatQuantity(low, { unit })} to ${formatQuantity(high, { unit })}`;
  const over = x ? `, ${x.name} from ${span(picture.x, x.units)}` : '';
  const limits = y.validators.length > 0 ? `; allowed ${limitText(y)}` : '';
  const missed = picture.missed > 0 ? `; ${counted(picture.missed, 'point lies', 'points lie')} outside` : '';
  return `${y.name}: ${counted(picture.points, 'point')} from ${span(picture.y, y.units)}${over}${limits}${missed}.`;
}
