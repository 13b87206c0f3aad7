/**
 * A signed release's whole way in a real browser: packed, signed and published by the command line, taken by a station, named by
 * its runs; a tampered one refused while units still pass; and back to the older one by a supervisor's PIN, without a network.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { SignedIndex } from '#fleet/distribution/signed/release-index.ts';
import { powerBoard, POWER_BOARD_BENCH } from '../support/fleet-folder.ts';
import { expect, openStation, test } from './stage.ts';

const FIELDBENCH = fileURLToPath(new URL('../../dist/cli/fieldbench.js', import.meta.url));
const say = (...args: string[]) => execFileSync(process.execPath, [FIELDBENCH, ...args], { encoding: 'utf8' });

const SETTINGS = { simulated: true, signed_only: true, sync: { ambiguous_wait_s: 2 } };
/** A source folder that nobody may be offered while only signed releases are. */
const UNSIGNED = { 'procedure.yaml': { ...powerBoard(), name: 'Unsigned' }, 'bench.yaml': POWER_BOARD_BENCH };

test('packed, signed, published, taken, run; a tampered one is refused; back again offline with a PIN', async ({
  stage,
}) => {
  const { upstream, server, fleet, env } = await stage.factory({
    content: { settings: SETTINGS, procedures: { unsigned: UNSIGNED } },
  });
  const key = join(stage.folder, 'key');
  say('keygen', key);
  say('keys', fleet, '--add', `${key}.pub`, '--name', 'Release engineering', '--key', key);
  const publish = (version: string, to: string) => {
    const [folder, bundle] = [join(stage.folder, version), join(stage.folder, `${version}.zip`)];
    mkdirSync(folder);
    writeFileSync(join(folder, 'procedure.yaml'), stringify({ ...powerBoard({ simulated: true }), version }));
    writeFileSync(join(folder, 'bench.yaml'), stringify(POWER_BOARD_BENCH));
    say('pack', folder, '--out', bundle);
    say('sign', bundle, '--key', key);
    say('publish', bundle, '--to', to, '--key', key);
    return (JSON.parse(readFileSync(join(to, 'releases/index.json'), 'utf8')) as SignedIndex).signed.procedures[0]!
      .current;
  };
  const first = publish('1.0.0', fleet);
  const second = publish('1.1.0', fleet);

  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  const { page } = station;
  await station.fixtureIs('ready');
  expect((await station.test('SN-000001')).outcome).toBe('PASS');

  // A newer one, of which a byte is changed before anybody sees it.
  const next = join(stage.folder, 'next');
  cpSync(fleet, next, { recursive: true });
  const third = publish('1.2.0', next);
  const nameOf = (hash: string) => `releases/files/${hash.slice('sha256:'.length)}`;
  const manifest = JSON.parse(readFileSync(join(next, nameOf(third)), 'utf8')) as {
    files: { path: string; sha256: string }[];
  };
  const target = join(next, nameOf(manifest.files.find(({ path }) => path === 'procedure.yaml')!.sha256));
  const whole = readFileSync(target, 'utf8');
  writeFileSync(target, whole.replace('3.2', '0.2'));
  cpSync(join(next, 'releases/files'), join(fleet, 'releases/files'), { recursive: true });
  copyFileSync(join(next, 'releases/index.json'), join(fleet, 'releases/index.json'));
  await station.open('/');
  await expect(await station.notice('release-damaged')).toContainText('The station goes on with Power board 1.1.0.');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000002')).outcome).toBe('PASS');

  await station.open('/settings');
  await page.getByTestId('add-person').click();
  await page.getByLabel('Name', { exact: true }).fill('Mei Chen');
  await page.getByRole('radio', { name: 'supervisor' }).check();
  await page.getByLabel('PIN', { exact: true }).fill('471100');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('listed-person')).toHaveCount(1);
  await station.queueBecomes({ waiting: 0, uploadedToday: 2 });

  await station.offlineReady();
  await server.stop();
  await station.open('/fleet');
  const kept = (hash: string) => page.locator(`[data-testid=kept-release][data-release="${hash}"]`);
  await expect(kept(second)).toHaveAttribute('data-state', 'in-use');
  await expect(page.getByText('Unsigned')).toHaveCount(0);
  const back = kept(first).getByRole('button', { name: 'Use this release' });
  await expect(back).toBeDisabled();
  await page.locator('[data-testid=barred][data-right=release]').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /Mei Chen/ }).click();
  await page.keyboard.type('471100\n');
  await expect(page.getByTestId('person')).toHaveAttribute('data-role', 'supervisor');
  await back.click();
  await expect(kept(first)).toHaveAttribute('data-state', 'in-use');
  await expect(page.getByTestId('release-held')).toContainText('Held here by Mei Chen');

  // It stays over a new load, and a run says it.
  await station.open('/');
  await station.fixtureIs('ready');
  await expect(await station.notice('release-held')).toContainText('Power board 1.0.0 is held here by Mei Chen');
  const offline = await station.test('SN-000003');
  expect(offline.outcome).toBe('PASS');
  await stage.server({ port: server.port, env });
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 3 });
  const metadataOf = (serial: string) => upstream.runs.find(({ body }) => body.serial_number === serial)!.body.metadata;
  for (const [serial, release] of [
    ['SN-000001', second],
    ['SN-000002', second],
    ['SN-000003', first],
  ] as const) {
    expect(metadataOf(serial)).toMatchObject({ release });
    expect(metadataOf(serial)).not.toHaveProperty('development');
  }

  // Put right it is taken, and used when the station is let go.
  writeFileSync(target.replace(next, fleet), whole);
  await station.open('/fleet');
  await expect(kept(third)).toHaveAttribute('data-state', 'kept');
  await expect(kept(first)).toHaveAttribute('data-state', 'in-use');
  await page.getByRole('button', { name: 'Follow the fleet' }).click();
  await expect(kept(third)).toHaveAttribute('data-state', 'in-use');
  await expect(page.locator('[data-testid=refused-release]')).toHaveCount(0);
  await expect(page.getByTestId('release-held')).toHaveCount(0);
  expect(upstream.complaints).toEqual([]);
});
