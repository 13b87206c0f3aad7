/**
 * The operator's screen with sixteen slots: how much of a core it takes while two hundred measurements come in a second,
 * whether it ever stands still, how fast it answers a person, and whether a shift of 72 hours leaves anything behind.
 *
 * The screen alone, in the gallery: what the station does is another worker's, and other benchmarks'. The peer of the pace is
 * the least that shows the same numbers; of the shift, the same page after a tenth of it; of the answers, the same page with
 * nothing under test.
 */
import type { CDPSession, Page } from '@playwright/test';
import { findChromium } from '../support/chromium.js';
import { openGallery, type Gallery } from '../ui/gallery/open-gallery.ts';
import { SCENES } from '../ui/gallery/states.ts';
import { compare, type Result } from './measure.ts';
import { keepPace, keepPaceBare, type Pace, type Shift, watchPage, workShift } from './operator-page.ts';

const SLOTS = 16;
const PACE: Pace = { slots: SLOTS, perSecond: 200, seconds: 10 };
const ROUNDS = 3;
const LIMIT_CORE_PERCENT = 30;
/** The browser reports a task from 50 ms on. */
const LIMIT_TASK_MS = 50;
const LIMIT_ANSWER_MS = 100;
/** 72 hours, a unit in each slot every two minutes; and a tenth of it, after which all that is made once has been made. */
const SHIFT: Shift = { slots: SLOTS, runs: (72 * 60) / 2, measurements: 10 };
const WARM: Shift = { ...SHIFT, runs: SHIFT.runs / 10 };
/** What the browser's own housekeeping comes and goes by. */
const FLAT = 1.1;
const MEGABYTE = 1e6;

