/**
 * The shifts of a day, by the times at which they begin.
 *
 * Local time of this machine: a shift is what people call one. The last shift runs over midnight into the first. Pure.
 */
export interface Shifts {
  /** Minutes after midnight, ascending, at least one. */
  readonly starts: readonly number[];
}

const DAY_MIN = 1440;
/** Three shifts of eight hours. */
export const USUAL_SHIFTS: Shifts = { starts: [360, 840, 1320] };

/** Reads `06:00, 14:00, 22:00`. @returns null where it is no list of times */
export function readShifts(text: string): Shifts | null {
  const starts = text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .map(minutesOf);
  if (starts.length === 0 || starts.some((start) => start === null)) return null;
  return { starts: [...new Set(starts as number[])].sort((a, b) => a - b) };
}

function minutesOf(text: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return null;
  return Number(hours) * 60 + Number(minutes);
}

export function writeShifts({ starts }: Shifts): string {
  return starts.map(timeOf).join(', ');
}

/** Index of the shift that is under way at this minute of the day. */
export function shiftOf(minute: number, { starts }: Shifts): number {
  const at = starts.findLastIndex((start) => start <= minute);
  // Before the first one begins, the last one of yesterday still runs.
  return at < 0 ? starts.length - 1 : at;
}

/** `06:00–14:00`. */
export function shiftName(index: number, { starts }: Shifts): string {
  const [from, to] = [starts[index]!, starts[(index + 1) % starts.length]!];
  return `${timeOf(from)}–${timeOf(starts.length === 1 ? from : to)}`;
}

function timeOf(minute: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor((minute % DAY_MIN) / 60))}:${two(minute % 60)}`;
}
