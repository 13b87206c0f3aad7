/**
 * This machine's local time for a hundred thousand moments: asking the calendar for each takes longer than all else that
 * is made of them.
 *
 * Offsets of time zones are multiples of a quarter of an hour and change at a full one, so whatever hangs on the calendar's
 * hour, day or offset is the same within each quarter. Runs come in their order, so the quarter before is the only one kept.
 */
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
const DAY_MIN = 1440;

/** @param of the same for every moment within a quarter of an hour */
export function keptByQuarter(of: (epochMs: number) => number): (epochMs: number) => number {
  let [quarter, kept] = [NaN, NaN];
  return (epochMs) => {
    const now = Math.floor(epochMs / QUARTER_MS);
    if (now !== quarter) [quarter, kept] = [now, of(epochMs)];
    return kept;
  };
}

/** Minutes after local midnight, as a clock on the wall shows them. */
export function minuteOfDay(): (epochMs: number) => number {
  const offsetMin = keptByQuarter((epochMs) => new Date(epochMs).getTimezoneOffset());
  return (epochMs) => {
    const minute = (Math.floor(epochMs / MINUTE_MS) - offsetMin(epochMs)) % DAY_MIN;
    // Before 1970 the remainder is below zero.
    return minute < 0 ? minute + DAY_MIN : minute;
  };
}
