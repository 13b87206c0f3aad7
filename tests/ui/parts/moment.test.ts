/** Durations and points in time as people say them. */
import { expect, test } from 'vitest';
import { formatDuration, formatExact, formatMoment, formatUntil } from '#ui/parts/moment.ts';
import { formatYield } from '#ui/parts/words.ts';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

test.each([
  [0, '0.0 s'],
  [-5, '0.0 s'],
  [420, '0.4 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [4_800_000, '1 h 20 min'],
])('%d ms last %s', (durationMs, text) => {
  expect(plain(formatDuration(durationMs))).toBe(text);
});

test.each([
  [500, 'now'],
  [-1000, 'now'],
  [41_500, 'in 42 s'],
  [300_000, 'in 5 min'],
  [7_200_000, 'in 2 h'],
  [259_200_000, 'in 3 days'],
])('in %d ms is %s', (leftMs, text) => {
  expect(plain(formatUntil(1_000_000 + leftMs, 1_000_000))).toBe(text);
});

test('a time that is none is shown as it is', () => {
  expect(formatMoment('yesterday', 0)).toBe('yesterday');
  expect(formatExact('yesterday')).toBe('yesterday');
});

test('a moment says as little as tells it apart: today no day, this year no year; a record says all', () => {
  const at = new Date(2026, 10, 20, 6, 14, 9);
  const [sameDay, sameYear, later] = [new Date(2026, 10, 20, 23), new Date(2026, 11, 31), new Date(2027, 0, 1)];
  const [day, year, second] = [/20/, /2026/, /\b09\b/];
  const says = (text: string) => [day, year, second].map((part) => part.test(text));
  expect(says(formatMoment(at.getTime(), sameDay.getTime()))).toEqual([false, false, true]);
  expect(says(formatMoment(at.getTime(), sameYear.getTime()))).toEqual([true, false, false]);
  expect(says(formatMoment(at.getTime(), later.getTime()))).toEqual([true, true, false]);
  expect(says(formatExact(at.getTime()))).toEqual([true, true, true]);
});

test('a yield is never rounded up to a hundred', () => {
  expect(plain(formatYield(0.9996))).toBe('99.9 %');
  expect(plain(formatYield(1))).toBe('100 %');
  expect(plain(formatYield(0.972))).toBe('97.2 %');
});
