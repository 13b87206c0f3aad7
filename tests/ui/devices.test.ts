/** The devices that a browser lets the app use, in a real browser, on a station that is not there. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';

describe.skipIf(!chromium)('devices that the browser may use', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, calls } = hands((it) => (page = it));
  const texts = async () => (await handle('device').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());

  test('each by its maker or its own name, with what tells it apart; one that is not there says so', async () => {
    await open('fixtures-devices', '/fixtures');
    expect(await texts()).toEqual([
      'Serial port by FTDI 0403:6001 Who is it? Forget',
      'Serial port not plugged in Forget',
      'ACME Scope 5000 1ab1:04ce · DS1ZA170800001 Who is it? Forget Give it a name',
    ]);
  });

  test('forgotten after a second press, and the other one is asked about anew; a grant by policy stays, and says so', async () => {
    await open('fixtures-devices', '/fixtures');
    const press = (at: number) =>
      handle('device')
        .nth(at)
        .getByRole('button', { name: /forget/i })
        .press('Enter');
    await press(0);
    await press(1);
    expect(await texts()).toHaveLength(3);
    await press(1);
    await expect
      .poll(texts)
      .toEqual(['Serial port by FTDI 0403:6001 Who is it? Forget', expect.stringContaining('ACME')]);
    await press(0);
    await press(0);
    await expect.poll(texts).toHaveLength(1);
    await press(0);
    await press(0);
    await handle('notice').filter({ hasText: 'still allowed' }).waitFor();
    expect(await texts()).toHaveLength(1);
  });

  test('a name is given by keyboard, shown wherever the device is, changed, and Escape leaves it as it was', async () => {
    await open('fixtures-devices', '/fixtures');
    await page.getByRole('button', { name: 'Give it a name: ACME Scope 5000' }).press('Enter');
    const field = page.getByLabel('Called at this station');
    await expect.poll(() => field.evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.type('Scope of line 2');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await texts())[2]).toContain('Scope of line 2 1ab1:04ce · DS1ZA170800001');
    expect(await calls('nameDevice')).toEqual([['1ab1:04ce DS1ZA170800001', 'Scope of line 2']]);
    await page.getByRole('button', { name: 'Rename: Scope of line 2' }).press('Enter');
    await page.keyboard.type('Other');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    expect(await calls('nameDevice')).toHaveLength(1);
    expect((await texts())[2]).toContain('Scope of line 2');
  });

  test('a name that is refused stays in its field, with why; of two that fit, each is shown with its name', async () => {
    await open('device-renamed', '/fixtures');
    await page.getByRole('button', { name: 'Rename: Scope of line 2' }).click();
    await page.getByLabel('Called at this station').fill('Left meter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').filter({ hasText: 'Another device is called' }).waitFor();
    expect(await page.getByLabel('Called at this station').inputValue()).toBe('Left meter');
    await open('device-alike', '/fixtures');
    await page.getByRole('button', { name: 'Spare ACME,FX-1,FX0002,1.0' }).waitFor();
    await handle('called').filter({ hasText: 'Left meter' }).waitFor();
  });

  test('which wires hold here is said by a word and a mark, with the condition', async () => {
    await open('wires-windows', '/fixtures');
    const wire = (name: string) => page.locator(`[data-testid=wire][data-wire=${name}]`);
    await wire('serial').filter({ hasText: 'Works' }).waitFor();
    await wire('usb_serial').filter({ hasText: 'On a condition' }).filter({ hasText: 'WinUSB' }).waitFor();
    await wire('usbtmc').filter({ hasText: 'Not here' }).filter({ hasText: 'VISA' }).waitFor();
    expect(await wire('usb').count()).toBe(1);
  });

  test('none: it says how there will be one', async () => {
    await open('fixtures', '/fixtures');
    await handle('devices').filter({ hasText: 'None yet' }).waitFor();
  });
});
