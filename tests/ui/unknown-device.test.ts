/** A device that no procedure knows, from the list to its first number, on a station that is not there. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';

describe.skipIf(!chromium)('a device that no procedure knows', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, calls, tell } = hands((fresh) => (page = fresh));

  const ask = () => page.getByRole('button', { name: 'Who is it: Serial port by FTDI 0403:6001' }).click();

  test('it is asked who it is, answers with a number, and stands there as a procedure states it', async () => {
    await open('device-found', '/fixtures');
    await ask();
    await handle('device-answer').filter({ hasText: 'MODEL 2000' }).waitFor();
    await handle('device-answer').filter({ hasText: '9600 baud, lines end with CR LF' }).waitFor();
    await page.getByRole('button', { name: 'MEAS:VOLT:DC?' }).click();
    expect(await handle('device-number').innerText()).toContain('+1.20034E+01');
    await page.getByText('In a procedure').click();
    const text = await handle('device-text').innerText();
    expect(text).toContain("query: 'MEAS:VOLT:DC?'");
    expect(await calls('visit')).toEqual([[{ reach: 'serial', usb: '0403:6001', serialNumber: '', at: 0 }, null]]);
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => calls('endVisit')).toHaveLength(1);
  });

  test('another speed or line end is taken as it is stated', async () => {
    await open('device-silent', '/fixtures');
    await ask();
    await page.getByLabel('Speed').selectOption('4800');
    await expect.poll(async () => (await calls('visit')).at(-1)?.[1]).toMatchObject({ baudRate: 4800 });
    await page.getByLabel('A line ends with').selectOption('\r');
    await expect.poll(async () => (await calls('visit')).at(-1)?.[1]).toMatchObject({ lineEnd: '\r' });
  });

  test('any device can be added: the chooser shows all of them', async () => {
    await open('device-silent', '/fixtures');
    await page.getByRole('button', { name: 'Add a USB device' }).click();
    await expect.poll(() => calls('pairDevice')).toEqual([['usb', []]]);
  });

  test('while a unit is under test nothing is said to it', async () => {
    await open('device-silent', '/fixtures');
    await ask();
    await tell({ kind: 'view', change: { running: true } });
    await expect.poll(() => page.getByRole('textbox', { name: 'Command' }).isDisabled()).toBe(true);
  });
});
