/**
 * The first picture: it is there before the scripts are, and nothing that is done to it is lost when they come.
 *
 * The scripts are held back for as long as a slow tablet might take, so that a person is always faster.
 */
import type { Page } from '@playwright/test';
import { StationPage } from '../support/station-page.ts';
import { expect, night, test, type Stage } from './stage.ts';

const STATION = 'demo-line1-001';

/** A page whose app does not come before it is let go. */
async function held(stage: Stage, path = '/', before?: () => void) {
  const { origin } = await stage.server();
  const { page } = await stage.browser({ origin });
  const complaints: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  if (before) await page.addInitScript(before);
  let letGo = () => {};
  const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/\/assets\/index-[^/]*\.js$/, async (route) => {
    await isLetGo;
    await route.continue();
  });
  await page.goto(origin + path, { waitUntil: 'commit' });
  await page.locator('html').waitFor();
  return { page, station: new StationPage(page, origin), complaints, letGo };
}

/** The element itself: another one in its place would have lost what was in it. */
const markField = (page: Page) =>
  page.getByTestId('serial-input').evaluate((field) => void Object.assign(window, { field }));
const isSameField = (page: Page) =>
  page.getByTestId('serial-input').evaluate((field) => field === (window as { field?: unknown }).field);

test('what is scanned before the app is there is tested, and a second scan replaces the first', async ({ stage }) => {
  const { page, station, complaints, letGo } = await held(stage);
  const field = page.getByTestId('serial-input');
  await expect(field).toBeFocused();
  await markField(page);
  await expect(page.getByTestId('queue'), 'nothing is said that is not known yet').toHaveCount(0);
  // As before the first frame.
  await field.blur();
  await page.keyboard.type('SN-000113');
  await page.keyboard.press('Enter');
  await page.keyboard.type('SN-000123');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('SN-000123');
  letGo();
  const { outcome, text } = await station.verdict();
  expect([outcome, text.includes('SN-000123')]).toEqual(['PASS', true]);
  expect(await isSameField(page), 'the first picture came to life').toBe(true);
  expect(new URL(page.url()).search, 'Enter did not load the page anew').toBe('');
  await station.queueBecomes({ waiting: 0, uploadedToday: 1 });
  expect(complaints).toEqual([]);
});

test('an emergency stop that is pressed before the app is there is one, by finger and by each key', async ({
  stage,
}) => {
  const { page, station, letGo } = await held(stage, '/', () => {
    const { postMessage } = Worker.prototype;
    const said: unknown[] = [];
    Object.assign(window, { said });
    Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: never[]) {
      said.push(message);
      return Reflect.apply(postMessage, this, [message, ...rest]);
    };
  });
  await page.getByTestId('emergency-stop').click();
  await page.keyboard.press('Pause');
  await page.keyboard.press('Control+Shift+Backspace');
  letGo();
  await station.fixtureIs('ready');
  const said = await page.evaluate(() => JSON.stringify((window as unknown as { said: unknown[] }).said));
  expect(said.split('emergencyStop').length - 1).toBe(3);
  expect((await station.test('SN-000123')).outcome).toBe('PASS');
});

test('it is in the theme that was chosen', night, async ({ stage }) => {
  const { page, station, letGo } = await held(stage, '/', () => localStorage.setItem('fieldbench-theme', 'dark'));
  await expect(page.locator(':root')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByTestId('start')).toBeVisible();
  letGo();
  await station.ready(STATION);
  await expect(page.locator(':root')).toHaveAttribute('data-theme', 'dark');
});

test('no other screen’s first picture is this one', night, async ({ stage }) => {
  const { page, complaints, letGo } = await held(stage, '/history');
  await expect(page.getByTestId('start')).toBeAttached();
  await expect(page.getByTestId('start')).toBeHidden();
  letGo();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
  await expect(page.getByTestId('start')).toHaveCount(0);
  expect(complaints).toEqual([]);
});
