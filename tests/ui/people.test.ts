/** Sign-in, the identity step and what is barred, with hands: in a real browser, on a station that is not there. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import type { StationNews } from '#engine/link/station-link.ts';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { headerOf } from './gallery/samples.ts';

describe.skipIf(!chromium)('people', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, calls, tell } = hands((fresh) => (page = fresh));
  const field = () => handle('serial-input');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  const selected = () =>
    page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement as HTMLInputElement;
      return value.slice(selectionStart ?? 0, selectionEnd ?? 0);
    });

  test('rule 23: a label that is read twice is taken once, and that is said', async () => {
    await open('idle');
    // In one task, as fast as a scanner: a busy machine types as slowly as a person.
    await page.evaluate(
      async ([news, running]) => {
        const { gallery } = window as unknown as { gallery: { tell(news: unknown): void } };
        const field = document.querySelector<HTMLInputElement>('[data-testid=serial-input]')!;
        const scan = () => {
          field.focus();
          for (const key of 'SN-7') {
            field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
            document.execCommand('insertText', false, key);
          }
          field.form!.requestSubmit();
        };
        scan();
        gallery.tell(running);
        gallery.tell(news);
        // The field is drawn empty.
        for (let n = 0; n < 9; n += 1) await Promise.resolve();
        scan();
      },
      [
        { kind: 'run', slot: '1', events: [{ kind: 'run-started', header: headerOf('SN-7') }] },
        { kind: 'view', change: { running: true } },
      ] satisfies StationNews[],
    );
    expect(await calls('start')).toEqual([['SN-7']]);
    await page.getByText('Read twice, taken once.').waitFor();
    expect(await field().inputValue(), 'it is not kept as the next unit').toBe('');
    await page.keyboard.type('SN-8\n');
    expect(await field().inputValue(), 'another unit is').toBe('SN-8');
  });

  test('rule 6: a refused scan stays in the field, selected, and the next one replaces it, clicked or not', async () => {
    await open('scan-refused');
    await page.keyboard.type('SN 1\n');
    await handle('refusal').waitFor();
    expect([await focused(), await selected()]).toEqual(['serial-input', 'SN 1']);
    await page.keyboard.type('SN-000124');
    expect(await field().inputValue()).toBe('SN-000124');
    await page.keyboard.press('Enter');
    await expect.poll(selected).toBe('SN-000124');
    await page.mouse.click(300, 300);
    await field().click();
    await page.keyboard.type('SN-000125\n');
    expect((await calls('start')).at(-1)).toEqual(['SN-000125']);
  });

  test('rule 24: what is asked is in the room and on the field, with its place; a wrong answer keeps both', async () => {
    await open('identity-step');
    const step = handle('identity-step');
    expect([await step.getAttribute('data-index'), await step.getAttribute('data-count')]).toEqual(['2', '3']);
    expect(await step.innerText()).toContain('Display');
    await page.getByRole('textbox', { name: 'Display, 2 of 3' }).waitFor();
    expect(await page.getByRole('status').filter({ hasText: 'Scan the label of Display, 2 of 3' }).count()).toBe(1);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.type('X-7\n');
    expect(await calls('start')).toEqual([['X-7']]);
    expect(await handle('identity-trouble').getAttribute('data-code')).toBe('answer-pattern');
    await expect.poll(selected).toBe('X-7');
    await page.keyboard.type('X-7\n');
    expect(await calls('start'), 'tried again at once').toHaveLength(2);
  });

  test('rule 24: Escape or its button puts the unit aside; what is optional is left out by Enter or its button', async () => {
    await open('identity-optional');
    await page.keyboard.press('Enter');
    expect(await calls('start')).toEqual([['']]);
    await open('identity-optional');
    await handle('leave-out').click();
    expect(await calls('start')).toEqual([['']]);
    await open('identity-step');
    await page.keyboard.press('Enter');
    expect(await calls('start'), 'a part is not left out').toEqual([]);
    await field().fill('D-0');
    await page.keyboard.press('Escape');
    expect([await calls('cancelUnit'), await field().inputValue()]).toEqual([[[]], '']);
    await handle('cancel-unit').click();
    expect(await calls('cancelUnit')).toHaveLength(2);
  });

  test('rule 2: a badge leaves the verdict where it is, and is nowhere to be read', async () => {
    await open('signed-in');
    await page.keyboard.type('EMP-00042\n');
    await page.locator('[data-testid=person][data-role=supervisor]').waitFor();
    expect(await handle('verdict').getAttribute('data-outcome')).toBe('FAIL');
    expect(await field().inputValue()).toBe('');
    expect(await page.locator('body').innerText()).not.toContain('EMP-00042');
  });

  test('rule 43: what did not pass stands above the scan field until it is acknowledged, by whoever may', async () => {
    await open('fail-unseen');
    const room = handle('failed-units');
    await room.waitFor();
    expect(await room.innerText()).toContain('SN-000124');
    expect(await handle('verdict').getAttribute('data-outcome'), 'the verdict stays').toBe('FAIL');
    await field().focus();
    await page.keyboard.press('Enter');
    expect(await calls('acknowledge'), 'no stray Enter').toEqual([]);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await expect.poll(() => calls('acknowledge')).toHaveLength(1);
    await expect.poll(() => field().evaluate((element) => element === document.activeElement)).toBe(true);
    await tell({ kind: 'view', change: { failed: [] } });
    await room.waitFor({ state: 'detached' });
    await open('fail-unseen-role');
    await room.waitFor();
    expect(await room.innerText()).toContain('A supervisor acknowledges it');
    expect(await handle('acknowledge').count()).toBe(0);
  });

  test('rule 25: name and PIN by touch, by keyboard, and out again', async () => {
    await open('sign-in-needed');
    await page.getByRole('button', { name: 'Name and PIN' }).click();
    await page.getByRole('button', { name: /Mei Chen/ }).click();
    for (const digit of '1299') await page.getByRole('button', { name: digit, exact: true }).click();
    await page.getByRole('button', { name: 'Erase' }).click();
    // With the focus on a key of the keypad.
    await page.keyboard.type('3');
    await page.getByRole('button', { name: 'Sign in', exact: true }).last().click();
    expect(await calls('signIn')).toEqual([['Mei Chen', '1293']]);
    await handle('sign-in').waitFor({ state: 'detached' });
    expect(await calls('start')).toEqual([]);
    await page.getByRole('button', { name: 'Name and PIN' }).click();
    // A person sees the sheet first.
    await handle('sign-in').waitFor();
    await page.keyboard.type('ben\n');
    await page.keyboard.type('2222\n');
    expect((await calls('signIn')).at(-1)).toEqual(['Ben Okafor', '2222']);
    await page.getByRole('button', { name: 'Name and PIN' }).click();
    await page.keyboard.press('Escape');
    await handle('sign-in').waitFor({ state: 'detached' });
    await open('signed-in');
    await handle('person').click();
    await handle('sign-out').click();
    expect(await calls('signOut')).toHaveLength(1);
  });

  test('rule 25: a badge that is scanned into the sheet is a badge, also where a PIN belongs', async () => {
    /** Its part of the app comes after the click; nobody scans before they see it. */
    const sheetTakesKeys = (field: string) => page.locator(`[data-testid=sign-in] ${field}:focus`).waitFor();
    for (const isChosen of [false, true]) {
      await open('sign-in-needed');
      await page.getByRole('button', { name: 'Name and PIN' }).click();
      await sheetTakesKeys('input');
      if (isChosen) await page.getByRole('button', { name: /Mei Chen/ }).click();
      if (isChosen) await sheetTakesKeys('input[type=password]');
      await page.keyboard.type('EMP-00042\n');
      expect([await calls('start'), await calls('signIn')]).toEqual([[['EMP-00042']], []]);
      await handle('sign-in').waitFor({ state: 'detached' });
    }
  });

  test('rule 25: what is typed while somebody signs in answers no question', async () => {
    await open('prompt-sign-in');
    await handle('prompt').waitFor();
    await handle('person').click();
    await page.getByRole('button', { name: /Mei Chen/ }).click();
    await page.getByRole('button', { name: '1', exact: true }).click();
    // The focus is on that button; a key that decides would be heard by the question now.
    await page.keyboard.press('p');
    await page.keyboard.type('234');
    expect(await page.getByLabel('PIN of Mei Chen').inputValue()).toBe('1p234');
    await page.keyboard.press('Escape');
    await handle('sign-in').waitFor({ state: 'detached' });
    await page.keyboard.press('f');
    await expect.poll(() => calls('answer')).toEqual([[1, { led: false }]]);
  });

  test('rule 13: the emergency stop is in reach and in sight over every sheet', async () => {
    await open('sign-in-needed');
    await page.getByRole('button', { name: 'Name and PIN' }).click();
    await page.getByRole('button', { name: /Mei Chen/ }).click();
    for (const [width, height] of [
      [1280, 800],
      [820, 1180],
      [360, 740],
      [640, 400],
    ] as const) {
      await page.setViewportSize({ width, height });
      const [it, sheet] = [await handle('emergency-stop').boundingBox(), await handle('sign-in').boundingBox()];
      const where = `${width} × ${height}`;
      expect([it!.y >= 0, it!.y + it!.height <= height], where).toEqual([true, true]);
      const overlaps = it!.y + it!.height > sheet!.y && it!.x + it!.width > sheet!.x && it!.x < sheet!.x + sheet!.width;
      expect(overlaps, where).toBe(false);
      expect(sheet!.y + sheet!.height, where).toBeLessThanOrEqual(height);
    }
    await handle('emergency-stop').click();
    await page.keyboard.press('Pause');
    expect(await calls('emergencyStop')).toHaveLength(2);
  });

  test('rule 25: somebody who may lets a unit be tested again', async () => {
    await open('identity-approval');
    await page.getByRole('button', { name: 'Enter a PIN' }).click();
    expect(await handle('sign-in').innerText(), 'an operator’s PIN will not do').not.toContain('Ana');
    await page.getByRole('button', { name: /Ben Okafor/ }).click();
    await page.keyboard.type('2222\n');
    expect(await calls('approve')).toEqual([['Ben Okafor', '2222']]);
  });

  test('rule 26: what somebody may not do is shut, and says who can; looking is everybody’s', async () => {
    await open('settings-barred', '/settings');
    expect(await page.getByLabel('Simulated fixture').isDisabled()).toBe(true);
    expect(await handle('add-person').count()).toBe(0);
    expect(await page.getByLabel('Dark').isDisabled()).toBe(false);
    const said = page.locator('[data-testid=barred][data-right=people]');
    expect(await said.innerText()).toContain('A supervisor can do this.');
    await said.getByRole('button', { name: 'Sign in' }).click();
    await handle('sign-in').waitFor();
    await open('queue-barred', '/queue');
    for (const button of await page.getByRole('button', { name: /Retry|Correct|Export|Open a file/ }).all())
      expect(await button.isDisabled()).toBe(true);
    await open('fleet-barred', '/fleet');
    expect(await page.getByRole('combobox', { name: 'Procedure' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: /Use this procedure/ }).isDisabled()).toBe(true);
  });

  test('people are added by scanner, changed and removed', async () => {
    await open('people-none', '/settings');
    await handle('add-person').click();
    await page.keyboard.type('Mei Chen');
    expect(await page.getByRole('radio', { name: /supervisor/ }).isChecked(), 'the first one').toBe(true);
    await page.getByLabel('Badge', { exact: true }).click();
    await page.keyboard.type('EMP-00042\n');
    expect(await calls('savePerson'), 'a scanner’s Enter is not the end').toEqual([]);
    await page.keyboard.type('4711\n');
    expect(await calls('savePerson')).toEqual([
      [{ name: 'Mei Chen', email: '', role: 'supervisor', badge: 'EMP-00042', pin: '4711' }],
    ]);
    await open('people', '/settings');
    await page.getByRole('button', { name: 'Change Ben Okafor' }).click();
    await page.getByLabel('Take the PIN away').check();
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await calls('savePerson')).toEqual([
      [{ id: 'Ben Okafor', name: 'Ben Okafor', email: '', role: 'technician', pin: '' }],
    ]);
    await page.getByRole('button', { name: 'Remove Ana Ruiz' }).click();
    expect(await calls('removePerson')).toEqual([]);
    await page.getByRole('button', { name: 'Really remove Ana Ruiz' }).click();
    expect(await calls('removePerson')).toEqual([['Ana Ruiz']]);
    await page.getByRole('button', { name: 'PIN Zoe Müller' }).click();
    expect(await page.getByLabel('Name', { exact: true }).count(), 'the fleet names them').toBe(0);
    await page.getByLabel('Signed out after').fill('30');
    await page.getByLabel('Signed out after').blur();
    expect(await calls('setSignIn')).toEqual([
      [{ idleMin: 30, retestReason: false, retestBy: 'technician', failSeenBy: 'nobody' }],
    ]);
  });
});
