/**
 * Help in place: from a refusal to its page and back, with no network at all, and the scan field is ready again.
 */
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

const STATION = 'demo-line1-001';
/** Of no procedure: the try-out's serial numbers are built otherwise. */
const ODD_LABEL = 'PART-NO-77';

test('offline, a refusal leads to its page and back; it stays, and the next scan goes where it always goes', async ({
  stage,
}) => {
  const server = await stage.server();
  const browser = await stage.browser({ origin: server.origin });
  const { page } = browser;
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  await station.fixtureIs('ready');
  await station.offlineReady();
  await server.stop();

  await station.scan(ODD_LABEL);
  expect(await station.refusal()).toBe('serial-pattern');
  await page.getByTestId('help-link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not the form of a serial number');
  await expect(page.getByText('Another label was scanned')).toBeVisible();
  await expect(page).toHaveURL(/\/help\/code\/serial-pattern$/);

  await station.handle('help-back').click();
  await expect(station.handle('refusal')).toHaveAttribute('data-code', 'serial-pattern');
  await expect(station.input).toBeFocused();
  await page.keyboard.type('SN-000123');
  await page.keyboard.press('Enter');
  expect((await station.verdict()).outcome).toBe('PASS');

  // All of it is there, loaded anew without a server, and searched.
  await station.open('/help');
  await page.getByTestId('help-search').pressSequentially('dialout');
  await page.getByTestId('help-hit').getByRole('link').first().click();
  await expect(page.getByTestId('help')).toContainText('dialout');
});
