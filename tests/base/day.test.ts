import { expect, test } from 'vitest';
import { daysUntil, isDay, utcDay } from '#base/day.ts';

test.each([
  ['2027-03-01', true],
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2027-13-01', false],
  ['2027-00-10', false],
  ['2027-3-1', false],
  ['27-03-01', false],
  ['2027-03-01T00:00', false],
  [' 2027-03-01', false],
  ['', false],
])('“%s” is a day: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});

test('a day begins and ends at midnight UTC', () => {
  expect(utcDay(Date.parse('2027-03-01T23:59:59.999Z'))).toBe('2027-03-01');
  expect(utcDay(Date.parse('2027-03-02T00:00:00Z'))).toBe('2027-03-02');
  expect(utcDay(Date.parse('2027-03-02T01:00:00+02:00'))).toBe('2027-03-01');
});

test.each([
  ['2027-03-01', '2027-03-01', 0],
  ['2027-03-01', '2027-02-15', 14],
  ['2027-03-01', '2027-03-02', -1],
  ['2028-03-01', '2028-02-28', 2],
])('to %s, on %s: %i days', (day, today, days) => {
  expect(daysUntil(day, today)).toBe(days);
});
