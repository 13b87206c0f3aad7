/**
 * The pictures of screens that a try-out cannot bring about in a moment, from the gallery's states; and the page that shows
 * every picture with a line on what it is.
 *
 * Above it: take.ts.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findChromium } from '../support/chromium.js';
import { lastPart } from '../ui/gallery/last-part.ts';
import { openGallery } from '../ui/gallery/open-gallery.ts';
import { SCENES } from '../ui/gallery/states.ts';

const DESK = { width: 1280, height: 800 };
const TABLET = { width: 820, height: 1180 };

interface Picture {
  /** Of the gallery; absent: taken from the try-out, under the picture's own name. */
  readonly state?: string;
  readonly is: string;
  readonly size?: typeof DESK;
  readonly theme?: 'light' | 'dark';
}

/** By file name, in the order in which a reader meets them. */
const PICTURES: Readonly<Record<string, Picture>> = {
  'first-use': { state: 'unenrolled', is: 'A browser that is no station yet' },
  'first-steps': { state: 'guide-unit', is: 'The first steps tick themselves off' },
  'operator-pass': { is: 'A unit has passed' },
  'operator-fail': { is: 'A unit has failed, and for which reason' },
  'operator-fail-dark': { is: 'The same in the dark theme' },
  'operator-tablet': { is: 'On a tablet' },
  'operator-running': { state: 'running', is: 'A unit is under test' },
  'operator-error': { state: 'error', is: 'The fixture was pulled' },
  'operator-emergency': { state: 'emergency', is: 'After an emergency stop' },
  'operator-refusal': { state: 'refusal', is: 'A scan that is refused, with what to do' },
  'fail-unseen': { state: 'fail-unseen', is: 'A unit that did not pass is set aside first' },
  prompt: { state: 'prompt', is: 'A question to the person at the bench' },
  'prompt-pictures': { state: 'prompt-pictures', is: 'A question with pictures', size: TABLET },
  identity: { state: 'identity-step', is: 'What must be known of a unit before its test' },
  'sign-in': { state: 'sign-in-pin', is: 'Signing in without a badge', size: TABLET },
  'slots-4': { state: 'slots-4-verdicts', is: 'Four slots' },
  'slots-16': { state: 'slots-16-running', is: 'Sixteen slots', theme: 'dark' },
  wall: { state: 'wall-pass', is: 'The wall view, read from across the room', theme: 'dark' },
  run: { is: 'The page of a run' },
  'run-curve': { state: 'run-curve', is: 'A curve between its limits' },
  history: { is: 'The history of the station' },
  'history-search': { state: 'history-search', is: 'Searched as one types' },
  analysis: { state: 'analysis', is: 'Yield and failures, from the runs on this disk' },
  'analysis-measurement': { state: 'analysis-measurement', is: 'One measurement: capability and control chart' },
  queue: { is: 'What has not arrived yet' },
  'queue-repair': { state: 'queue-repair', is: 'A parked run is corrected' },
  'queue-codes': { state: 'queue-codes', is: 'Runs leave as QR codes, where no network is' },
  fixtures: { is: 'Fixtures and instruments' },
  'fixtures-by-hand': { state: 'fixtures-by-hand', is: 'An instrument is spoken to by hand' },
  fleet: { is: 'Procedures and releases of this station' },
  releases: { state: 'fleet-releases', is: 'Signed releases, and the way back', theme: 'dark' },
  stations: { state: 'stations', is: 'All stations, those that need a person first' },
  'stations-rollouts': { state: 'stations-rollouts', is: 'A rollout, ring by ring' },
  workshop: { is: 'A procedure is written and tried out' },
  settings: { is: 'Settings' },
  configuration: { state: 'configuration-signed', is: 'Every setting, and the tier it came from' },
  people: { state: 'people', is: 'Who may do what' },
  check: { state: 'check-trouble', is: 'The check of a station' },
  help: { state: 'help-code', is: 'A code’s page: cause and remedy, without a network' },
  sandbox: { is: 'The stand-in for TofuPilot' },
};

/** @param folder where they go, and the page about them */
export async function takeScenes(folder: string): Promise<void> {
  const gallery = await openGallery(findChromium() as string);
  try {
    const page = await gallery.browser.newPage({ locale: 'en-GB', timezoneId: 'UTC' });
    for (const [name, picture] of Object.entries(PICTURES)) {
      if (picture.state === undefined) continue;
      await show(page, gallery.address, picture.state, picture);
      await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
      await page.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
    }
  } finally {
    await gallery.close();
  }
  const entries = Object.entries(PICTURES).map(([name, { is }]) => `## ${is}\n\n![${is}](${name}.png)\n`);
  writeFileSync(
    join(folder, 'README.md'),
    `# Every screen\n\nTaken by \`npm run screens\`, which also writes this page.\n\n${entries.join('\n')}`,
  );
}

async function show(page: Page, address: string, state: string, { size = DESK, theme = 'light' }: Picture) {
  const scene = SCENES[state];
  if (!scene) throw new Error(`the gallery has no state ${state}`);
  await page.setViewportSize(size);
  await page.goto(`${address}${scene.path}?state=${state}&theme=${theme}`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await scene.act?.(page);
  await lastPart(page);
  // What a screen draws a frame later, as the queue's lower rows.
  await page.waitForTimeout(300);
}
