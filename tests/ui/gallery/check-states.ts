/** The station's check of itself, as it should be, and as it is on a computer that nobody set up; part of states.ts. */
import type { Page } from '@playwright/test';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

interface Machine {
  readonly isPersisted: boolean;
  readonly freeBytes: number;
  readonly isKept: boolean;
  readonly display: string;
  readonly keepsAwake: boolean;
}

/** What the browser of the gallery says of itself, whatever it is. */
function pretend(machine: Machine): void {
  const set = (target: object, name: string, value: unknown) =>
    Object.defineProperty(target, name, { value, configurable: true });
  set(navigator.storage, 'persisted', async () => machine.isPersisted);
  set(navigator.storage, 'estimate', async () => ({ usage: 41e6, quota: 41e6 + machine.freeBytes }));
  set(navigator, 'serviceWorker', {
    controller: machine.isKept ? {} : null,
    getRegistration: async () => ({ active: machine.isKept ? {} : null, waiting: null, installing: null }),
  });
  set(caches, 'match', async () => new Response());
  set(navigator, 'wakeLock', {
    request: async () => {
      if (!machine.keepsAwake) throw new DOMException('The battery is low.', 'NotAllowedError');
      return { release: async () => {} };
    },
  });
  const deaf = { addEventListener: () => {}, removeEventListener: () => {} };
  set(window, 'matchMedia', (query: string) => ({ ...deaf, matches: query.includes(machine.display) }));
  set(navigator, 'userAgentData', { brands: [{ brand: 'Google Chrome', version: '156' }] });
  for (const name of ['serial', 'usb']) set(navigator, name, {});
}

const check = (machine: Machine) => async (page: Page) => {
  await page.evaluate(pretend, machine);
  await page.getByTestId('check-open').click();
  await page.getByTestId('check-line').first().waitFor();
  await page.locator('[data-testid=check][data-busy=false]').scrollIntoViewIfNeeded();
};

const PLUG = READY.plugs[0]!;

export const CHECK_SCENES: Readonly<Record<string, Scene>> = {
  'check-ok': {
    path: '/settings',
    view: { ...READY, persisted: true, clock: { offsetMs: 120, driftMsPerDay: null } },
    devices: [{ reach: 'serial', usb: '0403:6001', name: '', serialNumber: '', isConnected: true }],
    act: check({
      isPersisted: true,
      freeBytes: 62e9,
      isKept: true,
      display: 'fullscreen',
      keepsAwake: true,
    }),
  },
  'check-trouble': {
    path: '/settings',
    view: {
      ...READY,
      persisted: false,
      connection: 'refused',
      clock: { offsetMs: -95_000, driftMsPerDay: 800 },
      plugs: [
        { ...PLUG, reach: 'serial', usb: ['0403:6001'] },
        {
          ...PLUG,
          key: 'dmm',
          name: 'Multimeter',
          state: 'missing',
          identity: '',
          reach: 'usb',
          usb: ['2a8d:*'],
          message: 'No multimeter is connected.',
          remedy: 'Choose it once under Fixtures.',
        },
        { ...PLUG, key: 'load', name: 'Load', simulated: true },
      ],
    },
    devices: [{ reach: 'serial', usb: '0403:6001', name: '', serialNumber: '', isConnected: true }],
    act: check({
      isPersisted: false,
      freeBytes: 0.3e9,
      isKept: false,
      display: 'browser',
      keepsAwake: false,
    }),
  },
};
