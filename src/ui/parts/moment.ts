/** Durations and points in time as people say them. The time now comes in; dates are in the language that is spoken. */
import { locale } from '#ui/language/locale.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `0.4 s`, `12.3 s`, `2 min 05 s`, `1 h 20 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < MINUTE_MS - 50) return `${(Math.max(0, durationMs) / SECOND_MS).toFixed(1)}\u202fs`;
  const seconds = Math.round(durationMs / SECOND_MS);
  const minutes = Math.floor(seconds / 60);
  const two = (count: number) => String(count).padStart(2, '0');
  if (minutes < 60) return `${minutes}\u202fmin ${two(seconds % 60)}\u202fs`;
  return `${Math.floor(minutes / 60)}\u202fh ${two(minutes % 60)}\u202fmin`;
}

/** How long until then, coarse: `now`, `in 20 s`, `in 5 min`, `in 2 h`, `in 3 days`. */
export function formatUntil(atMs: number, nowMs: number): string {
  const leftMs = atMs - nowMs;
  if (leftMs < SECOND_MS) return 'now';
  if (leftMs < MINUTE_MS) return `in ${Math.ceil(leftMs / SECOND_MS)}\u202fs`;
  if (leftMs < HOUR_MS) return `in ${Math.round(leftMs / MINUTE_MS)}\u202fmin`;
  if (leftMs < 2 * DAY_MS) return `in ${Math.round(leftMs / HOUR_MS)}\u202fh`;
  return `in ${Math.round(leftMs / DAY_MS)} days`;
}

const exact = kept({ dateStyle: 'medium', timeStyle: 'medium' });
const today = kept({ timeStyle: 'medium' });
const thisYear = kept({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const longAgo = kept({ dateStyle: 'medium', timeStyle: 'short' });

/** Made when it is needed first: all four took a tenth of the app's start. */
function kept(options: Intl.DateTimeFormatOptions): (date: Date) => string {
  let format: Intl.DateTimeFormat | undefined;
  let language: string | undefined;
  return (date) => {
    if (language !== locale()) format = undefined;
    language = locale();
    return (format ??= new Intl.DateTimeFormat(language, options)).format(date);
  };
}

/** Day, year and second, for a record. */
export function formatExact(at: string | number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : exact(date);
}

/** For a list: today only the time, this year no year. */
export function formatMoment(at: string | number, nowMs: number): string {
  const date = new Date(at);
  const now = new Date(nowMs);
  if (Number.isNaN(date.getTime())) return String(at);
  if (date.toDateString() === now.toDateString()) return today(date);
  return (date.getFullYear() === now.getFullYear() ? thisYear : longAgo)(date);
}
