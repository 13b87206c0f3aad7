/** The help: all pages, one page, a message's page, what was looked for, and the first steps as far as they have come. */
import type { Page } from '@playwright/test';
import type { StationView } from '#engine/link/station-link.ts';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

const PLUG = READY.plugs[0] as StationView['plugs'][number];
const NEW: StationView = { ...READY, recent: [], notices: [] };
const MISSING: StationView['plugs'] = [
  {
    ...PLUG,
    state: 'missing',
    identity: '',
    message: 'No Fixture is connected.',
    remedy: 'Plug it in; choose it once under Fixtures.',
  },
];
const LOST_DISK: StationView = {
  ...READY,
  status: 'failed',
  notices: [
    {
      code: 'storage-failed',
      tone: 'error',
      message: 'The browser could not use its storage: the disk answers with errors.',
      remedy: 'Reload the page; if this stays, restart the browser.',
    },
  ],
};

const look = (page: Page, text: string) => page.getByTestId('help-search').pressSequentially(text);
/** In the page itself: a scene has no test around it. */
const becomes = (page: Page, what: string) => page.waitForFunction(what);
const isTitled = (page: Page, title: string) =>
  page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();

export const HELP_SCENES: Readonly<Record<string, Scene>> = {
  'help-home': { path: '/help', view: READY },
  'help-page': {
    path: '/help/guides/technician',
    view: READY,
    act: async (page) => {
      await page.getByRole('link', { name: 'USB devices on Linux' }).first().click();
      await becomes(
        page,
        'location.hash === "#usb-devices-on-linux" && document.activeElement.id === location.hash.slice(1)',
      );
      await page.evaluate(() => window.scrollTo(0, 0));
    },
  },
  'help-code': {
    path: '/help/code/fixture-missing',
    view: { ...READY, plugs: MISSING },
    act: (page) => page.getByText('This browser was never told').waitFor(),
  },
  'help-search': {
    path: '/help',
    view: READY,
    act: async (page) => {
      await look(page, 'modemmanager');
      const hits = page.getByTestId('help-hit');
      await hits
        .first()
        .locator('mark', { hasText: /modemmanager/i })
        .first()
        .waitFor();
      // There and back: what was looked for is still there.
      await hits.getByRole('link').first().click();
      await hits.first().waitFor({ state: 'detached' });
      await page.getByTestId('help-back').click();
      await hits.first().waitFor();
      await becomes(page, 'document.querySelector("[data-testid=help-search]").value === "modemmanager"');
    },
  },
  'help-nothing': {
    path: '/help',
    view: READY,
    act: async (page) => {
      await look(page, 'xylophone');
      await page.getByText('Nothing was found').waitFor();
    },
  },
  'help-unknown': { path: '/help/code/never-heard-of', view: READY },
  // From the one message that stands over a station that cannot start, to its page and back.
  'help-failed': {
    path: '/',
    view: LOST_DISK,
    act: async (page) => {
      await page.getByTestId('help-link').click();
      await isTitled(page, 'The browser could not use its storage');
      await page.getByTestId('help-back').click();
      await isTitled(page, 'This station cannot start');
      await page.getByTestId('help-link').click();
      await page.locator('[data-testid=notice][data-code=storage-failed]').waitFor();
    },
  },
  'guide-fixture': { path: '/help/first-steps', view: { ...NEW, plugs: MISSING } },
  'guide-procedure': { path: '/help/first-steps', view: { ...NEW, plugs: [], procedure: null, procedures: [] } },
  'guide-unit': { path: '/help/first-steps', view: NEW },
  'guide-done': { path: '/help/first-steps', view: READY },
  'guide-told': {
    path: '/',
    view: {
      ...NEW,
      notices: [
        {
          code: 'first-steps',
          tone: 'info',
          message: 'This browser is a station now.',
          remedy: 'Two steps are left: the fixture, and a first unit. Help shows them.',
        },
      ],
    },
    act: async (page) => {
      await becomes(page, 'document.activeElement.dataset.testid === "serial-input"');
    },
  },
};
