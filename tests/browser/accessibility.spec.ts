/** The real pages, with what a station really says: no accessibility violation, and everything within a keyboard's reach. */
import type { Page } from '@playwright/test';
import { axeViolations } from '../support/axe.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

const STATION = 'demo-line1-001';
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
/** Two of the four, and by night all of them; the gallery has each state in both themes. */
const LOOKS = [
  ['light', WIDE],
  ['dark', NARROW],
  ...(process.env['FIELDBENCH_NIGHTLY']
    ? ([
        ['light', NARROW],
        ['dark', WIDE],
      ] as const)
    : []),
] as const;

/** The element that has the focus, as a person would name it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return `${element?.tagName.toLowerCase()} ${name.trim().replace(/\s+/g, ' ')}`;
  });

async function tabTo(page: Page, name: RegExp, most = 20): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await focused(page))) return;
  }
  throw new Error(`${most} presses of Tab did not reach ${name}; the last was ${await focused(page)}`);
}

test('every screen, in both themes, wide and narrow; and the sandbox', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  for (const serial of ['SN-000123', 'SN-000113']) await station.test(serial);
  const { runId } = (await station.shown())!;
  for (const path of [
    '/',
    '/history',
    '/analysis',
    `/runs/${runId}`,
    '/queue',
    '/fixtures',
    '/fleet',
    '/settings',
    '/help',
    '/stations',
    '/workshop',
    '/sandbox',
  ]) {
    await station.open(path);
    await expect(page.locator('h1').first()).toBeAttached();
    await page.waitForLoadState('networkidle');
    for (const [colorScheme, size] of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const where = `${path} ${colorScheme} ${size.width}`;
      expect.soft(await axeViolations(page), where).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${where}: sideways scrolling`).toBeLessThanOrEqual(0);
    }
  }
});

test('a unit is tested, its run found, opened and exported, and the theme changed, by keyboard alone', async ({
  stage,
}) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  await page.keyboard.type('SN-000113');
  await page.keyboard.press('Enter');
  expect((await station.verdict()).outcome).toBe('FAIL');
  // With the verdict it goes there, for the next unit; whoever is faster has it taken away.
  await expect(page.getByTestId('serial-input')).toBeFocused();

  await page.getByLabel('Menu').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, /^a History$/, 6);
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page), 'the heading has the focus after a navigation').toBe('h1 History');
  await tabTo(page, /Find runs/, 2);
  await page.keyboard.type('SN-00011');
  // Filters and files of what was found stand between; an arrow goes straight to the first run.
  await expect(page.getByTestId('run-row')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page)).toMatch(/SN-000113/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SN-000113');
  await tabTo(page, /^button CSV$/);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/^SN-000113-.*\.csv$/);

  await page.getByLabel('Menu').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, /^a Settings$/, 9);
  await page.keyboard.press('Enter');
  await page.getByLabel('As the system').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator(':root')).toHaveAttribute('data-theme', 'dark');
});
