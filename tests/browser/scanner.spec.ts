/**
 * A barcode scanner on a real serial port, as far as Chromium can tell, beside the fixture's: its codes start runs, also
 * after it was pulled out, and nothing that is half of a code does.
 */
import type { StationPage } from '../support/station-page.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import type { FixtureIds } from '../virtual-devices/virtual-fixture.ts';
import { expect, night, openStation, test, type Stage } from './stage.ts';

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

/** A fixture that is asked again and again waits in between, and so does a scanner with the same USB id. */
const PATIENCE = { timeout: 30_000 };

async function bench(stage: Stage, ids: FixtureIds = {}) {
  const { upstream, server } = await stage.factory();
  const [fixture, scanner] = [await stage.fixture(), await stage.scanner(ids)];
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  return { upstream, fixture, scanner, station };
}

/** By the menu, which loads no page. */
async function goTo({ page }: StationPage, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name }).first().click();
}

/** Nobody can answer the chooser of a headless browser: the port is granted by policy, and is what was chosen. */
async function addScanner(station: StationPage, usbVendorId: number, usbProductId: number): Promise<void> {
  await goTo(station, 'Fixtures');
  await station.page.evaluate(
    (info) => Object.assign(navigator.serial, { requestPort: async () => ({ getInfo: () => info }) }),
    { usbVendorId, usbProductId },
  );
  await station.page.getByRole('button', { name: 'Add a scanner' }).click();
  await scannerIs(station, 'ready');
}

async function scannerIs(station: StationPage, state: string): Promise<void> {
  await expect(station.handle('scanner')).toHaveAttribute('data-state', state, PATIENCE);
}

test('a code starts the run; pulled in mid-code: nothing; plugged in again, the next code counts, with no reload', async ({
  stage,
}) => {
  const { upstream, scanner, station } = await bench(stage);
  await station.page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await addScanner(station, 0x0c2e, 0x0901);
  await scanner.send('SN-000001\r');
  await expect(station.handle('last-scan')).toContainText('SN-000001');
  await goTo(station, 'Test');
  expect(await station.shown(), 'tried on Fixtures, it tests nothing').toBeNull();

  await scanner.send('\u0002SN-000002\r\n');
  const pass = await station.verdict();
  expect(pass.outcome).toBe('PASS');

  await scanner.send('SN-000003');
  await scanner.unplug();
  await goTo(station, 'Fixtures');
  await scannerIs(station, 'missing');
  await scanner.plug();
  await scannerIs(station, 'ready');
  await goTo(station, 'Test');
  expect([(await station.shown())?.runId, await station.input.inputValue()]).toEqual([pass.runId, '']);
  await scanner.send('SN-000004\r');
  const again = await station.verdict({ after: pass });
  expect(again.outcome).toBe('PASS');
  const delivered = () => [pass, again].map(({ runId }) => upstream.of(runId)[0]?.body.serial_number);
  await expect.poll(delivered).toEqual(['SN-000002', 'SN-000004']);
  expect(await station.page.evaluate(() => 'neverReloaded' in window)).toBe(true);
  expect(upstream.complaints).toEqual([]);
});

test('behind an adapter like the fixture’s both are found, also at the next start', night, async ({ stage }) => {
  const { scanner, station } = await bench(stage, { vid: '0403', pid: '6001', serial: 'SC0002' });
  await addScanner(station, 0x0403, 0x6001);
  await station.open('/fixtures');
  await station.fixtureIs('ready');
  await scannerIs(station, 'ready');
  await goTo(station, 'Test');
  await scanner.send('SN-000005\r');
  expect((await station.verdict()).outcome).toBe('PASS');
});
