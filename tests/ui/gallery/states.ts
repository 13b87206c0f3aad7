/**
 * Every state of every screen by name: what the station says, and what has happened of a run.
 *
 * The gallery shows one by `?state=`; walk-gallery.ts walks through all of them.
 */
import type { Page } from '@playwright/test';
import type { StationView } from '#engine/link/station-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { PhasePlan } from '#record/run-record.ts';
import { EVENTS, headerOf, LONG_SERIAL, PLAN, PROCEDURE, READY, RECENT, row } from './samples.ts';
import { PEOPLE_SCENES } from './people-states.ts';
import { PROMPT_SCENES } from './prompt-states.ts';
import { ANALYSIS_SCENES } from './analysis-states.ts';
import { CALIBRATION_SCENES } from './calibration-states.ts';
import { HELP_SCENES } from './help-states.ts';
import { DEVICE_SCENES, GRANTED } from './device-states.ts';
import { CARRY_SCENES } from './carry-states.ts';
import { HISTORY_SCENES } from './history-states.ts';
import { CHECK_SCENES } from './check-states.ts';
import { QUEUE_SCENES } from './queue-states.ts';
import { RUN_SCENES } from './run-states.ts';
import { CONFIGURATION_SCENES } from './configuration-states.ts';
import { RELEASE_SCENES } from './release-states.ts';
import { SCANNER_SCENES } from './scanner-states.ts';
import { SLOT_SCENES } from './slot-states.ts';
import { STATION_SCENES } from './station-states.ts';
import { WALL_SCENES } from './wall-states.ts';
import { WORKSHOP_SCENES } from './workshop-states.ts';
import type { Scene } from './scene.ts';

const run = (state: string, serial = 'SN-000124', plan: readonly PhasePlan[] = PLAN): readonly RunEvent[] => [
  { kind: 'run-started', header: headerOf(serial, plan) },
  ...(EVENTS[state] ?? []),
];
const MANY: readonly PhasePlan[] = Array.from({ length: 60 }, (_, index) => ({
  key: index === 0 ? 'power_on' : index === 1 ? 'power_rails' : index === 2 ? 'load_sweep' : `step_${index}`,
  name: `Step ${index + 1} with a name that is rather long for a phase of a test`,
  section: 'main',
  measurements: [],
}));
const PLUG = READY.plugs[0] as StationView['plugs'][number];
const LOST: StationView['plugs'] = [
  { ...PLUG, state: 'lost', message: 'Fixture is gone.', remedy: 'Plug its cable in again.' },
  {
    ...PLUG,
    key: 'dmm',
    name: 'Multimeter',
    state: 'missing',
    identity: '',
    message: 'No multimeter is connected.',
    remedy: 'Choose it once under Fixtures.',
  },
  { ...PLUG, key: 'load', name: 'Load', simulated: true },
];
const OVER_USB: StationView['plugs'] = [
  { ...PLUG, reach: 'serial', usb: ['0403:6001'] },
  {
    ...PLUG,
    key: 'dmm',
    name: 'Multimeter',
    identity: 'Keysight Technologies,34465A,MY54321098,A.02.17-02.40-02.17-00.52-03-01',
    reach: 'usb',
    usb: ['2a8d:0101'],
    serialNumber: 'MY54321098',
  },
  {
    ...PLUG,
    key: 'supply',
    name: 'Supply',
    state: 'wrong',
    identity: 'RIGOL TECHNOLOGIES,DP832,DP8C1,00.01.14',
    reach: 'usb',
    usb: ['1ab1:0e11'],
    serialNumber: 'DP8C1',
    message:
      'Two devices answer as Supply: “RIGOL TECHNOLOGIES,DP832,DP8C1,00.01.14” and “RIGOL TECHNOLOGIES,DP832,DP8C2,00.01.14”. Which of them is meant cannot be told.',
    remedy:
      'Unplug the other one, or give Supply an identity or a USB serial_number (DP8C1, DP8C2) in the procedure that only one of them has.',
  },
  {
    ...PLUG,
    key: 'scope',
    name: 'Oscilloscope',
    state: 'missing',
    identity: '',
    reach: 'usb',
    usb: ['0699:*'],
    message: 'Oscilloscope cannot be used: a driver of the system, another program or another tab holds it.',
    remedy:
      'Close other programs and tabs that use it. If it has its own driver here, as VISA instruments have, leave that and use its serial port, or a tablet.',
  },
];
const CUT: StationView['plugs'] = [
  {
    ...PLUG,
    state: 'lost',
    message: 'Fixture was cut off by the emergency stop and has not confirmed its safe state since.',
    remedy: 'Take care: the unit may still be powered. Look at the fixture, and use its own switch if it is not off.',
  },
];
const CHOICES: StationView['procedures'] = [
  PROCEDURE,
  { ...PROCEDURE, folder: 'sensor', id: 'b', name: 'Sensor head', version: '1.0.4', development: true, onDisk: false },
  { ...PROCEDURE, folder: 'gateway', id: 'c', name: 'Gateway final test', version: '12.0.0-rc.1' },
];
const OFFLINE: StationView = { ...READY, connection: 'offline', queue: { ...READY.queue, waiting: 37 } };

