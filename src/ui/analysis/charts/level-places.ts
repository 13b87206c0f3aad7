/**
 * Where the names of level lines stand beside a picture so that none covers another.
 *
 * From the top down each keeps a least distance from the one before; when that pushes the last ones out, all move up. Pure.
 */
export interface Level {
  readonly at: number;
  readonly label: string;
  /** `centre`: the mean; `control`: what the process does; `limit`: what it should do. */
  readonly kind: 'centre' | 'control' | 'limit';
}

export interface PlacedLevel extends Level {
  /** From the top, in parts of the height. */
  readonly place: number;
}

/** A line of text in parts of a picture of ten lines. */
const LEAST = 0.11;

export function placeLevels(levels: readonly Level[], toPart: (y: number) => number): PlacedLevel[] {
  const placed = levels
    .map((level) => ({ ...level, place: Math.min(1, Math.max(0, toPart(level.at))) }))
    .sort((a, b) => a.place - b.place);
  for (const [at, level] of placed.entries())
    if (at > 0) level.place = Math.max(level.place, placed[at - 1]!.place + LEAST);
  for (let at = placed.length - 1; at >= 0; at -= 1)
    placed[at]!.place = Math.min(placed[at]!.place, at === placed.length - 1 ? 1 : placed[at + 1]!.place - LEAST);
  return placed;
}
