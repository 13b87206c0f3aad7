/**
 * Every state of every screen in a real browser: no accessibility violation, no policy violation, nothing that runs
 * out of the window; by night nothing that looks otherwise than it did. By day axe looks once at each, by night in both
 * themes and in a narrow window too. With `GALLERY_SHOTS=<folder>` it leaves a picture of each.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from '../../support/axe.ts';
import { findChromium } from '../../support/chromium.js';
import { ACCEPTS, CAN_COMPARE, KeptPictures } from './kept-pictures.ts';
import { lastPart } from './last-part.ts';
import { openGallery, type Gallery } from './open-gallery.ts';
import { SCENES } from './states.ts';

const SHOTS = process.env['GALLERY_SHOTS'];
/** The last is a laptop's window at 200 % zoom. */
const SIZES = { desk: [1280, 800], tablet: [820, 1180], narrow: [360, 740], zoomed: [640, 400] } as const;
const IS_NIGHT = Boolean(process.env['FIELDBENCH_NIGHTLY']);
const THEMES = IS_NIGHT || SHOTS || ACCEPTS ? ['light', 'dark'] : ['light'];
/** What is compared with its kept picture, by night. */
const COMPARES = CAN_COMPARE && (IS_NIGHT || ACCEPTS);
const PICTURES = ['desk light', 'tablet dark'];
/** The samples' day: without it a date is worded by the day on which one looks. */
const NOW = '2026-11-20T08:10:00Z';
const chromium = findChromium();

export const SHARES = 2;

/** Looks at every second state, from the first or from the second on: the other half is looked at by another process. */
export function walkGallery(share: number): void {
  const asked = process.env['GALLERY_STATES']?.split(',') ?? Object.keys(SCENES);
  const names = sharesOf(Object.keys(SCENES))[share]!.filter((name) => asked.includes(name));
  describe.skipIf(!chromium || names.length === 0)('gallery', () => walk(names, share));
}

const sharesOf = (names: readonly string[]): string[][] =>
  Array.from({ length: SHARES }, (_, share) => names.filter((_, at) => at % SHARES === share));

function walk(names: readonly string[], share: number): void {
  let gallery: Gallery;
  /** One for all states: a page of its own for each takes longer than all that is looked at. */
  let page: Page;
  let complaints: string[];
  let pictures: KeptPictures;
  beforeAll(async () => {
    gallery = await openGallery(chromium as string);
    page = await gallery.browser.newPage({ locale: 'en-GB', timezoneId: 'UTC' });
    await page.addInitScript(beginAt, Date.parse(NOW));
    complaints = listen(page);
    pictures = new KeptPictures(await gallery.browser.newPage(), share, sharesOf(Object.keys(SCENES)));
  }, 300_000);
  afterAll(async () => {
    pictures?.write();
    await gallery?.close();
  });

  const show = async (name: string, size: string, theme: string) => {
    await page.evaluate((theme) => void (document.documentElement.dataset['theme'] = theme), theme);
    if (SHOTS) await page.waitForTimeout(theme === 'light' ? 350 : 150);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${size}-${theme}.png`) });
  };

  test.each(names)('%s', { timeout: 120_000 }, async (name) => {
    complaints.length = 0;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${gallery.address}${SCENES[name]?.path}?state=${name}&theme=light&axe`);
    // A screen that is loaded later has its heading when it is there.
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await SCENES[name]?.act?.(page);
    if (COMPARES) await lastPart(page);
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      await page.setViewportSize({ width, height });
      for (const theme of THEMES) {
        await show(name, size, theme);
        const rules = theme === 'dark' ? ['color-contrast'] : undefined;
        if (size === 'desk' || (IS_NIGHT && size === 'narrow' && theme === 'light'))
          expect.soft(await axeViolations(page, rules), `${size} ${theme}`).toEqual([]);
        if (COMPARES && !SCENES[name]?.isMoving && PICTURES.includes(`${size} ${theme}`))
          expect.soft(await pictures.complaint(name, `${size}-${theme}`, page)).toBeNull();
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${size}: sideways scrolling`).toBeLessThanOrEqual(0);
    }
    expect.soft(complaints).toEqual([]);
    // Nothing of this state is left for the next.
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
  });
}

/** In the page: its calendar begins at a moment of ours. */
function beginAt(beginMs: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...of: unknown[]) {
      super(...((of.length === 0 ? [beginMs + performance.now()] : of) as [number]));
    }
    static override now = () => beginMs + Math.floor(performance.now());
  } as DateConstructor;
}

/** Console errors, page errors and policy violations. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
