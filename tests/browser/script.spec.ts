/**
 * The script hosts' acceptance suite, for a station: a worker that the service worker serves from this machine's disk.
 *
 * Each unit is one thing that a script can do wrong, or right; the page, the bench worker and the fixture survive all
 * of them. Then once more without a server, after a reload.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTS, judgeCase, SCRIPT_CASES, type ScriptRun } from '../contract/script-host-contract.ts';
import { writeFleetFolder } from '../support/fleet-folder.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

const FILES = readdirSync(ACTS, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(?:ts|yaml)$/.test(path));

test('each script is contained, named, and followed by teardown; and runs without a network', async ({ stage }) => {
  const upstream = await stage.upstream();
  const fleet = writeFleetFolder(join(stage.folder, 'fleet'), {
    settings: { simulated: true },
    procedures: { acts: Object.fromEntries(FILES.map((path) => [path, readFileSync(join(ACTS, path), 'utf8')])) },
  });
  const env = { TOFUPILOT_URL: upstream.url, FLEET_DIR: fleet };
  const server = await stage.server({ env });
  const browser = await stage.browser({ origin: server.origin });
  let crashed = false;
  browser.page.on('crash', () => (crashed = true));
  const asked: string[] = [];
  browser.context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const station = new StationPage(browser.page, server.origin);
  await station.ready('taipei-line1-042', stage.enrolment());

  for (const one of SCRIPT_CASES) {
    await test.step(one.title, async () => {
      await station.test(one.serial);
      const arrived = () => upstream.runs.find(({ body }) => body.serial_number === one.serial)?.body;
      await expect.poll(arrived).toBeTruthy();
      judgeCase(one, arrived() as unknown as ScriptRun);
    });
  }
  expect(crashed, 'the page lives').toBe(false);
  expect(
    asked.filter((path) => path === '/healthz'),
    'what a script asked for',
  ).toEqual([]);

  await station.offlineReady();
  await server.stop();
  await station.open('/');
  await station.ready('taipei-line1-042');
  expect((await station.test('SN-000300')).outcome).toBe('PASS');
  expect((await station.test('SN-000102')).outcome).toBe('TIMEOUT');
  expect((await station.test('SN-000400')).outcome).toBe('PASS');
});
