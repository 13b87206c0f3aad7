/**
 * A station's configuration all the way in a real browser: changed in plain files, published by the command line into a folder that
 * is served, shown with its tier, with its effect on a run; kept offline; and back by publishing the older values.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { powerBoard, POWER_BOARD_BENCH } from '../support/fleet-folder.ts';
import { expect, openStation, STATION, test } from './stage.ts';

const FIELDBENCH = fileURLToPath(new URL('../../dist/cli/fieldbench.js', import.meta.url));
const say = (...args: string[]) => execFileSync(process.execPath, [FIELDBENCH, ...args], { encoding: 'utf8' });

const board = powerBoard({ simulated: true });
const [power, ...rest] = board.main;
/** Its one limit that counts here is a parameter: the simulated fixture answers 3.301 V. */
const PROCEDURE = {
  ...board,
  parameters: { rail_3v3: { type: 'range', unit: 'V', default: [3.2, 3.4] } },
  main: [
    {
      ...power!,
      measurements: [
        { name: 'rail_3v3', unit: 'V', validators: [{ operator: 'range', expected_value: '${rail_3v3}' }] },
        { name: 'idle_current', unit: 'A', validators: [{ operator: '<=', expected_value: 0.06 }] },
      ],
    },
    ...rest,
  ],
};

test('a tighter limit from a line: published, shown, judged by, kept offline, and taken back from the centre', async ({
  stage,
}) => {
  const { upstream, server, fleet, env } = await stage.factory({
    content: {
      settings: { simulated: true, sync: { ambiguous_wait_s: 2 } },
      procedures: { 'power-board': { 'procedure.yaml': PROCEDURE, 'bench.yaml': POWER_BOARD_BENCH } },
    },
  });
  const key = join(stage.folder, 'key');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(fleet, path)), { recursive: true });
    writeFileSync(join(fleet, path), text);
  };
  const LINE = 'config/lines/taipei-line1.yaml';
  const publish = () => say('config', 'publish', fleet, '--key', key);
  say('keygen', key);
  say('keys', fleet, '--add', `${key}.pub`, '--name', 'Release engineering', '--key', key);
  write(`config/stations/${STATION}.yaml`, '');
  write(LINE, 'sign_in: { idle_min: 5 }\n');
  publish();

  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  const { page } = station;
  await station.fixtureIs('ready');
  const card = page.getByTestId('configuration');
  const value = (name: string) => page.locator(`[data-testid=configuration-value][data-key="${name}"]`);
  await station.open('/settings');
  await expect(card).toHaveAttribute('data-source', 'signed');
  await expect(value('sign_in.idle_min')).toHaveAttribute('data-tier', 'line');
  await expect(value('sign_in.idle_min')).toContainText(`${LINE}:1`);
  await station.open('/');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000001')).outcome).toBe('PASS');

  // 3.301 V is no longer inside.
  write(
    LINE,
    'sign_in: { idle_min: 5 }\nparameters:\n  power-board: { rail_3v3: [3.35, 3.4] }\nscreen: { theme: dark }\nlocked: [screen.theme]\n',
  );
  expect(say('config', 'diff', fleet)).toContain('parameters.power-board.rail_3v3: built-in → [3.35,3.4]');
  publish();
  await station.open('/settings');
  await expect(card).toHaveAttribute('data-number', '2');
  await expect(value('parameters.power-board.rail_3v3')).toHaveAttribute('data-value', '3.35 … 3.4');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('radio', { name: 'Light' })).toBeDisabled();
  await expect(page.locator('[data-testid=configuration-change][data-key="screen.theme"]')).toContainText('dark');
  const second = (await card.getAttribute('data-hash'))!;
  await station.open('/');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000002')).outcome).toBe('FAIL');
  await station.queueBecomes({ waiting: 0, uploadedToday: 2 });

  // Without a network, over a new load, it stays so.
  await station.offlineReady();
  await server.stop();
  await station.open('/settings');
  await expect(card).toHaveAttribute('data-number', '2');
  await expect(value('parameters.power-board.rail_3v3')).toHaveAttribute('data-tier', 'line');
  await station.open('/');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000003')).outcome).toBe('FAIL');

  // Back, from the centre: the older values, published.
  write(LINE, 'sign_in: { idle_min: 5 }\n');
  publish();
  await stage.server({ port: server.port, env });
  await station.open('/settings');
  await expect(card).toHaveAttribute('data-number', '3', { timeout: 60_000 });
  await expect(value('parameters.power-board.rail_3v3')).toHaveCount(0);
  await station.open('/');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000004')).outcome).toBe('PASS');
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 4 });

  const metadataOf = (serial: string) => upstream.runs.find(({ body }) => body.serial_number === serial)!.body.metadata;
  expect(metadataOf('SN-000002')).toMatchObject({ configuration: second });
  expect(metadataOf('SN-000003')).toMatchObject({ configuration: second });
  expect(metadataOf('SN-000004')).toMatchObject({ configuration: metadataOf('SN-000001')!['configuration'] });
  expect(upstream.complaints).toEqual([]);
});
