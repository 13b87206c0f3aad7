import { describe, expect, test } from 'vitest';
import { timeSpan } from '#record/find/time-span.ts';

const NOW = new Date(2026, 10, 20, 15, 30).getTime();
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();

describe('days as a search names them', () => {
  test.each([
    ['2026-11-01', at(2026, 10, 1), at(2026, 10, 2)],
    ['2026-1-5', at(2026, 0, 5), at(2026, 0, 6)],
    ['2026-12', at(2026, 11, 1), at(2027, 0, 1)],
    ['2026-11-01t14:30', at(2026, 10, 1, 14, 30), at(2026, 10, 1, 14, 31)],
    ['today', at(2026, 10, 20), at(2026, 10, 21)],
    ['yesterday', at(2026, 10, 19), at(2026, 10, 20)],
    ['1d', at(2026, 10, 20), at(2026, 10, 21)],
    ['7d', at(2026, 10, 14), at(2026, 10, 15)],
  ])('%s', (text, fromMs, toMs) => {
    expect(timeSpan(text, NOW)).toEqual({ fromMs, toMs });
  });

  test.each(['', '2026', '2026-', '2026-13', '2026-02-30', '2026-11-01t25:00', '2026-11-01t14:61', 'sn-1', '11-2026'])(
    'no day: %s',
    (text) => expect(timeSpan(text, NOW)).toBeNull(),
  );
});
