/** RULES.md 34: each station's configuration, the published one before one that is merged here from plain files. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FleetManifest } from '#fleet/distribution/manifest.ts';
import type { SignedConfiguration } from '#fleet/config/document.ts';
import { FLEET, folder, put, server, type Started } from './support.ts';

const ADDRESS = '/fleet/releases/configuration/taipei-line1-042.json';
const pointer = async ({ ask }: Started) =>
  ((await (await ask('/fleet/manifest.json')).json()) as FleetManifest).configuration;
const documentOf = async ({ ask }: Started, address = ADDRESS) =>
  (await (await ask(address)).json()) as SignedConfiguration;
/** What was read is read again a second later. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));

test('34: a fleet of one file has none, until that says what only a document brings', async () => {
  const dir = await folder({ ...FLEET, 'fleet.yaml': 'sync: { concurrency: 2 }\n' });
  const running = await server({ FLEET_DIR: dir });
  expect(await pointer(running)).toBeUndefined();
  expect((await running.ask(ADDRESS)).status).toBe(404);
  await put(dir, 'fleet.yaml', 'locked: [simulated]\n');
  await aSecond();
  expect(await pointer(running)).toMatch(/^sha256:/);
  expect((await documentOf(running)).signed.values).toMatchObject([{ path: ['simulated'], locked: 'fleet.yaml:1' }]);
});

test('34: merged from plain files it is unsigned; a mistake changes nothing; nothing else than a station is answered', async () => {
  const dir = await folder({
    ...FLEET,
    'fleet.yaml': 'sync: { concurrency: 2 }\n',
    'config/lines/taipei-line1.yaml': 'sync: { concurrency: 3 }\n',
  });
  const running = await server({ FLEET_DIR: dir });
  const before = await pointer(running);
  const good = await documentOf(running);
  expect(good).toMatchObject({
    signatures: [],
    signed: {
      station: 'taipei-line1-042',
      number: 0,
      values: [{ value: 3, tier: 'line', from: 'config/lines/taipei-line1.yaml:1' }],
    },
  });
  expect((await documentOf(running, ADDRESS.replace('line1', 'line2'))).signed.values).toMatchObject([{ value: 2 }]);
  await put(dir, 'config/lines/taipei-line1.yaml', 'sync: { concurrency: 99 }\n');
  await aSecond();
  expect(await pointer(running)).not.toBe(before);
  expect(await documentOf(running)).toEqual(good);
  for (const other of ['fleet.yaml', '..%2F..%2Ffleet', 'Taipei-1', '%2e%2e'])
    expect((await running.ask(`/fleet/releases/configuration/${other}`)).status).toBe(404);
});

test('34: what was published counts alone; with signed_only plain files are none', async () => {
  const dir = await folder({
    ...FLEET,
    'config/lines/taipei-line1.yaml': 'sync: { concurrency: 3 }\n',
    'releases/configuration.json': '{"number":4}',
    'releases/configuration/taipei-line1-042.json': '{"signed":"as it was published"}',
  });
  const running = await server({ FLEET_DIR: dir });
  expect(await pointer(running)).toMatch(/^sha256:/);
  expect(await (await running.ask(ADDRESS)).text()).toBe('{"signed":"as it was published"}');
  expect((await running.ask(ADDRESS.replace('042', '043'))).status).toBe(404);
  await rm(join(dir, 'releases'), { recursive: true });
  await put(dir, 'fleet.yaml', 'signed_only: true\n');
  await aSecond();
  expect(await pointer(running)).toBeUndefined();
  expect((await running.ask(ADDRESS)).status).toBe(404);
});
