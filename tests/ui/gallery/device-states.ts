/** Scenes of the gallery: devices that the browser lets the app use, and one that is asked who it is. */
import type { Page } from '@playwright/test';
import type { Visited } from '#engine/link/fixture-link.ts';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

export const GRANTED: Scene['devices'] = [
  { reach: 'serial', usb: '0403:6001', name: '', serialNumber: '', isConnected: true },
  { reach: 'serial', usb: '', name: '', serialNumber: '', isConnected: false },
  { reach: 'usb', usb: '1ab1:04ce', name: 'ACME Scope 5000', serialNumber: 'DS1ZA170800001', isConnected: true },
];
const WAY = { kind: 'serial', baudRate: 9600, lineEnd: '\r\n', resetOnOpenMs: 0 } as const;
const FOUND: Visited = {
  way: WAY,
  answer: 'KEITHLEY INSTRUMENTS INC.,MODEL 2000,0597530,A13',
  printed: '',
  echoes: false,
};
const CONSOLE: Visited = {
  way: { ...WAY, baudRate: 115_200 },
  answer: '',
  printed: '*IDN?\n-sh: *IDN?: not found\n#',
  echoes: true,
};
const SILENT: Visited = { way: WAY, answer: '', printed: '', echoes: false };

const DMM = 'ACME,DMM-2,DM0007,2.1';

async function ask(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Who is it: Serial port by FTDI 0403:6001' }).click();
  await page.getByTestId('device-talk').waitFor();
}

async function firstNumber(page: Page): Promise<void> {
  await ask(page);
  await page.getByRole('button', { name: 'MEAS:VOLT:DC?' }).click();
  await page.getByTestId('device-number').waitFor();
  await page.getByText('In a procedure').click();
}

const DEVICES = { path: '/fixtures', view: { ...READY, plugs: [] }, devices: GRANTED };

const NAMES = { [DMM]: 'Left meter', '1ab1:04ce DS1ZA170800001': 'Scope of line 2', 'ACME,FX-1,FX0002,1.0': 'Spare' };

async function rename(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Rename: Scope of line 2' }).click();
  await page.getByLabel('Called at this station').fill('Left meter');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Another device is called').waitFor();
}

async function toWires(page: Page): Promise<void> {
  await page.getByTestId('wires').scrollIntoViewIfNeeded();
}

export const DEVICE_SCENES: Readonly<Record<string, Scene>> = {
  'wires-windows': { ...DEVICES, system: 'windows', act: toWires },
  'device-renamed': {
    ...DEVICES,
    deviceNames: NAMES,
    refusesName: {
      code: 'name-refused',
      message: 'Another device is called “Left meter” already.',
      remedy: 'Enter another name, or none.',
    },
    act: rename,
  },
  'device-found': { ...DEVICES, visited: FOUND, act: firstNumber },
  'device-console': { ...DEVICES, visited: CONSOLE, act: ask },
  'device-silent': { ...DEVICES, visited: SILENT, act: ask },
  'device-alike': {
    path: '/fixtures',
    deviceNames: NAMES,
    view: {
      ...READY,
      plugs: [
        {
          ...READY.plugs[0]!,
          state: 'wrong',
          reach: 'serial',
          usb: ['0403:6001'],
          message: 'Two devices answer as Fixture: “ACME,FX-1,FX0001” and “ACME,FX-1,FX0002”.',
          remedy:
            'Choose one of them on Fixtures, unplug the other one, or give Fixture an identity in the procedure that only one of them has.',
          alike: ['ACME,FX-1,FX0001,1.0', 'ACME,FX-1,FX0002,1.0'],
        },
        { ...READY.plugs[0]!, key: 'dmm', name: 'Multimeter', reach: 'serial', identity: DMM, chosen: DMM },
      ],
    },
  },
  'device-asked': { ...DEVICES, act: ask },
  'device-naming': {
    path: '/fixtures',
    view: { ...READY, plugs: [{ ...READY.plugs[0]!, simulated: false, reach: 'serial', identity: DMM }] },
    act: (page) => page.getByRole('button', { name: 'Give it a name' }).click(),
  },
};
