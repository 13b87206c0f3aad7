/**
 * A person's hands on the gallery, for one test after the other: a fresh page for each, what it complained of, what it
 * asked of the station, and a way to tell it news.
 *
 * To be called inside of a `describe`. Knows nothing of what is tested.
 */
import type { BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { StationNews } from '#engine/link/station-link.ts';
import { findChromium } from '../../support/chromium.js';
import { openGallery, type Gallery } from './open-gallery.ts';

/** What takes longer hangs; a slow machine is not wrong. */
export const HANGS_MS = 60_000;
/** Null: there is no browser, and the suite is skipped. */
export const chromium = findChromium();

interface InPage {
  readonly gallery: {
    readonly calls: readonly { readonly name: string; readonly args: unknown[] }[];
    tell(news: unknown): void;
  };
}

/** @param onPage called before each test, with its page */
export function hands(onPage: (page: Page) => void) {
  let gallery: Gallery;
  /** One for all tests: its cache holds the gallery's files, which are most of the cost of a page. */
  let shared: BrowserContext;
  /** Of this test alone, if it asked for one. */
  let own: BrowserContext | undefined;
  let page: Page;
  let complaints: string[] = [];

  const newContext = (locale = 'en-GB') =>
    gallery.browser.newContext({ viewport: { width: 1280, height: 800 }, locale });

  async function newPage(context: BrowserContext): Promise<void> {
    page = await context.newPage();
    page.setDefaultTimeout(HANGS_MS);
    complaints = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    onPage(page);
  }

  beforeAll(async () => {
    gallery = await openGallery(chromium as string);
    shared = await newContext();
  }, 5 * HANGS_MS);
  afterAll(() => gallery?.close());
  beforeEach(() => newPage(shared));
  afterEach(async () => {
    // What this test chose is not the next one's; a page that went nowhere has no store.
    if (page.url() !== 'about:blank') await page.evaluate(() => localStorage.clear());
    await (own ?? page).close();
    own = undefined;
    expect(complaints).toEqual([]);
  });

  return {
    /** A page that shares nothing with the other tests, in the place of the one that the test began with. */
    async onItsOwn(locale?: string): Promise<void> {
      await page.close();
      own = await newContext(locale);
      await newPage(own);
    },
    /** Opens a state and waits until the page has put the focus where it belongs, which it does with its first picture. */
    async open(state: string, path = '/'): Promise<void> {
      await page.goto(`${gallery.address}${path}?state=${state}`);
      // A screen that is loaded later has its heading when it is there.
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    },
    handle: (id: string) => page.getByTestId(id),
    tell: (...news: StationNews[]) =>
      page.evaluate((news) => {
        for (const item of news) (window as unknown as InPage).gallery.tell(item);
      }, news),
    /** The arguments of each call of this name. */
    calls: (name: string) =>
      page.evaluate(
        (name) =>
          (window as unknown as InPage).gallery.calls.filter((call) => call.name === name).map(({ args }) => args),
        name,
      ),
  };
}
