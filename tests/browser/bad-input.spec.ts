/**
 * Bad input and bad luck: each gets a clear word, and nothing is lost.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { powerBoard, POWER_BOARD_BENCH, PROCEDURE_ID, writeFleetFolder } from '../support/fleet-folder.ts';
import { READY_MS, StationPage } from '../support/station-page.ts';
import { STATION_KEY } from '../support/strict-tofupilot.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import { expect, openStation, STATION, test } from './stage.ts';

/** The app asks for new releases every 15 s. */
const FLEET_ROUND_MS = 30_000;

/** Longer than the app takes to do something wrong at once. */
const MOMENT_MS = 1_000;

const SETTINGS = { simulated: true, default_procedure: 'power-board', sync: { ambiguous_wait_s: 2 } };

const procedures = (text: unknown) => ({
  settings: SETTINGS,
  procedures: { 'power-board': { 'procedure.yaml': text, 'bench.yaml': POWER_BOARD_BENCH } },
});

test('malformed YAML is refused with its line, and works again when it is corrected', async ({ stage }) => {
  const content = procedures(`name: Power board\nid: ${PROCEDURE_ID}\nmain: [ { name: "Open\n`);
  const { server, fleet } = await stage.factory({ content });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.scan('SN-000001');
  expect(await station.refusal()).not.toBe('');
  await expect
    .poll(async () => {
      await station.scan('SN-000001');
      return station.handle('refusal').first().innerText();
    })
    .toMatch(/line \d+/i);
  expect(await station.shown()).toBeNull();

  writeFleetFolder(fleet, procedures(powerBoard()));
  await expect(station.handle('fixture').first()).toHaveAttribute('data-state', 'ready', { timeout: FLEET_ROUND_MS });
  expect((await station.test('SN-000001')).outcome).toBe('PASS');
});

test('a procedure with python: loads and is refused by naming the phase and what replaces it', async ({ stage }) => {
  const { main, ...rest } = powerBoard();
  const python = { name: 'Load sweep', key: 'load_sweep', python: 'phases.load_sweep' };
  const { server } = await stage.factory({ content: procedures({ ...rest, main: [...main, python] }) });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  await station.scan('SN-000001');
  expect(await station.refusal()).not.toBe('');
  const text = await station.handle('refusal').first().innerText();
  expect(text).toMatch(/load.sweep/i);
  expect(text).toMatch(/script|steps/);
});

test('a wrong key: testing goes on, nothing is lost, and all arrives with the right key', async ({ stage }) => {
  const { upstream, server } = await stage.factory({ simulated: true });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment({ key: 'not-the-right-key-00' }));
  await station.fixtureIs('ready');
  const pass = await station.test('SN-000001');
  const fail = await station.test('SN-000113');
  expect([pass.outcome, fail.outcome]).toEqual(['PASS', 'FAIL']);
  await station.connectionIs('refused');
  await station.queueBecomes({ waiting: 2, parked: 0, uploadedToday: 0 });
  expect(upstream.runs).toEqual([]);

  await station.ready(STATION, stage.enrolment({ key: STATION_KEY }));
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 2 });
  expect(upstream.runs.map(({ body }) => body.metadata?.['client_run_id'])).toEqual([pass.runId, fail.runId]);
  await station.connectionIs('online');
});

test('TofuPilot out of reach: runs wait and arrive by themselves', async ({ stage }) => {
  const { upstream, server } = await stage.factory({ simulated: true });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  await upstream.stop();
  expect((await station.test('SN-000001')).outcome).toBe('PASS');
  await station.connectionIs('offline');
  await station.queueBecomes({ waiting: 1, parked: 0 });
  await upstream.resume();
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 1 }, 90_000);
  expect(upstream.runs).toHaveLength(1);
});

test('an answer lost after the commit, an error and a refusal to hurry: each run arrives once', async ({ stage }) => {
  const { upstream, server } = await stage.factory({ simulated: true });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  upstream.script({ kind: 'drop-after-commit' });
  upstream.script({ kind: 'status', status: 500 });
  upstream.script({ kind: 'status', status: 429, retryAfterS: 1 });
  upstream.script({ kind: 'close' });
  for (const serial of ['SN-000001', 'SN-000002', 'SN-000003', 'SN-000004']) await station.test(serial);
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 4 }, 80_000);
  expect(new Set(upstream.runs.map(({ body }) => body.metadata?.['client_run_id'])).size).toBe(4);
  expect(upstream.runs).toHaveLength(4);
  expect(upstream.complaints).toEqual([]);
});

