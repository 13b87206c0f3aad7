/** Local time by arithmetic agrees with the calendar, also on the days on which clocks are set. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { keptByQuarter, minuteOfDay } from '#analysis/runs/local-time.ts';

const zone = process.env['TZ'];
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** Half an hour of summer time; offsets of 45 and of 30 minutes; across the date line; none. */
const ZONES = ['Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'Europe/Berlin', 'UTC'];
const moments = fc.array(fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) }), { maxLength: 50 });
/** A day around each change of a clock in a year, minute by minute would be too many: every seven minutes. */
const changes = [
  Date.UTC(2026, 2, 28),
  Date.UTC(2026, 3, 4),
  Date.UTC(2026, 9, 3),
  Date.UTC(2026, 9, 24),
  Date.UTC(2026, 10, 1),
];

describe.each(ZONES)('local time in %s', (name) => {
  test('the minute of the day is the calendar’s', () => {
    process.env['TZ'] = name;
    const minuteOf = minuteOfDay();
    const agrees = (epochMs: number) => {
      const date = new Date(epochMs);
      expect(minuteOf(epochMs)).toBe(date.getHours() * 60 + date.getMinutes());
    };
    fc.assert(fc.property(moments, (all) => all.forEach(agrees)));
    for (const day of changes) for (let at = 0; at < 48 * 60; at += 7) agrees(day + at * 60_000 + 1);
  });

  test('what hangs on the hour is asked once a quarter, and never of another one', () => {
    process.env['TZ'] = name;
    let asked = 0;
    const hourOf = keptByQuarter((epochMs) => {
      asked += 1;
      return new Date(epochMs).setMinutes(0, 0, 0);
    });
    const startMs = Date.UTC(2026, 2, 28);
    for (let at = 0; at < 48 * 60; at += 1)
      expect(hourOf(startMs + at * 60_000)).toBe(new Date(startMs + at * 60_000).setMinutes(0, 0, 0));
    expect(asked).toBe(48 * 4);
  });
});
