/**
 * Days and moments as a search names them: `2026-11-01`, `2026-11`, `2026-11-01T14:30`, `today`, `yesterday`, `7d`.
 *
 * Everything is this machine's own time, as the list shows it. Pure; the time now comes in.
 */
export interface TimeSpan {
  readonly fromMs: number;
  /** The first moment after it. */
  readonly toMs: number;
}

const FORM = /^(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:t(\d{1,2}):(\d{2}))?)?$/;
const DAYS_AGO = /^(\d{1,4})d$/;

/** @param text in lower case @returns null for what names no time, or not yet */
export function timeSpan(text: string, nowMs: number): TimeSpan | null {
  const now = new Date(nowMs);
  const day = (back: number) => spanOf(now.getFullYear(), now.getMonth(), now.getDate() - back);
  if (text === 'today') return day(0);
  if (text === 'yesterday') return day(1);
  const ago = DAYS_AGO.exec(text);
  // `7d` is today and the six days before it.
  if (ago) return day(Math.max(0, Number(ago[1]) - 1));
  const [, year, month, date, hour, minute] = FORM.exec(text) ?? [];
  if (year === undefined || month === undefined) return null;
  const [y, m] = [Number(year), Number(month) - 1];
  if (m < 0 || m > 11) return null;
  if (date === undefined) return { fromMs: new Date(y, m, 1).getTime(), toMs: new Date(y, m + 1, 1).getTime() };
  // Not the second of the next month: there is no such day.
  if (new Date(y, m, Number(date)).getDate() !== Number(date)) return null;
  if (hour === undefined || minute === undefined) return spanOf(y, m, Number(date));
  if (Number(hour) > 23 || Number(minute) > 59) return null;
  const fromMs = new Date(y, m, Number(date), Number(hour), Number(minute)).getTime();
  return { fromMs, toMs: fromMs + 60_000 };
}

function spanOf(year: number, month: number, date: number): TimeSpan {
  // The calendar's next day, since one of them has 23 hours and one 25.
  return { fromMs: new Date(year, month, date).getTime(), toMs: new Date(year, month, date + 1).getTime() };
}
