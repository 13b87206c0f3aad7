/**
 * Which rows of a long list are in sight, and where one has to be for a person to see it.
 *
 * Every row has the same height, so this is a division; nothing is measured and nothing is kept. Pure.
 */
export interface RowRange {
  readonly from: number;
  /** The first that is not. */
  readonly to: number;
}

export interface Sight {
  /** Where the list begins, from the top of the window; negative once it is scrolled. */
  readonly listTopPx: number;
  readonly windowPx: number;
  readonly rowPx: number;
  readonly total: number;
}

/** Rows above and below that are drawn before they are seen: a flick of a finger moves about as many in one picture. */
const SPARE_ROWS = 8;

export function rowsInSight({ listTopPx, windowPx, rowPx, total }: Sight): RowRange {
  if (rowPx <= 0 || total === 0) return { from: 0, to: 0 };
  const first = Math.floor(-listTopPx / rowPx);
  const last = Math.ceil((windowPx - listTopPx) / rowPx);
  const from = Math.min(Math.max(0, first - SPARE_ROWS), total);
  return { from, to: Math.max(from, Math.min(total, last + SPARE_ROWS)) };
}

/** @returns how far the page has to be scrolled for that row to be whole in sight; 0 when it is */
export function scrollTo(row: number, { listTopPx, windowPx, rowPx }: Sight, coveredPx: number): number {
  const topPx = listTopPx + row * rowPx;
  if (topPx < coveredPx) return topPx - coveredPx;
  return Math.max(0, topPx + rowPx - windowPx);
}