test('a start with no server at all: the station works, and delivers when the server is back', async ({ stage }) => {
  const { upstream, server, env } = await stage.factory({ simulated: true });
  const first = await stage.browser({ origin: server.origin });
  const before = await openStation(first, server, stage.enrolment());
  await before.fixtureIs('ready');
  await before.offlineReady();
  await first.close();
  await server.stop();

  const second = await stage.browser({ origin: server.origin });
  const station = await openStation(second, server, '/');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000001')).outcome).toBe('PASS');
  await station.connectionIs('offline');
  await station.queueBecomes({ waiting: 1, parked: 0 });

  await stage.server({ port: server.port, env });
  await station.queueBecomes({ waiting: 0, uploadedToday: 1 }, 90_000);
  expect(upstream.runs).toHaveLength(1);
});

test('a second tab says so, runs nothing, and takes over when the first closes', async ({ stage }) => {
  const { upstream, server } = await stage.factory({ simulated: true });
  const browser = await stage.browser({ origin: server.origin });
  const first = await openStation(browser, server, stage.enrolment());
  await first.fixtureIs('ready');
  expect((await first.test('SN-000001')).outcome).toBe('PASS');

  const second = new StationPage(await browser.context.newPage(), server.origin);
  await second.open();
  await second.notice('second-tab');
  if (await second.input.isVisible()) await second.scan('SN-000002');
  await sleep(MOMENT_MS);
  expect((await first.test('SN-000003')).outcome).toBe('PASS');

  await first.page.close();
  await expect(second.page.locator('[data-testid=notice][data-code="second-tab"]')).toHaveCount(0);
  await expect(second.input).toBeEnabled({ timeout: READY_MS });
  await second.fixtureIs('ready');
  expect((await second.test('SN-000004')).outcome).toBe('PASS');
  await second.queueBecomes({ waiting: 0, uploadedToday: 3 });
  // Different units: which of them arrives first is nobody's promise.
  const arrived = upstream.runs.map(({ body }) => body.serial_number).toSorted();
  expect(arrived).toEqual(['SN-000001', 'SN-000003', 'SN-000004']);
});

test('a browser that reaches no fixture at all says so and refuses to run', async ({ stage }) => {
  const { server } = await stage.factory();
  // Off for the worker too, which no script of the page could reach.
  const browser = await stage.browser({ origin: server.origin, args: ['--disable-blink-features=Serial,WebUSB'] });
  const station = await openStation(browser, server, stage.enrolment());
  expect(await station.page.evaluate(() => 'serial' in navigator || 'usb' in navigator)).toBe(false);
  await station.fixtureIs('permission');
  await station.scan('SN-000001');
  expect(await station.refusal()).not.toBe('');
});

test('a browser without Web Serial looks for the fixture over WebUSB, and refuses to run without it', async ({
  stage,
}) => {
  const { server } = await stage.factory();
  const browser = await stage.browser({ origin: server.origin, args: ['--disable-blink-features=Serial'] });
  const station = await openStation(browser, server, stage.enrolment());
  expect(await station.page.evaluate(() => ['serial' in navigator, 'usb' in navigator])).toEqual([false, true]);
  await station.fixtureIs('missing');
  await station.scan('SN-000001');
  expect(await station.refusal()).not.toBe('');
});

test('a fixture that was never granted is missing, and the run is refused', async ({ stage }) => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
  const { server } = await stage.factory();
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('missing');
  await station.scan('SN-000001');
  expect(await station.refusal()).not.toBe('');
});

test('a station name off the scheme is refused with its reason, and the address keeps no key', async ({ stage }) => {
  const { server } = await stage.factory({ simulated: true });
  const browser = await stage.browser({ origin: server.origin });
  const station = new StationPage(browser.page, server.origin);
  await station.open(stage.enrolment({ station: 'Station 42!' }));
  const notice = station.handle('notice').first();
  await expect(notice).toBeVisible({ timeout: READY_MS });
  expect(await notice.getAttribute('data-code')).not.toBe('');
  expect(new URL(station.page.url()).hash).toBe('');
  await expect(station.handle('station')).not.toContainText('Station 42!');

  await station.ready(STATION, stage.enrolment());
  await station.fixtureIs('ready');
  expect((await station.test('SN-000001')).outcome).toBe('PASS');
});
