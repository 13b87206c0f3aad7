/** Plugs whose instruments are calibrated, soon due, past their date, and without one. */
import type { Page } from '@playwright/test';
import type { PlugCalibration } from '#engine/link/fixture-link.ts';
import type { StationView } from '#engine/link/station-link.ts';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

const PLUG = READY.plugs[0] as StationView['plugs'][number];
const NO_DATE: PlugCalibration = {
  plug: 'console',
  serial: 'FT5XK2',
  instrument: '',
  due: '',
  calibrated: '',
  certificate: '',
  from: null,
  entered: { due: '', certificate: '' },
  state: 'undated',
  daysLeft: 0,
  isRequired: false,
};
const CALIBRATION: Pick<Scene, 'view' | 'calibrations'> = {
  view: {
    ...READY,
    plugs: [
      { ...PLUG, key: 'dmm', name: 'Multimeter', identity: 'Keysight Technologies,34461A,MY59001234,A.02.14' },
      { ...PLUG, key: 'supply', name: 'Supply', identity: 'ACME,PS-3,PS0007,1.1' },
      { ...PLUG, key: 'load', name: 'Load', identity: 'ACME,EL-2,EL0042,2.0' },
      { ...PLUG, key: 'console', name: 'Console', identity: '', serialNumber: 'FT5XK2' },
    ],
    notices: [
      {
        code: 'calibration-overdue',
        tone: 'warning',
        message: 'Load (EL0042) is past its calibration, which held until 2026-11-10.',
        remedy: 'Have it calibrated and enter its new date on Fixtures, or connect another one.',
      },
    ],
  },
  calibrations: [
    {
      ...NO_DATE,
      plug: 'dmm',
      serial: 'MY59001234',
      instrument: 'Bench multimeter',
      due: '2027-03-01',
      calibrated: '2026-03-01',
      certificate: 'C-2026-118',
      from: 'fleet',
      entered: { due: '2026-12-31', certificate: '' },
      state: 'good',
      daysLeft: 101,
    },
    {
      ...NO_DATE,
      plug: 'supply',
      serial: 'PS0007',
      due: '2026-12-02',
      from: 'station',
      entered: { due: '2026-12-02', certificate: '' },
      state: 'soon',
      daysLeft: 12,
    },
    {
      ...NO_DATE,
      plug: 'load',
      serial: 'EL0042',
      due: '2026-11-10',
      certificate: 'C-2025-7',
      from: 'station',
      entered: { due: '2026-11-10', certificate: 'C-2025-7' },
      state: 'overdue',
      daysLeft: -10,
    },
    NO_DATE,
  ],
};

async function enterCalibration(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Calibration date of Supply' }).click();
  await page.getByLabel('Calibrated until').fill('');
  await page.getByLabel('Certificate').fill('C-2026-204');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByTestId('calibration-problem').waitFor();
}

export const CALIBRATION_SCENES: Readonly<Record<string, Scene>> = {
  'fixtures-calibration': { path: '/fixtures', ...CALIBRATION },
  'fixtures-calibration-form': {
    path: '/fixtures',
    ...CALIBRATION,
    refusesCalibration: {
      code: 'calibration-refused',
      message: 'A certificate without a due date says nothing.',
      remedy: 'Change it and save again; a day is written as 2027-03-01.',
    },
    act: enterCalibration,
  },
};
