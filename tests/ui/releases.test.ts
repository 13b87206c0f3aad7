/** Signed releases on Procedures, in a real browser, on a station that is not there. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { RELEASES } from './gallery/release-states.ts';

describe.skipIf(!chromium)('signed releases', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, calls } = hands((fresh) => (page = fresh));
  const states = () =>
    handle('kept-release').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['state']));
  const [now, before] = RELEASES.kept.map(({ release }) => release);

  test('each is there with its key and whether it is used, and an older one is one press away', async () => {
    await open('fleet-releases', '/fleet');
    await expect.poll(states).toEqual(['in-use', 'kept', 'kept']);
    expect(await handle('kept-release').first().innerText()).toMatch(
      /3\.2\.0[^]*the fleet’s[^]*Signed by Release engineering 2026[^]*In use since/,
    );
    await page.getByRole('button', { name: /Use this release.*3\.1\.0/ }).click();
    await expect.poll(() => calls('useRelease')).toEqual([['power-board', before]]);
    expect(await handle('release-held').count()).toBe(0);
  });

  test('held by hand: who, what the fleet wants, and the way back', async () => {
    await open('fleet-release-held', '/fleet');
    await expect.poll(states).toEqual(['kept', 'in-use', 'kept']);
    const held = await handle('release-held').innerText();
    expect(held).toMatch(/^Held here by Mei Chen, .*\. The fleet wants 3\.2\.0\. It stays until it is let go\./);
    await page.getByRole('button', { name: /Follow the fleet/ }).click();
    await expect.poll(() => calls('followFleet')).toEqual([['power-board']]);
    expect(await page.getByRole('button', { name: /Use this release.*3\.2\.0/ }).isEnabled()).toBe(true);
    expect(now).toBe(RELEASES.inUse);
  });

  test('what was refused stands above, each with its code and what to do; also where there is nothing else', async () => {
    for (const scene of ['fleet-release-refused', 'fleet-release-nothing']) {
      await open(scene, '/fleet');
      await expect.poll(() => handle('refused-release').count()).toBe(2);
      expect(await handle('refused-release').first().getAttribute('data-code')).toBe('release-damaged');
      expect(await handle('refused-release').last().innerText()).toContain('use fieldbench rollback');
    }
  });

  test('who may not choose cannot press, and is told who can', async () => {
    await open('fleet-release-barred', '/fleet');
    await expect.poll(states).toHaveLength(3);
    expect(
      await page
        .getByRole('button', { name: /Use this release/ })
        .first()
        .isDisabled(),
    ).toBe(true);
    const barred = page.locator('[data-testid=barred][data-right=release]');
    expect(await barred.innerText()).toContain('A supervisor can do this.');
    await barred.getByRole('button', { name: 'Sign in' }).click();
    await handle('sign-in').waitFor();
  });

  test('what the station does not do is said; what is revoked has no button', async () => {
    await open('fleet-release-problem', '/fleet');
    await expect.poll(states).toEqual(['in-use', 'kept', 'barred']);
    await page.getByRole('button', { name: /Use this release.*3\.1\.0/ }).click();
    await handle('release-problem').filter({ hasText: 'not whole on this machine' }).waitFor();
    expect(await page.getByRole('button', { name: /3\.0\.2/ }).count()).toBe(0);
  });
});
