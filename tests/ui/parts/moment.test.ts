/** Durations and points in time as people say them. */
import { expect, test } from 'vitest';
import { formatDuration, formatMoment, formatUntil } from '#ui/parts/moment.ts';
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
});

test('a yield is never rounded up to a hundred', () => {
  expect(plain(formatYield(0.9996))).toBe('99.9 %');
  expect(plain(formatYield(1))).toBe('100 %');
  expect(plain(formatYield(0.972))).toBe('97.2 %');
});
