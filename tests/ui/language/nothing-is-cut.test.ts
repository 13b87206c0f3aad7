/**
 * In every language the operator's screens keep all of their text in sight: at 200 % zoom, and on a narrow phone.
 *
 * A laptop's window at 200 % zoom has 640 by 400 pixels. Serial numbers and reasons in the strip of the last units end
 * in dots by design. With `GALLERY_SHOTS=<folder>` it leaves a picture of each in `GALLERY_LANGUAGES`.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '#ui/language/languages.ts';
import { findChromium } from '../../support/chromium.js';
import { openGallery, type Gallery } from '../gallery/open-gallery.ts';
import { SCENES } from '../gallery/states.ts';

const SHOTS = process.env['GALLERY_SHOTS'];
const SIZES = { zoomed: [640, 400], narrow: [360, 740], desk: [1280, 800], tablet: [820, 1180] } as const;
const NAMES = 'running fail fail-unseen-role refusal not-ready prompt slots-4-running'.split(' ');
const SCENE_NAMES = (process.env['GALLERY_STATES']?.split(',') ?? NAMES).filter((name) => name in SCENES);
/** The longest words, no spaces between them, and from right to left; by night every language. */
const SOME = ['de', 'th', 'he'];
const TAGS =
  process.env['GALLERY_LANGUAGES']?.split(',') ?? (process.env['FIELDBENCH_NIGHTLY'] ? Object.keys(LANGUAGES) : SOME);
const chromium = findChromium();

/** Text that is wider than what it stands in. */
function cutIn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const hasText = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '');
    return [...document.querySelectorAll('#app *, body *')]
      .filter((element) => hasText(element) && !element.closest('.hidden-text, svg, [data-testid=serial-input]'))
      .filter((element) => {
        const { textOverflow, display } = getComputedStyle(element);
        if (textOverflow === 'ellipsis' || display === 'inline' || element.clientWidth === 0) return false;
        return element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent!.trim().slice(0, 60)}`);
  });
}

describe.skipIf(!chromium)('nothing is cut', () => {
  let gallery: Gallery;
  let page: Page;
  beforeAll(async () => {
    gallery = await openGallery(chromium as string);
    page = await gallery.browser.newPage();
  }, 300_000);
  afterAll(() => gallery?.close());

  test.each(TAGS)('17: %s', { timeout: 300_000 }, async (tag) => {
    await page.addInitScript((language) => localStorage.setItem('fieldbench-language', language), tag);
    for (const name of SCENE_NAMES) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${gallery.address}${SCENES[name]?.path}?state=${name}&theme=light`);
      await page.locator(`html[lang="${tag}"]`).waitFor();
      await SCENES[name]?.act?.(page);
      for (const [size, [width, height]] of Object.entries(SIZES)) {
        if (!SHOTS && (size === 'desk' || size === 'tablet')) continue;
        await page.setViewportSize({ width, height });
        if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${tag}-${size}.png`) });
        expect.soft(await cutIn(page), `${name} ${size}`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect.soft(overflow, `${name} ${size}: sideways scrolling`).toBeLessThanOrEqual(0);
      }
    }
  });
});
