/** A calibration date at a plug, in a real browser, on a station that is not there. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';

describe.skipIf(!chromium)('calibration at a plug', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, calls } = hands((fresh) => (page = fresh));
  const texts = async () =>
    (await handle('calibration').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());

  test('each says until when, and whose word that is; what the fleet lists is changed in its file only', async () => {
    await open('fixtures-calibration', '/fixtures');
    await expect
      .poll(texts)
      .toEqual([
        'Calibrated until 2027-03-01 Bench multimeter · certificate C-2026-118 · calibrated 2026-03-01 · by the fleet’s list; it goes before 2026-12-31, which was entered here',
        'Calibration ends on 2026-12-02, in 12 days entered at this station Change the date',
        'Past its calibration, which held until 2026-11-10 certificate C-2025-7 · entered at this station Change the date',
        'No calibration date Enter a date',
      ]);
  });

  test('a date is entered for the instrument’s serial number; half a date takes nothing away', async () => {
    await open('fixtures-calibration', '/fixtures');
    await page.getByRole('button', { name: 'Calibration date of Load' }).click();
    const due = page.getByLabel('Calibrated until');
    expect(await due.inputValue()).toBe('2026-11-10');
    await due.press('Backspace');
    await page.getByLabel('Certificate').fill('C-2026-9');
    await page.getByRole('button', { name: 'Save' }).click();
    await handle('calibration-problem').filter({ hasText: 'no day of the calendar' }).waitFor();
    expect(await calls('enterCalibration')).toEqual([]);
    await due.fill('2027-11-10');
    await page.getByRole('button', { name: 'Save' }).click();
    await handle('calibration-form').waitFor({ state: 'detached' });
    expect(await calls('enterCalibration')).toEqual([
      [{ serial: 'EL0042', due: '2027-11-10', certificate: 'C-2026-9' }],
    ]);
  });

  test('what the station refuses is said, and what was typed stays', async () => {
    await open('fixtures-calibration-form', '/fixtures');
    await page.getByRole('button', { name: 'Calibration date of Supply' }).click();
    await page.getByLabel('Certificate').fill('C-2026-204');
    await page.getByRole('button', { name: 'Save' }).click();
    await handle('calibration-problem').filter({ hasText: 'says nothing' }).waitFor();
    expect(await page.getByLabel('Certificate').inputValue()).toBe('C-2026-204');
  });
});
