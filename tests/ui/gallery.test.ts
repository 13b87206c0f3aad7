/**
 * Every state of every screen in a real browser: no accessibility violation, no policy violation, nothing that runs
 * out of the window. With `GALLERY_SHOTS=<folder>` it leaves a picture of each.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { findChromium } from '../support/chromium.js';
import { openGallery, type Gallery } from './gallery/open-gallery.ts';
import { SCENES } from './gallery/states.ts';

const SHOTS = process.env['GALLERY_SHOTS'];
/** The last is a laptop's window at 200 % zoom. */
const SIZES = { desk: [1280, 800], tablet: [820, 1180], narrow: [360, 740], zoomed: [640, 400] } as const;
/**
 * Every rule of axe is asked of every state once; again in the dark and in a narrow window only at night, since it takes
 * minutes. The colours of both themes are held by contrast.test.ts.
 */
const isNightly = process.env['FIELDBENCH_NIGHTLY'] !== undefined;
const OF_COLOURS = ['color-contrast'];

const chromium = findChromium();

describe.skipIf(!chromium)('gallery', () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery(chromium as string);
  }, 300_000);
  afterAll(() => gallery?.close());

  const names = (process.env['GALLERY_STATES'] || Object.keys(SCENES).join())
    .split(',')
    .filter((name) => name in SCENES)
    // By day every other state: all of them take two cores for minutes.
    .filter((_, at) => isNightly || process.env['GALLERY_STATES'] || at % 2 === 0);
  test.concurrent.for(names)('%s', { timeout: 300_000 }, async (name, { expect }) => {
    const page = await gallery.browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints = listen(page);
    const show = async (size: string, theme: string) => {
      await page.evaluate((theme) => void (document.documentElement.dataset['theme'] = theme), theme);
      if (SHOTS) await page.waitForTimeout(theme === 'light' ? 350 : 150);
      if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${size}-${theme}.png`) });
    };
    const audit = async (where: string, rules?: readonly string[]) =>
      expect.soft(await axeViolations(page, rules), where).toEqual([]);
    await page.goto(`${gallery.address}${SCENES[name]?.path}?state=${name}&theme=light`);
    await SCENES[name]?.act?.(page);
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      await page.setViewportSize({ width, height });
      await show(size, 'light');
      if (size === 'desk') await audit('desk light');
      if (size === 'narrow' && isNightly) await audit('narrow light');
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${size}: sideways scrolling`).toBeLessThanOrEqual(0);
      const isAudited = size === 'desk' && isNightly;
      if (SHOTS || isAudited) await show(size, 'dark');
      if (isAudited) await audit('desk dark', OF_COLOURS);
    }
    expect.soft(complaints).toEqual([]);
    await page.close();
  });
});

/** Console errors, page errors and policy violations. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
