import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minuteOfDay } from '#analysis/runs/local-time.ts';
import { readShifts, shiftName, shiftOf, USUAL_SHIFTS, writeShifts } from '#analysis/runs/shifts.ts';

const at = (hours: number, minutes = 0) => new Date(2026, 10, 20, hours, minutes).getTime();

describe('rule 1: shifts', () => {
  test('each moment belongs to the shift that began last, the night to that of yesterday', () => {
    const nameAt = (ms: number) => shiftName(shiftOf(minuteOfDay()(ms), USUAL_SHIFTS), USUAL_SHIFTS);
    expect([at(6), at(13, 59), at(14), at(22), at(0), at(5, 59)].map(nameAt)).toEqual([
      '06:00–14:00',
      '06:00–14:00',
      '14:00–22:00',
      '22:00–06:00',
      '22:00–06:00',
      '22:00–06:00',
    ]);
  });

  test('one shift is the whole day', () => {
    const day = readShifts('7:30')!;
    expect(shiftName(shiftOf(180, day), day)).toBe('07:30–07:30');
  });

  test.each(['', 'six', '24:00', '06:60', '06:00, x'])('“%s” is no list of times', (text) => {
    expect(readShifts(text)).toBeNull();
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 6 }), (starts) => {
        const shifts = { starts: starts.toSorted((a, b) => a - b) };
        expect(readShifts(writeShifts(shifts))).toEqual(shifts);
        for (const minute of starts) {
          expect(shifts.starts[shiftOf(minute, shifts)]).toBe(minute);
        }
      }),
    );
  });
});
