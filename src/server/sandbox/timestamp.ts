/** Times and durations as the API spells them: UTC with `Z`, and ISO 8601 durations. Knows nothing of runs. */
import * as v from 'valibot';

const SHAPE = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

export const timestamp = v.pipe(
  v.string(),
  v.check((text) => SHAPE.test(text) && onTheCalendar(text), 'Invalid datetime'),
);

/** `Date` rolls 30 February over to March: only a day that comes back as it went in exists. */
function onTheCalendar(text: string): boolean {
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 10));
}

/** `PT2M30.5S` */
export function durationOf(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  const text = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`;
  return `PT${text || '0S'}`;
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** @returns undefined when the text is no duration of days or less */
export function millisecondsOf(duration: string): number | undefined {
  const parts = DURATION.exec(duration);
  if (!parts || /[PT]$/.test(duration)) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000;
}
