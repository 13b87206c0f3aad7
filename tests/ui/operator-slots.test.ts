/** What an operator's hands do with several slots, in a real browser; the rules are those of src/ui/RULES.md. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import type { SlotView, StationNews, StationView } from '#engine/link/station-link.ts';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { EVENTS, headerOf } from './gallery/samples.ts';
import { SCENES } from './gallery/states.ts';

describe.skipIf(!chromium)('operator with slots', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, tell, calls } = hands((fresh) => (page = fresh));
  const slot = (key: string) => page.locator(`[data-testid=slot][data-slot=${key}]`);
  const slotsOf = (state: string) => SCENES[state]!.view.slots;
  const change = (slots: readonly SlotView[], nextSlot: string | null): StationNews => ({
    kind: 'view',
    change: { slots, nextSlot, running: slots.some(({ running }) => running) } satisfies Partial<StationView>,
  });
  const taken = (state: string, at: number, serial: string | null, running = serial !== null) =>
    slotsOf(state).map((one, index) => (index === at ? { ...one, serial, running } : one));
  const begin = (key: string, serial: string): StationNews => ({
    kind: 'run',
    slot: key,
    events: [{ kind: 'run-started', header: { ...headerOf(serial), id: `run of ${serial}`, slot: key } }],
  });
  const happen = (key: string, state: string): StationNews => ({ kind: 'run', slot: key, events: EVENTS[state] ?? [] });

  test('rules 1, 2 and 14: a unit in each slot, each with its own phases, verdict and stop', async () => {
    await open('slots-2-idle');
    await page.keyboard.type('SN-1\n');
    expect(await calls('start')).toEqual([['SN-1']]);
    await tell(change(taken('slots-2-idle', 0, 'SN-1'), 's2'), begin('s1', 'SN-1'), happen('s1', 'running'));
    await slot('s1').getByText('Load sweep').first().waitFor();
    expect(await slot('s1').locator('[data-testid=phase][data-key=load_sweep][aria-current=step]').count()).toBe(1);
    expect(await slot('s2').locator('[data-testid=phase]').count(), 'nothing has run there yet').toBe(0);
    expect(await handle('serial-input').getAttribute('placeholder')).toBe('Scan the unit for Right');
    expect(await slot('s2').getByText('Next', { exact: true }).count()).toBe(1);
    await slot('s1').getByTestId('stop').click();
    expect(await calls('stop')).toEqual([['s1']]);
    await tell({ kind: 'run', slot: 's1', events: (EVENTS['aborted'] ?? []).slice(-1) });
    expect(
      await slot('s1').getByTestId('verdict').getAttribute('data-outcome'),
      'the station is still at it',
    ).toBeNull();
    await tell(change(slotsOf('slots-2-idle'), 's2'));
    await page.locator('[data-slot=s1] [data-testid=verdict][data-outcome=ABORTED]').waitFor();
    expect(await slot('s1').getByTestId('verdict').getAttribute('data-run-id')).toBe('run of SN-1');
    expect(await slot('s2').getByTestId('verdict').getAttribute('data-outcome')).toBeNull();
    await tell(change(taken('slots-2-idle', 0, 'SN-3'), 's2'));
    await slot('s1').getByText('SN-3').waitFor();
    expect(
      await slot('s1').getByTestId('verdict').getAttribute('data-outcome'),
      'the old one is gone at once',
    ).toBeNull();
  });

  test('rule 4: a scan while every slot is taken is kept, and one that was not taken goes back', async () => {
    await open('slots-2-running');
    expect(await handle('start').isDisabled()).toBe(true);
    await page.keyboard.type('SN-7\n');
    expect(await calls('start')).toEqual([]);
    expect(await handle('serial-input').inputValue()).toBe('SN-7');
    await tell(change(taken('slots-2-running', 0, null), 's1'));
    await page.locator('[data-testid=start]:enabled').waitFor();
    expect(await calls('start'), 'nothing starts by itself').toEqual([]);
    await page.keyboard.press('Enter');
    expect(await calls('start')).toEqual([['SN-7']]);
  });

  test('rule 14: with five and more slots a card shows verdict, serial number, progress and the first failure only', async () => {
    await open('slots-8-running');
    expect(await handle('slot').count()).toBe(8);
    expect(await handle('phase').count()).toBe(0);
    expect(await slot('s3').innerText()).toMatch(/FAIL[^]*SN-000126[^]*Rail 3V3 is 3\.05/);
    expect(await slot('s4').innerText(), 'so far').toMatch(/SN-000127[^]*Rail 3V3 is 3\.05/);
    expect(await slot('s4').getByTestId('verdict').getAttribute('data-outcome')).toBeNull();
    expect(await slot('s1').getByTestId('stop').count()).toBe(0);
    expect(await handle('stop').count()).toBe(3);
    for (const box of await Promise.all((await handle('stop').all()).map((one) => one.boundingBox())))
      expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(48);
  });

  test('rule 14: a person points at another slot; a stop of all is one press', async () => {
    await open('slots-8-running');
    await slot('s5').getByRole('button', { name: 'Scan here, Slot 5' }).click();
    expect(await calls('aimAt')).toEqual([['s5']]);
    await tell(change(slotsOf('slots-8-running'), 's5'));
    await slot('s5').getByText('Next', { exact: true }).waitFor();
    await page.keyboard.type('SN-9\n');
    expect(await calls('start'), 'the scanner types into the field').toEqual([['SN-9']]);
    await handle('stop-all').click();
    expect(await calls('stop')).toEqual([[]]);
  });

  test('rule 14: units that wait are started by a Start without a scan, and taken out one by one', async () => {
    await open('slots-16-waiting');
    expect(await handle('start').innerText()).toBe('Start 11 units');
    await handle('start').click();
    expect(await calls('startWaiting')).toHaveLength(1);
    await slot('s3').getByTestId('stop').click();
    expect(await calls('stop')).toEqual([['s3']]);
    await page.keyboard.type('SN-9');
    expect(await handle('start').innerText()).toBe('Start');
    await page.keyboard.press('Enter');
    expect(await calls('start')).toEqual([['SN-9']]);
  });

  test('rule 6: a refusal says why, where one looks for what to do, and no verdict goes', async () => {
    await open('slots-8-refused');
    expect(await handle('refusal').getAttribute('data-code')).toBe('unit-in-slot');
    expect(await page.locator('[data-testid=verdict][data-outcome]').count()).toBe(4);
    await page.keyboard.type('SN-9\n');
    await handle('refusal').waitFor({ state: 'detached' });
    expect(await page.locator('[data-testid=verdict][data-outcome]').count()).toBe(4);
  });

  test('rule 14: a slot whose fixture is gone says so, and the others do not', async () => {
    await open('slots-8-unready');
    expect(await slot('s3').innerText()).toContain('Fixture (Slot 3) is gone. Plug its cable in again.');
    expect(await slot('s4').innerText()).not.toContain('is gone');
    const fixtures = await handle('fixture').all();
    expect(await Promise.all(fixtures.map((one) => one.getAttribute('data-plug')))).toEqual(['psu', 'fixture']);
    expect(await handle('fixture').nth(1).getAttribute('data-state')).toBe('lost');
    expect(await handle('fixture').nth(1).innerText()).toBe('Fixture (Slot 3) lost');
  });

  test('rule 15: a screen reader hears each slot by its name, and what may still be on', async () => {
    await open('slots-2-live');
    const said = () => page.locator('[role=status][aria-live=polite]').allInnerTexts();
    expect(await said()).toEqual(['Left: PASS. SN-000124. Power supply may be on', 'Right: testing SN-000125']);
    await tell(
      change(
        slotsOf('slots-2-live').map((one) => ({ ...one, running: false, serial: null })),
        's1',
      ),
    );
    await expect.poll(async () => (await said())[0]).toBe('Left: PASS. SN-000124');
    expect(await page.getByText('may be on').count()).toBe(0);
  });

  test('rule 13: emergency stop is over all slots, and each waits for its safe state', async () => {
    await open('slots-2-running');
    await page.keyboard.press('Pause');
    expect(await calls('emergencyStop')).toHaveLength(1);
    for (const key of ['s1', 's2']) await slot(key).getByText('Waiting for the safe state').waitFor();
  });

  test('rules 7 and 13: on another screen the runs are counted, with one stop for all', async () => {
    await open('slots-meanwhile', '/history');
    const strip = page.getByRole('complementary', { name: 'Run under way' });
    expect(await strip.innerText()).toContain('Testing 3 units');
    await strip.getByTestId('stop').click();
    expect(await calls('stop')).toEqual([[]]);
    await page.keyboard.press('Pause');
    expect(await calls('emergencyStop')).toHaveLength(1);
  });

  test('rule 16: sixteen slots fit a window of 1280 by 800 and a tablet, all in sight', async () => {
    await open('slots-16-running');
    for (const [width, height] of [
      [1280, 800],
      [820, 1180],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const one of await handle('slot').all()) {
        const box = await one.boundingBox();
        expect(box!.y).toBeGreaterThanOrEqual(0);
        expect(box!.y + box!.height).toBeLessThanOrEqual(height);
      }
    }
  });

  test('a run of another slot is not drawn anew by news of its neighbour', async () => {
    await open('slots-4-running');
    const row = await slot('s1').locator('[data-testid=phase]').first().elementHandle();
    await tell(happen('s2', 'pass'), change(taken('slots-4-running', 1, null), 's2'));
    await slot('s2').locator('[data-outcome=PASS]').first().waitFor();
    expect(await row!.evaluate((element) => element.isConnected)).toBe(true);
  });
});