export async function run(): Promise<Result[]> {
  const gallery = await openGallery(findChromium() as string);
  try {
    const rounds: { ours: { percent: number; longestTaskMs: number }; bare: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push({
        ours: await paced(gallery),
        bare: await core(gallery, 'about:blank', (page) => page.evaluate(keepPaceBare, PACE)),
      });
    const busy = await answers(gallery, true);
    const quiet = await answers(gallery, false);
    const [warmBytes, endBytes] = await shift(gallery);
    return [
      compare(
        {
          name: `Operator’s screen, ${SLOTS} slots, ${PACE.perSecond} measurements a second`,
          unit: '% of a core',
          peerName: 'a line of bare text for each slot',
          bound: `under ${LIMIT_CORE_PERCENT} %`,
        },
        rounds.map(({ ours, bare }) => ({ ours: ours.percent, peer: bare })),
        ({ ours }) => ours < LIMIT_CORE_PERCENT,
      ),
      compare(
        {
          name: 'The same: its longest task',
          unit: 'ms',
          peerName: 'the shortest that a browser reports',
          bound: `under ${LIMIT_TASK_MS} ms`,
        },
        rounds.map(({ ours }) => ({ ours: ours.longestTaskMs, peer: LIMIT_TASK_MS })),
        () => rounds.every(({ ours }) => ours.longestTaskMs < LIMIT_TASK_MS),
      ),
      compare(
        {
          name: 'Press or key to the next picture, the slowest of a round through every screen, 16 slots under test',
          unit: 'ms',
          peerName: 'the same with nothing under test',
          bound: `under ${LIMIT_ANSWER_MS} ms`,
        },
        [{ ours: busy, peer: quiet }],
        ({ ours }) => ours < LIMIT_ANSWER_MS,
      ),
      compare(
        {
          name: `Memory after a shift of 72 hours, ${SHIFT.runs * SLOTS} runs`,
          unit: 'MB',
          peerName: 'after a tenth of it',
          bound: `at most ${FLAT} times`,
        },
        [{ ours: endBytes / MEGABYTE, peer: warmBytes / MEGABYTE }],
        ({ ratio }) => ratio <= FLAT,
      ),
    ];
  } finally {
    await gallery.close();
  }
}

async function paced(gallery: Gallery): Promise<{ percent: number; longestTaskMs: number }> {
  let longestTaskMs = 0;
  const percent = await core(gallery, addressOf(gallery), async (page) => {
    await page.evaluate(watchPage);
    await page.evaluate(keepPace, PACE);
    longestTaskMs = await page.evaluate(() => (window as unknown as { longestTaskMs: number }).longestTaskMs);
  });
  return { percent, longestTaskMs };
}

const addressOf = ({ address }: Gallery) => `${address}/?state=slots-16-idle`;

/** @returns how much of a core the page's process took meanwhile, in percent */
async function core(gallery: Gallery, address: string, work: (page: Page) => Promise<void>): Promise<number> {
  const page = await gallery.browser.newPage({ viewport: { width: 1280, height: 800 } });
  const browser = await gallery.browser.newBrowserCDPSession();
  try {
    await settled(page, address);
    const before = await cpuSeconds(browser);
    const began = performance.now();
    await work(page);
    const seconds = (performance.now() - began) / 1000;
    return ((await cpuSeconds(browser)) - before) * (100 / seconds);
  } finally {
    await browser.detach();
    await page.close();
  }
}

async function settled(page: Page, address: string): Promise<void> {
  await page.goto(address);
  if (address !== 'about:blank') await page.getByTestId('slot').first().waitFor();
  // What the app loads when there is nothing else to do.
  await page.waitForTimeout(2_000);
}

/** Of all pages' processes: only one page does anything. */
async function cpuSeconds(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** @returns the slowest, ms, in steps of 8: the browser rounds */
async function answers(gallery: Gallery, isBusy: boolean): Promise<number> {
  const page = await gallery.browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await settled(page, addressOf(gallery));
    await page.evaluate(watchPage);
    const work = isBusy ? page.evaluate(keepPace, { ...PACE, seconds: 40 }).catch(() => {}) : Promise.resolve();
    for (const serial of ['SN-000001', 'SN-000002']) {
      await page.getByTestId('serial-input').focus();
      await page.keyboard.type(serial, { delay: 30 });
      await page.keyboard.press('Backspace');
      await page.waitForTimeout(200);
    }
    for (const place of [
      'History',
      'Analysis',
      'Uploads',
      'Fixtures',
      'Procedures',
      'Stations',
      'Settings',
      'Help',
      'Test',
    ]) {
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: place, exact: true }).click();
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.waitForTimeout(500);
      await page.keyboard.press('Tab');
      await page.waitForTimeout(200);
    }
    const [slowestEventMs, slowestEvent] = await page.evaluate(() => {
      const { slowestEventMs, slowestEvent } = window as unknown as { slowestEventMs: number; slowestEvent: string };
      return [slowestEventMs, slowestEvent] as const;
    });
    if (slowestEventMs > LIMIT_ANSWER_MS) console.error(`${slowestEventMs} ms: ${slowestEvent}`);
    await page.close();
    await work;
    return slowestEventMs;
  } finally {
    await page.close();
  }
}

/** @returns bytes on the page's heap when its garbage is gone, after a tenth of the shift and at its end */
async function shift(gallery: Gallery): Promise<readonly [number, number]> {
  const page = await gallery.browser.newPage({ viewport: { width: 1280, height: 800 } });
  const inside = await page.context().newCDPSession(page);
  const bytes = async () => {
    await inside.send('HeapProfiler.collectGarbage');
    return (await inside.send('Runtime.getHeapUsage')).usedSize;
  };
  try {
    await settled(page, addressOf(gallery));
    const { recent } = SCENES['slots-16-idle']!.view;
    await page.evaluate(workShift, { ...WARM, recent });
    const warm = await bytes();
    await page.evaluate(workShift, { ...SHIFT, runs: SHIFT.runs - WARM.runs, recent });
    return [warm, await bytes()];
  } finally {
    await page.close();
  }
}
