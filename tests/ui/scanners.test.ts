/** What a scanner on a serial port has read goes where a typed scan goes, in a real browser; and how one is set up. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import type { StationNews, StationView } from '#engine/link/station-link.ts';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { headerOf, READY } from './gallery/samples.ts';

describe.skipIf(!chromium)('scanners on serial ports', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, tell, calls } = hands((fresh) => (page = fresh));
  const view = (change: Partial<StationView>): StationNews => ({ kind: 'view', change });
  const eventually = <T>(what: () => Promise<T>) => expect.poll(what, { timeout: HANGS_MS });
  const scanned = (...texts: string[]) => tell(...texts.map((text): StationNews => ({ kind: 'scanned', text })));
  const started = (...texts: string[]) => eventually(() => calls('start')).toEqual(texts.map((text) => [text]));
  const inField = (text: string) => eventually(() => handle('serial-input').inputValue()).toBe(text);
  const blur = () => page.evaluate(() => (document.activeElement as HTMLElement).blur());

  describe('rule 28: a code goes where a typed one goes', () => {
    test('to the scan field, wherever the focus is, and the run begins', async () => {
      await open('pass');
      await blur();
      await scanned('SN-000200');
      await started('SN-000200');
      expect(await handle('verdict').getAttribute('data-outcome')).toBeNull();
      await inField('');
    });

    test('as it is: separators and what says that it is GS1 data', async () => {
      await open('idle');
      await scanned(']C121A7\u001d10B2');
      await started(']C121A7\u001d10B2');
    });

    test('during a run it is kept as next, and another one replaces it', async () => {
      await open('idle');
      const running: StationNews = view({ ...READY, running: true });
      await tell(running, { kind: 'run', slot: '1', events: [{ kind: 'run-started', header: headerOf('SN-1') }] });
      await handle('stop').waitFor();
      await scanned('SN-2');
      await page.getByText('Kept as next.').waitFor();
      await scanned('SN-3');
      await inField('SN-3');
      expect(await calls('start')).toEqual([]);
    });

    test('read twice within a second it is taken once, and that is said', async () => {
      await open('first-run');
      await scanned('SN-1', 'SN-1');
      await started('SN-1');
      await page.getByText('Read twice, taken once.').waitFor();
      expect(await calls('start')).toHaveLength(1);
    });

    test('two codes at once are two, never mixed', async () => {
      await open('starting');
      await scanned('SN-1', 'SN-2');
      await inField('SN-2');
      await tell(view(READY));
      await started('SN-2');
    });

    test('into a question’s field, and on to the next one that is needed', async () => {
      await open('prompt-typed');
      await page.locator('[data-entry=note]:focus').waitFor();
      await blur();
      await scanned('DSP-00042');
      await page.locator('[data-entry=volts]:focus').waitFor();
      expect([await calls('answer'), await handle('serial-input').inputValue()]).toEqual([[], '']);
      await scanned('12');
      await eventually(async () => (await calls('answer')).map(([, answer]) => answer)).toEqual([
        { note: 'DSP-00042', volts: 12, remark: '' },
      ]);
    });

    test('where a question is a decision, a label that begins with P passes nothing: it is the next unit’s', async () => {
      await open('prompt');
      for (const label of ['PF-000125', 'FP-12345']) {
        await scanned(label);
        await inField(label);
      }
      expect([await calls('answer'), await handle('prompt').count()]).toEqual([[], 1]);
    });

    test('on another screen into the field that has the focus, else to nobody', async () => {
      await open('history', '/history');
      await scanned('SN-1');
      await page.getByRole('searchbox').focus();
      await page.getByRole('searchbox').fill('SN');
      await scanned('-000124');
      await eventually(() => page.getByRole('searchbox').inputValue()).toBe('SN-000124');
      expect(await calls('start')).toEqual([]);
    });
  });

  describe('rule 29: the station’s scanners on Fixtures', () => {
    const texts = async () => (await handle('scanner').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));

    test('each by its maker, with its state, what to do, and what it read last', async () => {
      await open('fixtures-scanners', '/fixtures');
      expect(await texts()).toEqual([
        expect.stringMatching(
          /^Scanner by Honeywell Ready Port 0c2e:0901 · 9600 baud Last code \]C1\S+<1d>10B2 .*Forget$/,
        ),
        'Scanner Ready Port 115200 baud Try it: scan any code. Forget',
        expect.stringContaining('It is gone. Check its cable'),
        expect.stringContaining('dialout'),
      ]);
      await tell(view({ scanners: [] }));
      await handle('scanner').first().waitFor({ state: 'detached' });
    });

    test('a badge that was scanned last is not shown', async () => {
      await open('fixtures-scanner-chosen', '/fixtures');
      const last = { text: null, atMs: Date.now() };
      const scanner = { id: 's1', usb: '', baudRate: 9600, state: 'ready', message: '', remedy: '', last } as const;
      await tell(view({ scanners: [scanner] }));
      await handle('last-scan').filter({ hasText: 'A badge' }).waitFor();
    });

    test('added by one press and the browser’s chooser, with the baud rate; a chooser that is closed adds nothing', async () => {
      await open('fixtures-scanner-chosen', '/fixtures');
      await page.getByRole('combobox', { name: 'Baud rate' }).selectOption('115200');
      await page.getByRole('button', { name: 'Add a scanner' }).click();
      await eventually(() => calls('addScanner')).toEqual([[{ usb: '0c2e:0901', baudRate: 115_200 }]]);
      expect(await calls('pairDevice')).toEqual([['serial', []]]);
      await open('fixtures', '/fixtures');
      await page.getByRole('button', { name: 'Add a scanner' }).click();
      await eventually(() => calls('pairDevice')).toHaveLength(1);
      expect(await calls('addScanner')).toEqual([]);
    });

    test('forgotten after a second press', async () => {
      await open('fixtures-scanners', '/fixtures');
      const press = (at: number) => handle('scanner').nth(at).getByRole('button').press('Enter');
      await press(0);
      await press(1);
      expect(await calls('forgetScanner')).toEqual([]);
      await press(1);
      await eventually(() => calls('forgetScanner')).toEqual([['s2']]);
    });

    test('who may not change fixtures adds and forgets none', async () => {
      await open('fixtures-scanners', '/fixtures');
      const barred = { fixture: 'A technician or a supervisor can do this.' };
      await tell(view({ people: { ...READY.people, barred } }));
      const buttons = handle('scanners').getByRole('button');
      await eventually(() => buttons.first().isDisabled()).toBe(true);
      for (const button of await buttons.all()) expect(await button.isDisabled()).toBe(true);
    });
  });
});
