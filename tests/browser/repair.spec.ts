/**
 * Runs that TofuPilot refuses: parked with its words, corrected or retried by a person, and then there once, under the
 * id that they were sealed with.
 */
import type { Page } from '@playwright/test';
import { powerBoard, POWER_BOARD_BENCH, PROCEDURE_ID, writeFleetFolder } from '../support/fleet-folder.ts';
import { expect, night, openStation, test } from './stage.ts';

const OTHER_PROCEDURE = '11111111-2222-4333-8444-555555555555';

test('a refused serial number is corrected with the keyboard; two others go by one retry', async ({ stage }) => {
  const { upstream, server } = await stage.factory({ simulated: true });
  for (const serial of ['SN-000007', 'SN-000008', 'SN-000009']) upstream.refusedSerials.add(serial);
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  const bad = await station.test('SN-000007');
  const others = [await station.test('SN-000008'), await station.test('SN-000009')];
  await station.queueBecomes({ waiting: 0, parked: 3 });

  const { page } = station;
  await station.open('/queue');
  const row = page.locator(`[data-testid=queue-row][data-run-id="${bad.runId}"]`);
  await expect(row).toContainText('This serial number is not known');
  await row.getByTestId('repair-open').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Serial number')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row.getByTestId('repair-open')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('nö');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Mei Chen');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('repair-problem')).toHaveAttribute('data-code', 'correction-refused');
  await page.getByLabel('Serial number').fill('SN-000107');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('corrected')).toBeFocused();
  await expect(page.getByTestId('corrected')).toContainText('SN-000107');
  await station.queueBecomes({ waiting: 0, parked: 2 });
  await expect(row).toHaveCount(0);

  upstream.refusedSerials.clear();
  await page.getByRole('button', { name: 'Retry all parked' }).click();
  await station.queueBecomes({ waiting: 0, parked: 0 });
  const arrived = upstream.of(bad.runId);
  expect(arrived).toHaveLength(1);
  expect(arrived[0]!.body).toMatchObject({ serial_number: 'SN-000107', outcome: 'PASS' });
  expect(arrived[0]!.body.metadata).toMatchObject({ serial_number_original: 'SN-000007', corrected_by: 'Mei Chen' });
  for (const { runId } of others) expect(upstream.of(runId)).toHaveLength(1);
  expect(upstream.runs).toHaveLength(3);

  await station.open(`/runs/${bad.runId}`);
  await expect(page.getByText('serial number SN-000107, by Mei Chen')).toBeVisible();
  expect(upstream.complaints).toEqual([]);
});

test('a run of an unknown procedure is linked to the right one, with a finger', night, async ({ stage }) => {
  const settings = { simulated: true, default_procedure: 'power-board', sync: { ambiguous_wait_s: 2 } };
  const content = (id: string) => ({
    settings,
    procedures: {
      'power-board': { 'procedure.yaml': { ...powerBoard(), id }, 'bench.yaml': POWER_BOARD_BENCH },
    },
  });
  const { upstream, server, fleet } = await stage.factory({ content: content(OTHER_PROCEDURE) });
  const browser = await stage.browser({ origin: server.origin, touch: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  const { runId } = await station.test('SN-000007');
  await station.queueBecomes({ waiting: 0, parked: 1 });
  const { page } = station;
  await page.getByTestId('queue').tap();
  const row = page.getByTestId('queue-row');
  await expect(row).toContainText('Link the procedure to this station first');
  await page.getByTestId('repair-open').tap();
  await page.getByRole('button', { name: 'Cancel' }).tap();
  await expect(page.getByTestId('repair')).toHaveCount(0);
  await page.getByTestId('repair-open').tap();

  // The author writes the right id; the station has it in seconds, and offers it.
  writeFleetFolder(fleet, content(PROCEDURE_ID));
  await page.getByTestId('repair-procedure').tap({ timeout: 30_000 });
  await expect(page.getByLabel('Procedure in TofuPilot')).toHaveValue(PROCEDURE_ID);
  await page.getByLabel('Your name').tap();
  await page.keyboard.insertText('Mei Chen');
  await page.getByRole('button', { name: 'Correct and send' }).tap();
  await expect(page.getByTestId('corrected')).toContainText('SN-000007');
  await station.queueBecomes({ waiting: 0, parked: 0 });
  expect(upstream.runs).toHaveLength(1);
  expect(upstream.of(runId)[0]!.body).toMatchObject({ procedure_id: PROCEDURE_ID, serial_number: 'SN-000007' });
  expect(upstream.of(runId)[0]!.body.metadata).toMatchObject({ procedure_id_original: OTHER_PROCEDURE });
  expect(await widthOf(page)).toEqual({ touch: true, overflow: 0 });
});

const widthOf = (page: Page) =>
  page.evaluate(() => ({
    touch: navigator.maxTouchPoints > 0,
    overflow: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
  }));
