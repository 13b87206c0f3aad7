/** Every state of the screen of uploads by name, and what a person does at it; part of states.ts. */
import type { Page } from '@playwright/test';
import type { StationView } from '#engine/link/station-link.ts';
import { CARRIED_QUEUE, OPENED, QUEUE, READY, row, TRANSFERS } from './samples.ts';
import type { Scene } from './scene.ts';

const OFFLINE: StationView = { ...READY, connection: 'offline', queue: { ...READY.queue, waiting: 37 } };

/** A page of the longest queue: the parked ones, then those that wait. */
const MANY_QUEUED = [
  ...QUEUE.slice(4),
  ...Array.from({ length: 198 }, (_, index) =>
    row(index + 6, { state: 'QUEUED', delivered_day: '', attempts: 0, next_at_ms: 0 }),
  ),
];

const openRepair = (page: Page) => page.getByTestId('repair-open').first().click();

async function correct(page: Page, serial: string): Promise<void> {
  await page.getByLabel('Serial number').fill(serial);
  await page.getByLabel('Your name').fill('Mei Chen');
  await page.getByRole('button', { name: 'Correct and send' }).click();
}

export const QUEUE_SCENES: Readonly<Record<string, Scene>> = {
  queue: {
    path: '/queue',
    view: { ...READY, queue: { waiting: 4, parked: 2, uploadedToday: 208, hold: null } },
    queue: QUEUE,
  },
  'queue-repair': {
    path: '/queue',
    view: { ...READY, queue: { waiting: 0, parked: 2, uploadedToday: 208, hold: null } },
    queue: QUEUE.slice(4),
    act: openRepair,
  },
  'queue-repair-refused': {
    path: '/queue',
    view: { ...READY, queue: { waiting: 0, parked: 2, uploadedToday: 208, hold: null } },
    queue: QUEUE.slice(4),
    refusesCorrection: {
      code: 'correction-refused',
      message: 'The serial number “SN 000119” has a character that is not allowed; letters, digits and _ . : + - are.',
      remedy: 'Change it.',
    },
    act: async (page) => {
      await openRepair(page);
      await correct(page, 'SN 000119');
      await page.getByTestId('repair-problem').waitFor();
    },
  },
  'queue-corrected': {
    path: '/queue',
    view: { ...READY, queue: { waiting: 0, parked: 2, uploadedToday: 208, hold: null } },
    queue: QUEUE.slice(4),
    act: async (page) => {
      await openRepair(page);
      await correct(page, 'SN-000719');
      await page.getByTestId('corrected').waitFor();
    },
  },
  'queue-many': {
    path: '/queue',
    view: { ...OFFLINE, queue: { waiting: 1231, parked: 3, uploadedToday: 12, hold: null } },
    queue: MANY_QUEUED,
  },
  'queue-files-wait': {
    path: '/queue',
    view: {
      ...READY,
      queue: { waiting: 4, parked: 0, uploadedToday: 208, hold: null },
      filesWait: 'The battery is under 15 % and not charging.',
    },
    queue: [row(0, { state: 'ATTACHING', delivered_day: '', attachments: 3, attached: 1 }), ...QUEUE.slice(1, 4)],
  },
  'queue-held': {
    path: '/queue',
    view: {
      ...READY,
      queue: {
        waiting: 4,
        parked: 2,
        uploadedToday: 208,
        hold: { code: 'unauthorised', message: 'The key is not valid.', remedy: 'Enrol this station again.' },
      },
    },
    queue: QUEUE,
  },
  'queue-empty': { path: '/queue', view: READY },
  'queue-offline': { path: '/queue', view: OFFLINE, queue: QUEUE },
  'queue-tryout': {
    path: '/queue',
    view: { ...READY, tryout: true, queue: { waiting: 1, parked: 0, uploadedToday: 3, hold: null } },
    queue: QUEUE.slice(3, 4),
  },
  'queue-files': {
    path: '/queue',
    view: { ...READY, connection: 'offline', queue: { waiting: 5, parked: 1, uploadedToday: 12, hold: null } },
    queue: CARRIED_QUEUE,
    transfers: TRANSFERS,
    opened: OPENED,
  },
  'queue-launched': {
    path: '/queue',
    view: READY,
    opened: OPENED,
    launched: ['taipei-line1-041-1-3.fieldbench'],
    act: (page) => page.getByTestId('transfer-result').waitFor(),
  },
};
