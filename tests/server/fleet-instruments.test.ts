/** RULES.md 12: `instruments` and `calibration` in fleet.yaml are taken whole, or refused with the place and what is wrong. */
import { describe, expect, test } from 'vitest';
import { readFleetConfig } from '#server/fleet/fleet-config.ts';

const read = (text: string) => readFleetConfig(text, 'fleet.yaml');
const one = (more: string) => `instruments:\n  - { serial: MY1, calibration_due: 2027-03-01 }\n  - ${more}\n`;

describe('12: the instruments of a fleet', () => {
  test('are taken, by serial number', () => {
    expect(
      read(`calibration: required
instruments:
  - { serial: MY59001234, name: Bench multimeter, calibrated: 2026-03-01, calibration_due: 2027-03-01, certificate: C-2026-118 }
  - { serial: '00123', calibration_due: 2026-12-31 }
`),
    ).toMatchObject({
      calibration: 'required',
      instruments: [
        {
          serial: 'MY59001234',
          name: 'Bench multimeter',
          calibrated: '2026-03-01',
          calibration_due: '2027-03-01',
          certificate: 'C-2026-118',
        },
        { serial: '00123', calibration_due: '2026-12-31' },
      ],
    });
    expect(read('')).not.toHaveProperty('calibration');
  });

  test.each([
    [one('{ serial: MY2, calibration_due: 2027-02-30 }'), 3, 20, 'instruments.1.calibration_due: this is no day'],
    [one('{ serial: MY2, calibration_due: 1.3.2027 }'), 3, 20, 'instruments.1.calibration_due: this is no day'],
    [one('{ serial: MY2, calibration_due: 2027 }'), 3, 20, 'instruments.1.calibration_due: a day is needed'],
    [one('{ serial: MY2 }'), 3, 5, 'instruments.1.calibration_due: '],
    [
      one('{ serial: MY2, calibrated: 2026-3-1, calibration_due: 2027-03-01 }'),
      3,
      20,
      'instruments.1.calibrated: this is no day',
    ],
    [
      one('{ serial: MY2, calibrated: 2027-03-02, calibration_due: 2027-03-01 }'),
      3,
      5,
      'instruments.1: calibration_due lies before calibrated',
    ],
    [one('{ serial: my1, calibration_due: 2027-03-01 }'), 3, 5, 'instruments.1: this serial number is listed twice'],
    [
      one('{ serial: 00123, calibration_due: 2027-03-01 }'),
      3,
      7,
      'instruments.1.serial: a text is needed; one of digits',
    ],
    [one("{ serial: ' ', calibration_due: 2027-03-01 }"), 3, 7, 'instruments.1.serial: it is empty'],
    [one('{ serial: MY2, due: 2027-03-01 }'), 3, 5, 'instruments.1.calibration_due: '],
    [
      one('{ serial: MY2, calibration_due: 2027-03-01, colour: red }'),
      3,
      49,
      'instruments.1.colour: there is no such setting',
    ],
    [one('MY2'), 3, 5, 'instruments.1: serial and calibration_due are needed'],
    ['instruments: MY2', 1, 1, 'instruments: a list of instruments is needed'],
    ['simulated: true\ncalibration: strict', 2, 1, 'calibration: one of notice, required is needed'],
  ])('%s', (text, line, column, words) => {
    expect(() => read(text)).toThrow(`fleet.yaml, line ${line}, column ${column}: ${words}`);
  });
});
