import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fetchManifest, fetchRelease } from '#fleet/distribution/fetch-fleet.ts';
import { DEFAULT_SETTINGS, type OfferedProcedure } from '#fleet/distribution/manifest.ts';

const YAML = 'name: Power board\n';
const offered: OfferedProcedure = {
  folder: 'power-board',
  id: '',
  name: 'Power board',
  version: '',
  development: true,
  release: 'sha256:00',
  files: [
    { path: 'procedure.yaml', sha256: createHash('sha256').update(YAML).digest('hex'), size: YAML.length },
    { path: 'images/led.webp', sha256: '00', size: 3 },
  ],
};
const never = new AbortController().signal;
const answering = (body: string, status = 200) =>
  (() => Promise.resolve(new Response(body, { status }))) as typeof fetch;

describe('fleet', () => {
  test('a manifest of this format is believed', async () => {
    const manifest = { format: 1, settings: DEFAULT_SETTINGS, procedures: [] };
    expect(await fetchManifest(answering(JSON.stringify(manifest)), never)).toEqual(manifest);
  });
  test('one that says little, as a static host may, has the usual settings', async () => {
    const manifest = await fetchManifest(
      answering('{"format":1,"settings":{"sync":{"concurrency":2}},"procedures":[]}'),
      never,
    );
    expect(manifest.settings).toEqual({ ...DEFAULT_SETTINGS, sync: { ...DEFAULT_SETTINGS.sync, concurrency: 2 } });
  });
  test.each(['<html>log in</html>', '{}', '{"format":2,"procedures":[]}'])('%s is not a manifest', async (body) => {
    await expect(fetchManifest(answering(body), never)).rejects.toMatchObject({ code: 'fleet-manifest' });
  });
  test.each([404, 502])('an answer %i means unreachable: the station goes on with what it has', async (status) => {
    await expect(fetchManifest(answering('', status), never)).rejects.toMatchObject({ code: 'fleet-unreachable' });
  });
  test('a release is its texts, each with the right hash', async () => {
    expect(await fetchRelease(answering(YAML), offered, never)).toEqual(new Map([['procedure.yaml', YAML]]));
  });
  test('a file with another hash is not believed', async () => {
    await expect(fetchRelease(answering(`${YAML} `), offered, never)).rejects.toMatchObject({
      code: 'release-damaged',
    });
  });
});
