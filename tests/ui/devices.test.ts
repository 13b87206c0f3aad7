/** The devices that a browser lets the app use, in a real browser, on a station that is not there. */
import { describe, expect, test } from 'vitest';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';

describe.skipIf(!chromium)('devices that the browser may use', { timeout: 2 * HANGS_MS }, () => {
  const { open, handle } = hands(() => {});
  const texts = async () => (await handle('device').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());

  test('each by its maker or its own name, with what tells it apart; one that is not there says so', async () => {
    await open('fixtures-devices', '/fixtures');
    expect(await texts()).toEqual([
      'Serial port by FTDI 0403:6001 Who is it? Forget',
      'Serial port not plugged in Forget',
      'ACME Scope 5000 1ab1:04ce · DS1ZA170800001 Who is it? Forget',
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

  test('none: it says how there will be one', async () => {
    await open('fixtures', '/fixtures');
    await handle('devices').filter({ hasText: 'None yet' }).waitFor();
  });
});