async function speakByHand(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Speak to Fixture by hand' }).click();
  for (const words of ['*IDN?', 'OUTP ON', 'BAD?']) {
    await page.getByRole('textbox', { name: 'Command' }).fill(words);
    await page.keyboard.press('Enter');
    await page.getByTestId('said').filter({ hasText: words }).waitFor();
  }
  await page.getByLabel('Every byte on the wire').check();
  await page.getByTestId('wire-line').last().waitFor();
}
export const SCENES: Readonly<Record<string, Scene>> = {
  idle: { path: '/', view: READY },
  'first-run': {
    path: '/',
    view: { ...READY, recent: [], today: { runs: 0, firstPassYield: 0 }, tryout: true, simulated: true },
  },
  running: { path: '/', view: { ...READY, running: true }, events: run('running') },
  pass: { path: '/', view: READY, events: run('pass') },
  fail: { path: '/', view: READY, events: run('fail') },
  curve: { path: '/', view: READY, events: run('curve') },
  error: { path: '/', view: { ...READY, plugs: LOST }, events: run('error') },
  timeout: { path: '/', view: READY, events: run('timeout') },
  aborted: { path: '/', view: READY, events: run('aborted') },
  emergency: {
    path: '/',
    view: {
      ...READY,
      plugs: CUT,
      notices: [
        {
          code: 'emergency-stop',
          tone: 'error',
          message: 'Emergency stop: every wire was cut, and no safe state was confirmed since by Fixture.',
          remedy:
            'Take care: the unit may still be powered. Use the fixture’s own switch. No unit is tested before it has confirmed.',
        },
      ],
    },
    events: run('emergency'),
  },
  refusal: {
    path: '/',
    view: {
      ...READY,
      refusal: {
        code: 'serial-pattern',
        message: '“X-1” is not a serial number of Power board.',
        remedy: 'Scan the label again. It looks like SN-000123.',
      },
    },
  },
  'not-ready': { path: '/', view: { ...READY, plugs: LOST } },
  offline: { path: '/', view: OFFLINE, events: run('pass') },
  refused: {
    path: '/',
    view: {
      ...READY,
      connection: 'refused',
      queue: {
        waiting: 12,
        parked: 2,
        uploadedToday: 9,
        hold: {
          code: 'unauthorised',
          message: 'TofuPilot refuses this station’s key.',
          remedy: 'Enrol this station again.',
        },
      },
      notices: [
        {
          code: 'key-refused',
          tone: 'error',
          message: 'TofuPilot refuses this station’s key.',
          remedy: 'Enrol the station again. Every run is kept and waits here.',
        },
        {
          code: 'run-interrupted',
          tone: 'warning',
          message: 'The run of SN-000119 was cut off.',
          remedy: 'Test the unit again.',
        },
      ],
    },
  },
  starting: {
    path: '/',
    view: { ...READY, status: 'starting', station: '', procedure: null, procedures: [], plugs: [], recent: [] },
  },
  unenrolled: {
    path: '/',
    view: { ...READY, status: 'unenrolled', station: '', procedure: null, procedures: [], plugs: [], recent: [] },
  },
  standby: {
    path: '/',
    view: {
      ...READY,
      status: 'standby',
      notices: [
        {
          code: 'second-tab',
          tone: 'warning',
          message: 'Another tab or window of this browser is the station.',
          remedy: 'Work there, or close it.',
        },
      ],
    },
  },
  failed: {
    path: '/',
    view: {
      ...READY,
      status: 'failed',
      station: '',
      plugs: [],
      notices: [
        {
          code: 'storage-failed',
          tone: 'error',
          message: 'The store cannot be opened: the disk is full.',
          remedy: 'Free some space, then reload.',
        },
      ],
    },
  },
  many: {
    path: '/',
    view: { ...READY, running: true, procedures: CHOICES, plugs: LOST },
    events: run('running', LONG_SERIAL, MANY),
  },
  'long-serial': {
    path: '/',
    view: { ...READY, recent: [row(99, { serial_number: LONG_SERIAL }), ...RECENT] },
    events: run('fail', LONG_SERIAL),
  },
  ...HISTORY_SCENES,
  ...RUN_SCENES,
  ...QUEUE_SCENES,
  ...CARRY_SCENES,
  ...CHECK_SCENES,
  ...PEOPLE_SCENES,
  ...PROMPT_SCENES,
  ...SLOT_SCENES,
  fixtures: { path: '/fixtures', view: { ...READY, plugs: LOST } },
  'fixtures-by-hand': {
    path: '/fixtures',
    view: {
      ...READY,
      notices: [
        {
          code: 'by-hand',
          tone: 'warning',
          message: 'Fixture was spoken to by hand and may be on.',
          remedy: 'It is made safe before the next unit, and a minute after the last command.',
        },
      ],
    },
    act: speakByHand,
  },
  ...ANALYSIS_SCENES,
  ...CALIBRATION_SCENES,
  ...RELEASE_SCENES,
  ...CONFIGURATION_SCENES,
  ...SCANNER_SCENES,
  ...HELP_SCENES,
  'fixtures-usb': { path: '/fixtures', view: { ...READY, plugs: OVER_USB } },
  'fixtures-devices': { path: '/fixtures', view: { ...READY, plugs: LOST }, devices: GRANTED },
  ...DEVICE_SCENES,
  'fixtures-none': { path: '/fixtures', view: { ...READY, plugs: [] } },
  fleet: { path: '/fleet', view: { ...READY, procedures: CHOICES } },
  'fleet-empty': { path: '/fleet', view: { ...READY, procedures: [], procedure: null } },
  ...STATION_SCENES,
  ...WALL_SCENES,
  ...WORKSHOP_SCENES,
  settings: { path: '/settings', view: { ...READY, persisted: false } },
  'settings-install': { path: '/settings', view: { ...READY, persisted: false }, offersInstall: true },
  unknown: { path: '/nowhere', view: READY },
};

export { EVENTS };
