/** The periods that an analysis can be about. Local days, whole ones. Pure; the time now comes in. */
export type Period = 'today' | 'week' | 'month' | 'quarter' | 'all';

export const PERIOD_NAMES: Readonly<Record<Period, string>> = {
  today: 'Today',
  week: '7 days',
  month: '30 days',
  quarter: '90 days',
  all: 'All',
};

/** Days, today among them. */
const DAYS: Readonly<Record<Exclude<Period, 'all'>, number>> = { today: 1, week: 7, month: 30, quarter: 90 };

/** Wall clock, ms; -Infinity: from the beginning. */
export function periodStart(period: Period, nowMs: number): number {
  if (period === 'all') return -Infinity;
  const date = new Date(nowMs);
  date.setHours(0, 0, 0, 0);
  date.setDate(date.getDate() - DAYS[period] + 1);
  return date.getTime();
}
