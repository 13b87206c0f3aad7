/**
 * The analysis of a station's own runs, from the disk to the screen, with its server gone: what was tested a moment ago is
 * counted, what decided is named, and a run that ends while it is looked at appears by itself.
 */
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

const STATION = 'demo-line1-001';

test('yield, failures and one measurement of the runs on this disk, without a server', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  await station.offlineReady();
  for (const serial of ['SN-000123', 'SN-000124', 'SN-000113', 'SN-000125']) await station.test(serial);
  await server.stop();

  await station.open('/analysis');
  await expect(page.getByTestId('analysis')).toHaveAttribute('data-runs', '4');
  await expect(page.getByTestId('first-pass-yield')).toHaveAttribute('data-value', '0.75');
  await expect(page.getByTestId('pareto')).toHaveAttribute('data-runs', '1');
  await expect(page.getByTestId('analysis')).toContainText('simulated');

  await page.getByRole('group', { name: 'View' }).getByRole('radio', { name: 'Measurement' }).check();
  await expect(page.getByTestId('capability')).toHaveAttribute('data-n', '4');
  await expect(page.getByTestId('capability')).toContainText('fewer than 30');
  await expect(page.getByRole('slider', { name: /^Control chart/ })).toBeVisible();
  await page.getByRole('slider', { name: /^Control chart/ }).press('End');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/runs\//);
  await page.goBack();
  await expect(page.getByTestId('capability')).toHaveAttribute('data-n', '4');
});
