/** A fixture spoken to by hand, in a real browser, on a station that is not there. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { READY } from './gallery/samples.ts';

describe.skipIf(!chromium)('by hand', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, tell, calls } = hands((fresh) => (page = fresh));
  const field = () => page.getByRole('textbox', { name: 'Command' });
  const speak = () => page.getByRole('button', { name: 'Speak to Fixture by hand' }).click();

  test('by keyboard alone: a question, its answer, what goes wrong, and back to an earlier command', async () => {
    await open('idle', '/fixtures');
    await page.getByRole('button', { name: 'Speak to Fixture by hand' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => field().evaluate((element) => element === document.activeElement)).toBe(true);
    for (const text of ['*IDN?', 'OUTP ON', 'BAD?']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      await handle('said').filter({ hasText: text }).waitFor();
    }
    const said = (await handle('said').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(said).toEqual([
      expect.stringMatching(/\*IDN\? ACME,FX-1,FX0001,1\.0 \d+ ms/),
      expect.stringMatching(/OUTP ON sent \d+ ms/),
      'BAD? Fixture did not answer BAD? within 10 s. Look at the command.',
    ]);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await field().inputValue()).toBe('OUTP ON');
    expect(await calls('makeSafe')).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => calls('makeSafe')).toHaveLength(1);
  });

  test('every byte, as text and in hexadecimal; axe finds nothing in either theme', async () => {
    await open('idle', '/fixtures');
    await speak();
    await field().fill('*IDN?');
    await page.keyboard.press('Enter');
    await handle('said').waitFor();
    await page.getByLabel('Every byte on the wire').check();
    await expect.poll(() => handle('wire-line').count()).toBe(4);
    expect(await handle('wire-line').nth(1).innerText()).toContain('*IDN?\\n');
    await page.getByLabel('Hexadecimal').check();
    expect(await handle('wire-line').nth(1).innerText()).toContain('2a 49 44 4e 3f 0a');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeViolations(page)).toEqual([]);
    }
  });

  test('a run that begins shuts the field, and another screen ends the talk', async () => {
    await open('idle', '/fixtures');
    await speak();
    await field().fill('OUTP ON');
    await page.keyboard.press('Enter');
    await handle('said').waitFor();
    await tell({ kind: 'view', change: { running: true } });
    await expect.poll(() => field().isDisabled()).toBe(true);
    await page.getByText('A unit is under test: wait for its verdict.').waitFor();
    await tell({ kind: 'view', change: { running: false } });
    await expect.poll(() => field().isDisabled()).toBe(false);
    await page.evaluate(() => history.pushState(null, '', '/history'));
    await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
    await expect.poll(() => calls('makeSafe')).toHaveLength(1);
  });

  test('who may not is told who can', async () => {
    await open('idle', '/fixtures');
    const barred = { fixture: 'A technician or a supervisor can do this.' };
    await tell({ kind: 'view', change: { people: { ...READY.people, barred } } });
    await expect.poll(() => page.getByRole('button', { name: 'Speak to Fixture by hand' }).isDisabled()).toBe(true);
    await page.getByText(barred.fixture).first().waitFor();
  });
});
