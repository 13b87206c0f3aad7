/** Runs as files of other programs, as a person takes them: from the run's page, and all that a search finds. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

async function taken(page: Page, format: string): Promise<{ name: string; bytes: Buffer }> {
  const waiting = page.waitForEvent('download');
  await page.locator(`[data-testid=export][data-format=${format}]`).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('a run, and every run that is found, leave in other programs’ formats', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready('demo-line1-001');
  for (const serial of ['SN-000123', 'SN-000113', 'SN-000221']) await station.test(serial);

  await station.open('/history');
  const zip = await taken(page, 'openhtf');
  expect(zip.name).toBe('runs.openhtf.zip');
  const records = Object.values(unzipSync(zip.bytes)).map((file) => JSON.parse(new TextDecoder().decode(file)));
  expect(records.map(({ dut_id, outcome }) => `${dut_id} ${outcome}`).sort()).toEqual([
    'SN-000113 FAIL',
    'SN-000123 PASS',
    'SN-000221 PASS',
  ]);
  await expect(station.handle('export-result')).toHaveText('3 runs in runs.openhtf.zip.');

  await page.getByRole('searchbox').fill('SN-0001');
  await expect(station.handle('run-row')).toHaveCount(2);
  const csv = await taken(page, 'csv');
  expect(new Set(csv.bytes.toString().match(/SN-\d+/g))).toEqual(new Set(['SN-000113', 'SN-000123']));

  await station.handle('run-row').first().click();
  // The list has buttons of the same names.
  await expect(station.handle('run-row')).toHaveCount(0);
  const atml = await taken(page, 'atml');
  expect(atml.name).toMatch(/^SN-000113-.*\.atml\.xml$/);
  expect(atml.bytes.toString()).toContain('<tr:Outcome value="Failed"/>');

  // Back from the run, what was looked for is still there.
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('SN-0001');
  await expect(station.handle('run-row')).toHaveCount(2);
});
