/**
 * Questions to the operator in a real browser, under the strict policy: every kind by keyboard alone, by touch, by
 * scanner; what is refused, what is kept, where the focus goes.
 */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { asking, PROMPT_SCENES } from './gallery/prompt-states.ts';
import { READY } from './gallery/samples.ts';

/** screens.md: what a gloved finger hits. */
const TOUCH_PX = 48;

describe.skipIf(!chromium)('questions', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, tell, onItsOwn } = hands((fresh) => (page = fresh));
  const prompt = () => handle('prompt');
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** What was answered, with pictures as their type and size. */
  const answers = () =>
    page.evaluate(() => {
      const { gallery } = window as unknown as { gallery: { calls: { name: string; args: unknown[] }[] } };
      const plain = (_: string, value: unknown) => {
        const { contentType, bytes } = (value ?? {}) as { contentType?: string; bytes?: Uint8Array };
        return bytes ? `${contentType} ${bytes.length > 500 ? 'large' : bytes.length}` : value;
      };
      const taken = gallery.calls.filter(({ name }) => name === 'answer').map(({ args }) => args[1]);
      return JSON.parse(JSON.stringify(taken, plain)) as unknown[];
    });
  const answered = (answer: unknown) => expect.poll(answers, { timeout: HANGS_MS }).toEqual([answer]);
  /** Which component has the focus; `room` for the question as a whole, else the element's handle or name. */
  const focused = () =>
    page.evaluate(() => {
      const { dataset, tagName, name } = document.activeElement as HTMLInputElement;
      return dataset['testid'] === 'prompt' ? 'room' : (dataset['entry'] ?? dataset['testid'] ?? `${tagName} ${name}`);
    });
  const focusIs = (what: string) => expect.poll(focused, { timeout: HANGS_MS }).toBe(what);

  describe('rules 18 and 22: by keyboard alone', () => {
    test('a decision: Tab to it and Space; a stray Enter decides nothing', async () => {
      await open('prompt');
      await focusIs('room');
      await press('Enter');
      await page.getByRole('alert').getByText('Press Pass or Fail.').waitFor();
      await focusIs('led');
      await press('Enter');
      expect(await answers()).toEqual([]);
      await press('Tab', 'Tab', 'Space');
      await answered({ led: false });
    });

    test('a line, a number, a paragraph', async () => {
      await open('prompt-typed');
      await focusIs('note');
      await page.keyboard.type('DSP-00017');
      await press('Tab');
      await page.keyboard.type('11,9');
      await press('ArrowUp', 'Tab');
      await page.keyboard.type('a line\nand another, p f 1');
      await press('Control+Enter');
      await answered({ note: 'DSP-00017', volts: 12.9, remark: 'a line\nand another, p f 1' });
    });

    test('one of several, several, one of a list', async () => {
      await open('prompt-choices');
      await focusIs('colour');
      await press('Space', 'ArrowDown', 'Tab', 'Space', 'Tab', 'Tab', 'Space', 'Tab');
      await press('ArrowDown', 'ArrowDown', 'Tab', 'Enter');
      await answered({ colour: 'Green', marks: ['Left', 'Top'], type: 'Type B' });
    });

    test('a digit chooses, and Enter confirms', async () => {
      await open('prompt-pictures');
      await focusIs('side');
      await press('3');
      await page.locator('input[value=None]:checked').waitFor();
      await press('Enter');
      await answered({ side: 'None' });
    });

    test('a checklist', async () => {
      await open('prompt-checklist');
      await press('Enter');
      await page.getByRole('alert').getByText('3 to go').waitFor();
      for (const digit of ['1', '2', '3']) {
        await press(digit);
        await page.locator(`.option:nth-child(${digit}) input:checked`).waitFor();
      }
      await press('Enter');
      await answered({ done: ['Four screws are tight', 'The lid is closed', 'The cable is plugged in'] });
    });

    test('a switch, a slider, a decision among them', async () => {
      await open('prompt-switches');
      await focusIs('lamp');
      await press('Space', 'Tab', 'ArrowRight', 'Tab', 'Space', 'Tab', 'Tab', 'Enter');
      await answered({ lamp: true, bright: 55, led: true });
    });

    test('a confirmation is one key', async () => {
      await open('prompt-confirm');
      await focusIs('room');
      await press('Enter');
      await answered({});
    });

    test('a photograph: taken, taken again, kept', async () => {
      await open('prompt-camera');
      await page.getByRole('button', { name: /Use the camera|Take the photograph/ }).focus();
      if (await page.getByRole('button', { name: 'Use the camera' }).isVisible()) await press('Enter');
      await page.locator('video').waitFor();
      await expect
        .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth))
        .toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Take the photograph' }).focus();
      await press('Enter');
      await page.getByRole('img', { name: 'The photograph' }).waitFor();
      await page.getByRole('button', { name: 'Confirm' }).focus();
      await press('Enter');
      await answered({ photo: 'image/jpeg large' });
    });

    test('a signature: a typed name', async () => {
      await open('prompt-signature');
      await focusIs('name');
      await page.keyboard.type('Mei Chen');
      await page.getByRole('img', { name: 'Signed', exact: true }).waitFor();
      await press('Enter');
      await answered({ name: 'image/png large' });
    });

    test('Tab goes from the question through its answer to Stop, and never loops', async () => {
      await open('prompt');
      const seen: string[] = [];
      for (let n = 0; n < 12; n += 1) {
        seen.push(await focused());
        await press('Tab');
      }
      expect(seen[0]).toBe('room');
      expect(seen).toContain('serial-input');
      expect(seen).toContain('stop');
    });
  });

  describe('rule 19: by scanner', () => {
    test('a scan goes into the question’s field wherever the focus is, and Enter to the next one that is needed', async () => {
      await open('prompt-typed');
      await focusIs('note');
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.keyboard.type('DSP-00042\n', { delay: 5 });
      await focusIs('volts');
      expect(await answers()).toEqual([]);
      expect(await handle('serial-input').inputValue()).toBe('');
      await page.keyboard.type('12\n', { delay: 5 });
      await answered({ note: 'DSP-00042', volts: 12, remark: '' });
    });

    test('a label that begins with P or F decides nothing: it is the next unit’s', async () => {
      await open('prompt');
      await focusIs('room');
      await page.keyboard.type('PF-000125\n', { delay: 10 });
      await expect.poll(() => handle('serial-input').inputValue()).toBe('PF-000125');
      expect(await answers()).toEqual([]);
      expect(await handle('prompt').count()).toBe(1);
    });

    test('P by itself passes, F fails', async () => {
      await open('prompt');
      await focusIs('room');
      await press('p');
      await answered({ led: true });
      await open('prompt');
      await focusIs('room');
      await press('F');
      await answered({ led: false });
    });

    test('a key that means nothing here is not lost', async () => {
      await open('prompt');
      await focusIs('room');
      await press('X');
      await expect.poll(() => handle('serial-input').inputValue()).toBe('X');
    });

    test('a question that opens in the middle of a scan waits for its end', async () => {
      // A clock in hand is one for every page of its context.
      await onItsOwn();
      await page.clock.install();
      await open('running');
      await handle('serial-input').focus();
      // From here on time passes only as the test says: a busy machine is no slow scanner.
      await page.clock.pauseAt(Date.now() + 60_000);
      const question = asking([{ kind: 'text_input', key: 'note', required: true, trim: true, label: 'Note' }]);
      await page.keyboard.type('SN-0');
      await tell({ kind: 'view', change: question });
      await page.clock.runFor(100);
      await prompt().waitFor();
      await page.keyboard.type('00126');
      await page.clock.runFor(100);
      expect([await focused(), await handle('serial-input').inputValue()]).toEqual(['serial-input', 'SN-000126']);
      await page.clock.runFor(1000);
      await focusIs('note');
    });
  });

  describe('rules 18, 20 and 21: what is wrong, and what is kept', () => {
    test('a wrong answer is said where it stands, the focus goes there, and the question stays', async () => {
      await open('prompt-typed');
      await page.getByRole('textbox', { name: 'Serial number of the display' }).fill('DSP-1');
      await page.getByRole('spinbutton', { name: 'Reading of the voltmeter' }).fill('25');
      await handle('confirm').click();
      const note = page.getByRole('textbox', { name: 'Serial number of the display' });
      await focusIs('note');
      expect(await note.getAttribute('aria-invalid')).toBe('true');
      const described = await note.evaluate((element) =>
        (element.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent),
      );
      expect(described).toEqual(['On the sticker under the cable', expect.stringContaining('^DSP-[0-9]{5}$')]);
      await page.getByRole('alert').getByText('must be 24 V or less').waitFor();
      expect(await answers()).toEqual([]);
      await note.fill('DSP-00001');
      await page.getByRole('spinbutton').fill('24');
      await handle('confirm').click();
      await answered({ note: 'DSP-00001', volts: 24, remark: '' });
    });

    test('what the station finds wrong is said, too', async () => {
      await open('prompt-refused');
      await page.getByRole('spinbutton').fill('12,1');
      await handle('confirm').click();
      await page.getByRole('alert').getByText('This question is over.').waitFor();
      expect(await prompt().count()).toBe(1);
    });

    test('what was typed outlives another screen and a reload; a decision is made anew, and another unit starts empty', async () => {
      await open('prompt-wrong');
      const note = page.getByRole('textbox', { name: 'Serial number of the display' });
      await note.fill('DSP-0');
      await page.getByRole('button', { name: 'Pass' }).click();
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name: 'History' }).click();
      await page.getByText('waits for your answer').waitFor();
      await page.getByRole('link', { name: 'Show' }).click();
      expect(await note.inputValue()).toBe('DSP-0');
      expect(await page.getByRole('button', { name: 'Pass' }).getAttribute('aria-pressed')).toBe('true');
      await open('prompt-wrong');
      await note.waitFor();
      expect(await note.inputValue()).toBe('DSP-0');
      expect(await page.getByRole('button', { name: 'Pass' }).getAttribute('aria-pressed')).toBe('false');
      await page.evaluate(() => {
        const kept = sessionStorage.getItem('fieldbench-drafts') ?? '';
        sessionStorage.setItem('fieldbench-drafts', kept.replaceAll('SN-000124', 'SN-000999'));
      });
      await page.reload();
      await note.waitFor();
      expect(await note.inputValue()).toBe('');
    });

    test('after the answer the scan field has the focus again', async () => {
      await open('prompt');
      await focusIs('room');
      await page.getByRole('button', { name: 'Pass' }).click();
      await tell({ kind: 'view', change: { prompts: [] } });
      await focusIs('serial-input');
      expect(await prompt().count()).toBe(0);
    });

    test('two questions of one run come one after the other', async () => {
      await open('prompt');
      const { prompts } = asking([{ kind: 'switch', key: 'lamp', required: false, trim: true }], {
        id: 2,
        phase: 'lamp',
      });
      await tell({ kind: 'view', change: { prompts: [...asking([]).prompts, ...prompts] } });
      await page.getByText('Then: one more question').waitFor();
      expect(await prompt().getAttribute('data-phase')).toBe('led');
      await tell({ kind: 'view', change: { prompts } });
      await page.locator('[data-testid=prompt][data-phase=lamp]').waitFor();
      await focusIs('lamp');
    });
  });

  describe('rules 17 and 22: to be seen, heard and touched', () => {
    test('every target is large enough for a glove', async () => {
      for (const [name, { path }] of Object.entries(PROMPT_SCENES)) {
        if (path !== '/') continue;
        await open(name);
        await prompt().waitFor();
        const small = await page.evaluate((least) => {
          const targets = document.querySelectorAll<HTMLElement>(
            '[data-testid=prompt] :is(button, a, select, textarea, .field, label.option, label.button, input[type=range])',
          );
          return [...targets].flatMap((one) => {
            const { width, height } = one.getBoundingClientRect();
            return Math.min(width, height) < least ? `${one.tagName} ${one.className} ${width} × ${height}` : [];
          });
        }, TOUCH_PX);
        expect(small, name).toEqual([]);
      }
    });

    test('a signature by finger', async () => {
      await open('prompt-signature');
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('img', { name: 'Nothing is signed yet' }).waitFor();
      const { x, y, width, height } = (await page.locator('canvas').boundingBox())!;
      await page.mouse.move(x + width / 4, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width / 2, y + height / 4, { steps: 8 });
      await page.mouse.up();
      await page.getByRole('img', { name: 'Signed', exact: true }).waitFor();
      await handle('confirm').click();
      await answered({ name: 'image/png large' });
    });

    test('a picture that is chosen instead of taken; what is none is said', async () => {
      await open('prompt-camera');
      const chooser = page.locator('input[type=file]');
      await chooser.setInputFiles({ name: 'label.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
      await page.getByText('label.txt is no picture that can be read.').waitFor();
      const png = Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      );
      await chooser.setInputFiles({ name: 'label.png', mimeType: 'image/png', buffer: png });
      await page.getByRole('img', { name: 'The photograph' }).waitFor();
      await handle('confirm').click();
      await answered({ photo: 'image/jpeg large' });
    });

    test('texts are in the reader’s language, handles stay', async () => {
      await onItsOwn('de-AT');
      await open('prompt');
      await page.getByRole('heading', { name: 'Leuchtet die LED grün?' }).waitFor();
      expect(await prompt().getAttribute('data-phase')).toBe('led');
    });

    test('it is announced, and so is how little time is left', async () => {
      await open('prompt-time');
      const said = () => page.getByRole('status').allInnerTexts();
      await expect.poll(said).toContain('Question: Is the LED green?');
      await expect.poll(said).toContain('Less than 10 seconds left');
    });

    test('live values change while it is looked at', async () => {
      await open('prompt-live');
      const bar = page.getByRole('progressbar', { name: 'Written' });
      expect(await bar.getAttribute('aria-valuenow')).toBe('40');
      const [live] = PROMPT_SCENES['prompt-live']!.view.prompts;
      await tell({ kind: 'view', change: { prompts: [{ ...live!, values: { done: 85, said: 'Hot' } }] } });
      await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe('85');
      await prompt().getByText('Hot').waitFor();
      // What nobody has to answer takes no focus.
      expect(await focused()).toBe('serial-input');
    });

    test('an emergency stop is never behind a question', async () => {
      await open('prompt');
      await handle('emergency-stop').dispatchEvent('pointerdown', { button: 0 });
      await prompt().waitFor({ state: 'detached' });
      await tell({ kind: 'view', change: { ...READY, prompts: [] } });
    });

    test('a PDF opens beside the app, at its page', async () => {
      await open('prompt-documents');
      const link = page.getByRole('link', { name: 'Manual, page 3' });
      expect(await link.getAttribute('href')).toMatch(/^blob:.*#page=3$/);
      expect(await link.getAttribute('target')).toBe('_blank');
    });
  });
});
