/** QR codes that are shown and read, and the folder for copies, by name; part of states.ts. */
import type { Page } from '@playwright/test';
import type { FolderView } from '#engine/link/folder-link.ts';
import type { ExportedFile } from '#engine/link/transfer-link.ts';
import type { StationView } from '#engine/link/station-link.ts';
import { framesOf } from '#sync/transfer/frames.ts';
import { QUEUE, READY } from './samples.ts';
import type { Scene } from './scene.ts';

const OFFLINE: StationView = {
  ...READY,
  connection: 'offline',
  queue: { waiting: 4, parked: 0, uploadedToday: 12, hold: null },
};
/** Bytes that nothing makes smaller, the same each time. */
const OUTGOING: ExportedFile = {
  name: 'taipei-line1-042-1042-1045.fieldbench',
  bytes: Uint8Array.from({ length: 3_500 }, (_, at) => Math.imul(at + 1, 2_654_435_761) >>> 24),
  runs: 4,
  firstTime: [],
  left: 0,
};
const WAITING: Pick<Scene, 'path' | 'view' | 'queue' | 'outgoing'> = {
  path: '/queue',
  view: OFFLINE,
  queue: QUEUE.slice(0, 4),
  outgoing: OUTGOING,
};

async function showCodes(page: Page): Promise<void> {
  await page.getByTestId('transfer-codes').click();
  await page.getByRole('button', { name: 'Pause' }).click();
}

/** Some of a series in another order, and at the end something that is no code of it. */
async function readSome(page: Page): Promise<void> {
  await page.getByTestId('transfer-read').click();
  const frames = await framesOf(OUTGOING.bytes);
  const field = page.getByTestId('code-text');
  for (const text of [...frames.filter((_, at) => at % 3 !== 1).toReversed(), 'SN-000123']) {
    await field.fill(text);
    await field.press('Enter');
  }
  await page.getByTestId('code-word').waitFor();
}

const FOLDER: FolderView = {
  name: 'fieldbench-copies',
  runs: 1_204,
  waiting: 0,
  unknown: 0,
  keepsDelivered: false,
  problem: null,
};
const settings = (folder: FolderView): Pick<Scene, 'path' | 'view' | 'act'> => ({
  path: '/settings',
  view: { ...READY, persisted: true, folder },
  act: (page) => page.getByTestId('folder').scrollIntoViewIfNeeded(),
});

export const CARRY_SCENES: Readonly<Record<string, Scene>> = {
  'queue-outgoing': { ...WAITING, act: (page) => page.getByTestId('transfer-export').click() },
  'queue-codes': { ...WAITING, act: showCodes },
  'queue-codes-large': {
    ...WAITING,
    act: async (page) => {
      await showCodes(page);
      await page.getByRole('button', { name: 'Large' }).click();
    },
  },
  'queue-code-reader': { ...WAITING, act: readSome },
  'settings-folder': settings(FOLDER),
  'settings-folder-asks': settings({
    ...FOLDER,
    waiting: 37,
    problem: {
      code: 'folder-permission',
      message: 'The browser wants to be asked again about the folder “fieldbench-copies”.',
      remedy: 'Open Settings and press “Allow again”. Until then every run is kept in this browser.',
    },
  }),
  'settings-folder-missing': settings({
    ...FOLDER,
    runs: null,
    waiting: 2,
    problem: {
      code: 'folder-missing',
      message: 'The folder “fieldbench-copies” is not there any more.',
      remedy:
        'Plug its drive in again, or pick another folder in Settings. Until then every run is kept in this browser.',
    },
  }),
  'settings-folder-unknown': {
    ...settings({ ...FOLDER, unknown: 12 }),
    openedFolder: {
      folder: 'fieldbench-copies',
      files: 1_204,
      counts: { new: 12, delivered: 0, known: 1_191, foreign: 0, damaged: 1 },
      stations: ['taipei-line1-042'],
      questions: [{ station: 'taipei-line1-042', fingerprint: '4f1c 93aa 70de 1b25' }],
      problems: [
        {
          code: 'cut',
          message: 'taipei-line1-042-1040-01938d2e-4c00-7000-8000-000000000040.fieldbench: This file is not whole.',
          remedy: 'Copy the file again and eject the medium before you pull it out.',
        },
      ],
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Take them back' }).click();
      await page.getByTestId('transfer-result').waitFor();
    },
  },
};
