/**
 * Takes the pictures that the README, docs/screens/ and the install dialogue show: from the running try-out, and from the
 * gallery what a try-out cannot bring about in a moment.
 *
 * `npm run screens` after a build. Writes docs/screens/ and public/screens/; look at what it took.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { takeScenes } from './scenes.ts';

const DESKTOP = { width: 1280, height: 800 };
const TABLET = { width: 820, height: 1180 };
const folderOf = (path: string) => {
  const folder = fileURLToPath(new URL(`../../${path}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
};

export async function take(): Promise<void> {
  const docs = folderOf('docs/screens');
  await takeTryOut(docs);
  await takeScenes(docs);
}

async function takeTryOut(docs: string): Promise<void> {
  const install = folderOf('public/screens');
  const profile = mkdtempSync(join(tmpdir(), 'screens-'));
  const server = await Server.start();
  const browser = await startBrowser({ folder: profile, origin: server.origin });
  const { page } = browser;
  const shot = (folder: string, name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  try {
    await page.goto(server.origin);
    await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
    for (const serial of ['SN-000119', 'SN-000121', 'SN-000122', 'SN-000113']) await test(page, serial);
    await shot(docs, 'operator-fail');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot(docs, 'operator-fail-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await test(page, 'SN-000123');
    await shot(docs, 'operator-pass');
    await shot(install, 'operator-wide');
    await page.setViewportSize(TABLET);
    await shot(docs, 'operator-tablet');
    await shot(install, 'operator-narrow');
    await page.setViewportSize(DESKTOP);
    for (const name of ['history', 'fixtures', 'queue', 'fleet', 'settings']) {
      await page.goto(`${server.origin}/${name}`);
      await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
      await page.waitForTimeout(800);
      await shot(docs, name);
    }
    await page.goto(`${server.origin}/history`);
    await page.getByTestId('run-row').nth(1).click();
    await page.waitForTimeout(800);
    await shot(docs, 'run');
    await page.goto(`${server.origin}/workshop`);
    await page.getByTestId('open-template').click();
    await page.getByTestId('workshop-serial').fill('SN-000113');
    await page.getByTestId('workshop-step').click();
    for (let step = 0; step < 3; step += 1) {
      await page.locator('[data-testid=workshop-place][data-held=true]').waitFor();
      await page.getByTestId('workshop-next').click();
    }
    await page.waitForTimeout(800);
    await shot(docs, 'workshop');
    await page.getByTestId('workshop-stop').click();
    await page.getByTestId('workshop-outcome').waitFor();
    await page.goto(`${server.origin}/sandbox`);
    await page.waitForTimeout(800);
    await shot(docs, 'sandbox');
  } finally {
    await browser.close();
    await server.stop();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function test(page: Page, serial: string): Promise<void> {
  await page.getByTestId('serial-input').fill(serial);
  await page.keyboard.press('Enter');
  await page
    .locator('[data-testid="slot"]', { hasText: serial })
    .locator('[data-testid="verdict"][data-outcome]')
    .waitFor();
  await page.locator('[data-testid="queue"][data-waiting="0"]').waitFor();
}
