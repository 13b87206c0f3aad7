/** This machine's clock against the server's, as a person says it. Pure. */
import type { ClockView } from '#engine/link/station-link.ts';
import { formatDuration } from '#ui/parts/moment.ts';

/** The server tells whole seconds. */
const TELLABLE_MS = 1_000;

export function clockWords(clock: ClockView | null): string {
  if (!clock) return 'The server’s clock has not been heard yet.';
  const { offsetMs, driftMsPerDay } = clock;
  if (Math.abs(offsetMs) < TELLABLE_MS)
    return `This computer’s clock is within a second of the server’s.${pace(driftMsPerDay)}`;
  const where = offsetMs > 0 ? 'behind' : 'ahead of';
  return `This computer’s clock is ${formatDuration(Math.abs(offsetMs))} ${where} the server’s.${pace(driftMsPerDay)}`;
}

function pace(driftMsPerDay: number | null): string {
  if (driftMsPerDay === null) return '';
  return ` It ${driftMsPerDay > 0 ? 'loses' : 'gains'} ${formatDuration(Math.abs(driftMsPerDay))} a day.`;
}
