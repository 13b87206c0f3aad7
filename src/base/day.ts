/**
 * Whole days of the calendar, as `2026-11-20`, counted in UTC: the same day at every station.
 *
 * What a person calls today is local-day.ts. Knows nothing of what happens on a day.
 */
const FORM = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

export function utcDay(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Of this form, and in the calendar. */
export function isDay(text: string): boolean {
  if (!FORM.test(text)) return false;
  const startMs = Date.parse(`${text}T00:00:00Z`);
  // Some parsers take 30 February for 2 March.
  return Number.isFinite(startMs) && utcDay(startMs) === text;
}

/** How many days `day` lies after `today`; negative when it is over. */
export function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY_MS);
}
