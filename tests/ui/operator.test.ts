/** What an operator's hands do, in a real browser: scan, look, stop, go elsewhere and come back. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import type { StationNews } from '#engine/link/station-link.ts';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { EVENTS, headerOf, READY } from './gallery/samples.ts';

describe.skipIf(!chromium)('operator', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, tell, calls } = hands((fresh) => (page = fresh));
  const view = (change: Partial<typeof READY>): StationNews => ({ kind: 'view', change });
  const outcome = () => handle('verdict').getAttribute('data-outcome');
  const begin = (serial: string): StationNews => ({
    kind: 'run',
    slot: '1',
    events: [{ kind: 'run-started', header: headerOf(serial) }],
  });
  const happen = (state: string): StationNews => ({ kind: 'run', slot: '1', events: EVENTS[state] ?? [] });

  test('rule 5: a scanner types into the scan field from anywhere, and Enter starts', async () => {
    await open('pass');
    expect(await outcome()).toBe('PASS');
    await page.mouse.click(300, 200);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.type('SN-000200\n', { delay: 2 });
    expect(await calls('start')).toEqual([['SN-000200']]);
    expect(await outcome(), 'rule 1: the old verdict is gone at once').toBeNull();
    expect(await handle('serial-input').inputValue()).toBe('');
    await handle('stop').waitFor();
  });

  test('rule 5: a scan with the focus on a button or the procedure list goes to the field', async () => {
    await open('fleet');
    await page.getByRole('combobox', { name: 'Procedure' }).focus();
    await page.keyboard.type('SN-1\n');
    expect(await calls('start')).toEqual([['SN-1']]);
    expect(await calls('selectProcedure')).toEqual([]);
  });

  test('rules 1, 2 and 4: a whole run, with the next unit scanned meanwhile', async () => {
    await open('idle');
    await handle('serial-input').fill('SN-1');
    await handle('start').click();
    await tell(view({ running: true }), begin('SN-1'), happen('running'));
    await page.locator('[data-testid=phase][data-key=load_sweep][aria-current=step]').waitFor();
    expect(await outcome()).toBeNull();
    const value = page.locator('[data-testid=measurement][data-key=rail_3v3]');
    expect([await value.getAttribute('data-outcome'), await value.getAttribute('data-value')]).toEqual([
      'PASS',
      '3.301',
    ]);
    await page.keyboard.type('SN-2\n');
    expect(await calls('start')).toEqual([['SN-1']]);
    await page.keyboard.type('SN-3\n');
    expect(await handle('serial-input').inputValue(), 'another scan replaces the kept one').toBe('SN-3');
    await handle('stop').click();
    expect(await calls('stop')).toHaveLength(1);
    await tell({ kind: 'run', slot: '1', events: (EVENTS['aborted'] ?? []).slice(-1) });
    expect(await outcome(), 'the station is still at it').toBeNull();
    await tell(view({ running: false }));
    await page.locator('[data-testid=verdict][data-outcome=ABORTED]').waitFor();
    expect(await handle('verdict').getAttribute('data-run-id')).toBe(headerOf('').id);
    expect(await calls('start')).toHaveLength(1);
    await page.keyboard.press('Enter');
    expect(await calls('start')).toEqual([['SN-1'], ['SN-3']]);
  });

  test('rule 3: FAIL says why, and only the deciding attempt carries handles', async () => {
    await open('fail');
    expect((await handle('verdict').innerText()).replaceAll('\u202f', ' ')).toContain(
      'Rail 3V3 is 3.05 V, under its limit of 3.2 V',
    );
    const phase = page.locator('[data-testid=slot][data-slot="1"] [data-testid=phase][data-key=power_rails]');
    expect(await phase.getAttribute('data-attempt')).toBe('1');
    expect(await phase.getByTestId('measurement').count()).toBe(2);
    expect(await page.locator('[data-testid=phase][data-outcome=SKIP]').count()).toBe(2);
  });

  test('rule 6: a refusal stays until the next scan', async () => {
    await open('refusal');
    expect(await handle('refusal').getAttribute('data-code')).toBe('serial-pattern');
    await handle('serial-input').fill('SN-000124');
    expect(await handle('refusal').count()).toBe(1);
    await page.keyboard.press('Enter');
    await handle('refusal').waitFor({ state: 'detached' });
  });

  test('rule 4: a scan while the station starts is kept until it is ready', async () => {
    await open('starting');
    await page.keyboard.type('SN-7\n');
    expect(await calls('start')).toEqual([]);
    await tell(view(READY));
    await handle('stop').waitFor();
    expect(await calls('start')).toEqual([['SN-7']]);
  });

  test('rule 4: the scan field has the focus while the station starts, before any key', async () => {
    await open('starting');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'serial-input');
  });

  test('rules 7 and 9: other screens keep the header, and Stop while a run is under way', async () => {
    await open('running');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'History' }).click();
    await page.waitForURL('**/history');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('History');
    expect(await page.title()).toBe('History · taipei-line1-042 · Fieldbench');
    for (const id of ['station', 'connection', 'fixture', 'queue']) expect(await handle(id).count()).toBe(1);
    const box = await handle('stop').boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(48);
    await handle('stop').click();
    expect(await calls('stop')).toHaveLength(1);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'Test', exact: true }).click();
    await page.waitForURL(/\/$/);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('serial-input');
    await page.goBack();
    await page.waitForURL('**/history');
  });

  test('rule 7: Stop is in sight at 360 px and at 200 % zoom, wherever the page is scrolled to', async () => {
    await open('many');
    for (const [width, height] of [
      [360, 740],
      [640, 400],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const top of [0, 600]) {
        await page.evaluate((top) => window.scrollTo(0, top), top);
        const box = await handle('stop').boundingBox();
        expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
        expect(box?.y).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test('rule 13: emergency stop acts when it is pressed, once, with and without a run', async () => {
    await open('idle');
    const place = await handle('emergency-stop').boundingBox();
    await page.mouse.move(place!.x + place!.width / 2, place!.y + place!.height / 2);
    await page.mouse.down();
    expect(await calls('emergencyStop'), 'nobody waits until it is let go').toHaveLength(1);
    await page.mouse.up();
    expect(await calls('emergencyStop')).toHaveLength(1);
    await handle('emergency-stop').focus();
    await page.keyboard.press('Enter');
    expect(await calls('emergencyStop')).toHaveLength(2);
    // In one task: pressed before the run that began is drawn.
    await page.evaluate(
      (news) => {
        const { gallery } = window as unknown as { gallery: { tell(news: unknown): void } };
        for (const item of news) gallery.tell(item);
        document
          .querySelector('[data-testid=emergency-stop]')!
          .dispatchEvent(new PointerEvent('pointerdown', { button: 0, bubbles: true }));
      },
      [view({ running: true }), begin('SN-1'), happen('running')],
    );
    await page.getByText('Waiting for the safe state').waitFor();
    await tell(view({ running: false }), { kind: 'run', slot: '1', events: (EVENTS['emergency'] ?? []).slice(-1) });
    await page.locator('[data-testid=verdict][data-outcome=ABORTED]').waitFor();
    expect(await handle('verdict').innerText()).toContain('A person pressed emergency stop.');
    expect(await calls('stop')).toEqual([]);
  });

  test('rule 13: by key on every screen, whatever has the focus, and not again while it is held', async () => {
    for (const [state, path] of [
      ['idle', '/'],
      ['history', '/history'],
    ] as const) {
      await open(state, path);
      await page.locator('input').first().fill('SN-12 34');
      await page.keyboard.down('Pause');
      await page.keyboard.down('Pause');
      await page.keyboard.up('Pause');
      expect(await calls('emergencyStop')).toHaveLength(1);
      await page.keyboard.press('Control+Shift+Backspace');
      expect(await calls('emergencyStop')).toHaveLength(2);
      expect(await page.locator('input').first().inputValue(), 'nothing is rubbed out').toBe('SN-12 34');
      for (const key of ['Backspace', 'Control+Backspace', 'Escape', 'Shift+Backspace']) await page.keyboard.press(key);
      expect(await calls('emergencyStop')).toHaveLength(2);
    }
  });

  test('rule 13: it is large, in sight, and away from Start and Stop', async () => {
    for (const [state, path] of [
      ['many', '/'],
      ['run-meanwhile', '/history'],
    ] as const) {
      await open(state, path);
      for (const [width, height] of [
        [1280, 800],
        [820, 1180],
        [360, 740],
        [640, 400],
      ] as const) {
        await page.setViewportSize({ width, height });
        for (const top of [0, 600]) {
          await page.evaluate((top) => window.scrollTo(0, top), top);
          const [it, stop] = [await handle('emergency-stop').boundingBox(), await handle('stop').boundingBox()];
          if (!it || !stop) throw new Error('a button is not there');
          expect(it.height).toBeGreaterThanOrEqual(48);
          expect(it.width).toBeGreaterThanOrEqual(180);
          const where = `${state} ${width} × ${height}, scrolled by ${top}`;
          for (const box of [it, stop]) expect([box.y >= 0, box.y + box.height <= height], where).toEqual([true, true]);
          const apart = Math.max(stop.y - it.y - it.height, it.y - stop.y - stop.height, it.x - stop.x - stop.width);
          expect(apart, where).toBeGreaterThanOrEqual(path === '/' ? 48 : 12);
        }
      }
    }
  });

  test('rule 13: a worker that does not answer is ended', async () => {
    await open('history-loading', '/history');
    await page.keyboard.press('Pause');
    expect(await calls('restart')).toEqual([]);
    await expect.poll(() => calls('restart')).toHaveLength(1);
  });

  test('uploads: counts, rows and a retry for what is parked', async () => {
    await open('queue', '/queue');
    const queue = handle('queue');
    expect([await queue.getAttribute('data-waiting'), await queue.getAttribute('data-parked')]).toEqual(['4', '2']);
    const parked = page.locator('[data-testid=queue-row][data-state=PARKED]').first();
    expect(await parked.getAttribute('data-reason')).toBe('TofuPilot has no procedure with this id.');
    await parked.getByRole('button', { name: 'Retry' }).click();
    expect(await calls('retry')).toEqual([[await parked.getAttribute('data-run-id')]]);
  });

  test('fixtures: one click, one chooser', async () => {
    await open('fixtures', '/fixtures');
    await page.getByRole('button', { name: 'Choose device' }).first().click();
    expect(await calls('pairDevice')).toHaveLength(1);
  });

  test('a screen that cannot be loaded says so, and units are tested all the same', async () => {
    const gone = { contentType: 'text/javascript', body: 'throw new Error("gone")' };
    await page.route('**/assets/HistoryScreen*.js', (route) => route.fulfill(gone));
    await open('idle', '/history');
    await page.getByRole('heading', { name: 'This screen could not be loaded' }).waitFor();
    expect(await page.locator('[data-testid=notice][data-code=screen-missing]').count()).toBe(1);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'Test', exact: true }).click();
    await handle('serial-input').fill('SN-1');
    await page.keyboard.press('Enter');
    expect(await calls('start')).toEqual([['SN-1']]);
    // The server has it again.
    await page.unroute('**/assets/HistoryScreen*.js');
    await page.goBack();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('heading', { name: 'History', level: 1 }).waitFor();
  });

  test('history: searched as you type', async () => {
    await open('history', '/history');
    await page.getByRole('searchbox').pressSequentially('SN');
    await expect.poll(() => handle('found').getAttribute('data-for')).toBe('SN');
    const total = Number(await handle('found').getAttribute('data-total'));
    expect(total).toBeGreaterThan(0);
    await page.getByRole('searchbox').fill('no such unit');
    await expect.poll(() => handle('found').getAttribute('data-total')).toBe('0');
    expect(await handle('run-row').count()).toBe(0);
  });

  test('enrolment: the form takes a name on the scheme only', async () => {
    await open('unenrolled');
    await page.getByLabel('Station name').fill('bench 7');
    await page.getByLabel('Station key').fill('secret');
    await page.getByRole('button', { name: 'Enrol' }).click();
    expect(await calls('enrol')).toEqual([]);
    await page.getByLabel('Station name').fill('taipei-line1-042');
    await page.getByRole('button', { name: 'Enrol' }).click();
    expect(await calls('enrol')).toEqual([[{ station: 'taipei-line1-042', key: 'secret' }]]);
    await expect.poll(() => calls('notify')).toMatchObject([[{ code: 'first-steps', tone: 'info' }]]);
  });

  test('theme and sound are kept', async () => {
    await open('settings', '/settings');
    await page.getByLabel('Dark').check();
    await page.getByLabel(/Sound/).uncheck();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    expect(await page.getByLabel(/Sound/).isChecked()).toBe(false);
  });

  test('two thousand measurements in bursts are all drawn', async () => {
    await open('idle');
    await tell(view({ running: true }), begin('SN-1'), happen('running'));
    await page.evaluate(async () => {
      const { gallery } = window as unknown as { gallery: { tell(news: unknown): void } };
      for (let batch = 0; batch < 20; batch++) {
        for (let index = 0; index < 100; index++) {
          const measurement = {
            key: `m${batch}_${index}`,
            name: 'Point',
            outcome: 'PASS',
            measured_value: index / 7,
            units: 'V',
            validators: [{ operator: '<=', expected_value: 99, outcome: 'PASS', is_decisive: true }],
          };
          gallery.tell({
            kind: 'run',
            slot: '1',
            events: [{ kind: 'measurement', at_ms: 1, phase: 'load_sweep', measurement }],
          });
        }
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      }
    });
    expect(await handle('measurement').count()).toBe(2003);
  });
});
