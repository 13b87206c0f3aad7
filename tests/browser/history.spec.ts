/** The history on a station that has tested: found as one types, by keys alone, and a run's page with its report. */
import { readFileSync } from 'node:fs';
import { axeViolations } from '../support/axe.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

test('a technician finds the reason of a failure', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  const station = new StationPage(page, server.origin);
  await station.ready('demo-line1-001');
  for (const serial of ['SN-000123', 'SN-000113', 'SN-000221', 'SN-000113']) await station.test(serial);

  await station.open('/history');
  const rows = station.handle('run-row');
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toHaveAttribute('data-serial', 'SN-000113');
  await expect(rows.first()).toHaveAttribute('aria-setsize', '4');

  // With keys alone: to the search, a filter in words, down to the runs, and into one.
  await page.locator('h1').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('outcome:fail sn-0001');
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Fail', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(rows.first().getByRole('link')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1).getByRole('link')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('searchbox')).toBeFocused();

  // A press changes the text, and the address keeps it.
  await page.getByRole('button', { name: 'Fail', exact: true }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('sn-0001');
  await expect(rows).toHaveCount(3);
  await page.getByRole('button', { name: 'Fail', exact: true }).click();
  expect(new URL(page.url()).searchParams.get('find')).toBe('sn-0001 outcome:fail');
  await page.reload();
  await expect(rows).toHaveCount(2);

  // What failed is searched, too: a reason begins with the phase that did.
  const failed = (await rows.first().locator('.reason').textContent()) ?? '';
  const [word = ''] = failed.split(':');
  await page.getByRole('searchbox').fill(`phase:"${word}"`);
  await expect(rows).toHaveCount(2);
  await rows.first().getByRole('link').press('Enter');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SN-000113');
  await expect(page.getByTestId('unit-runs').getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Compare with earlier runs' }).click();
  await expect(page.getByTestId('compare').getByRole('row')).not.toHaveCount(1);
  expect(await axeViolations(page)).toEqual([]);

  const waiting = page.waitForEvent('download');
  await page.locator('[data-testid=export][data-format=report]').click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^SN-000113-.*\.report\.html$/);
  const report = readFileSync(await download.path(), 'utf8');
  expect(report).toMatch(/<strong>FAIL<\/strong\s*>/);
  expect(report).not.toContain('<script');
  expect(complaints).toEqual([]);
});
