import { describe, expect, test } from 'vitest';
import { calibrationOf, calibrationState, type FleetInstrument } from '#fleet/calibration/calibration.ts';

const LISTED: FleetInstrument = {
  serial: 'MY59001234',
  name: 'Bench multimeter',
  calibrated: '2026-03-01',
  calibration_due: '2027-03-01',
  certificate: 'C-2026-118',
};
const ENTERED = { serial: 'MY59001234', due: '2026-12-31', certificate: 'OWN-7' };

describe('whose date holds', () => {
  test('the fleet’s goes before the station’s', () => {
    expect(calibrationOf('MY59001234', [LISTED], [ENTERED])).toEqual({
      due: '2027-03-01',
      certificate: 'C-2026-118',
      name: 'Bench multimeter',
      calibrated: '2026-03-01',
      from: 'fleet',
    });
  });
  test('the station’s, where the fleet lists other instruments', () => {
    const other = { serial: 'MY1', calibration_due: '2030-01-01' };
    expect(calibrationOf('MY59001234', [other], [ENTERED])).toMatchObject({ due: '2026-12-31', from: 'station' });
  });
  test('a label that was typed in small letters is the same instrument', () => {
    expect(calibrationOf(' my59001234 ', [LISTED], [])?.due).toBe('2027-03-01');
    expect(calibrationOf('my59001234', [], [ENTERED])?.due).toBe('2026-12-31');
  });
  test('nobody’s: another number, or a day of a hand-written manifest that is none', () => {
    expect(calibrationOf('MY5900123', [LISTED], [ENTERED])).toBeNull();
    expect(calibrationOf('MY59001234', [{ ...LISTED, calibration_due: 'soon' }], [])).toBeNull();
  });
});

test.each([
  ['2027-02-14', 'good'],
  ['2027-02-15', 'soon'],
  ['2027-03-01', 'soon'],
  ['2027-03-02', 'overdue'],
  ['2028-01-01', 'overdue'],
])('due on 2027-03-01, on %s: %s', (today, state) => {
  expect(calibrationState('2027-03-01', today)).toBe(state);
});

test('config 11: calibration_soon_days says how long before its end it ends soon', () => {
  expect(['2027-03-01', '2027-03-02'].map((due) => calibrationState(due, '2027-02-27', 2))).toEqual(['soon', 'good']);
});
