/** What the app offers once it is installed, or can be, in a real browser, on a station that is not there. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';

describe.skipIf(!chromium)('installed app', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, calls } = hands((fresh) => (page = fresh));

  test('it is installed by one press under Settings, where the browser offers that', async () => {
    await open('settings-install', '/settings');
    await page.getByRole('button', { name: 'Install the app' }).click();
    await page.getByText('The app is installed.').waitFor();
    expect(await calls('install')).toHaveLength(1);
    await open('settings', '/settings');
    expect(await handle('install-offer').count(), 'no offer, no button').toBe(0);
  });

  test('a file that was opened with the app is opened under Uploads, once', async () => {
    await open('queue-launched', '/queue');
    await handle('transfer-result').waitFor();
    expect(await handle('transfer-result').innerText()).toContain('taipei-line1-041-1-3.fieldbench');
    expect(await calls('openTransfer')).toHaveLength(1);
  });
});
