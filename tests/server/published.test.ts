import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fetchManifest } from '#fleet/distribution/fetch-fleet.ts';
import { manifestBytes, manifestOf } from '#fleet/distribution/signed/release-manifest.ts';
import { scriptAddress } from '#fleet/distribution/script-module.ts';
import { FLEET, folder, put, rawRequest, server, type Started } from './support.ts';

const APP = { 'index.html': '<!doctype html>', 'assets/script-worker-AB12.js': 'FRONT();' };
const hex = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const SCRIPT = JSON.stringify({ code: 'fieldbenchTake(1);', map: { sources: [], mappings: '' } });
const MANIFEST = new TextDecoder().decode(
  manifestBytes(
    manifestOf(
      { id: '', name: 'P', version: '1' },
      [],
      [{ path: 'a.ts', sha256: `sha256:${hex(SCRIPT)}`, size: SCRIPT.length }],
    ),
  ),
);
const RELEASE = `sha256:${hex(MANIFEST)}`;
const PUBLISHED = {
  ...FLEET,
  'releases/index.json': '{"signed":{}}',
  'releases/keys.json': '[]',
  [`releases/files/${hex(SCRIPT)}`]: SCRIPT,
  [`releases/files/${hex(MANIFEST)}`]: MANIFEST,
};
const manifestOfServer = ({ ask }: Started) =>
  fetchManifest(((path: string) => ask(path)) as unknown as typeof fetch, new AbortController().signal);

describe('31: what is published', () => {
  test('is named in the manifest by the hash of its documents, beside source folders or alone', async () => {
    const dir = await folder(PUBLISHED);
    const running = await server({ FLEET_DIR: dir });
    const before = await manifestOfServer(running);
    expect(before.releases).toEqual({ keys: `sha256:${hex('[]')}`, index: `sha256:${hex('{"signed":{}}')}` });
    expect(before.procedures).toHaveLength(1);
    await put(dir, 'fleet.yaml', 'signed_only: true\n');
    await put(dir, 'releases/index.json', '{"signed":{"number":2}}');
    const after = await manifestOfServer(running);
    expect([after.procedures, after.settings.signed_only]).toEqual([[], true]);
    expect(after.releases).not.toEqual(before.releases);
    expect(await manifestOfServer(await server({ FLEET_DIR: await folder(FLEET) }))).not.toHaveProperty('releases');
  });

  test('documents are asked for anew, contents are for ever; both as text or bytes, never as code', async () => {
    const { ask } = await server({ FLEET_DIR: await folder(PUBLISHED) });
    const index = await ask('/fleet/releases/index.json');
    expect([await index.text(), index.headers.get('cache-control')]).toEqual(['{"signed":{}}', 'no-cache']);
    const tag = index.headers.get('etag') ?? '';
    expect((await ask('/fleet/releases/index.json', { headers: { 'if-none-match': tag } })).status).toBe(304);
    const content = await ask(`/fleet/releases/files/${hex(SCRIPT)}`);
    expect(await content.text()).toBe(SCRIPT);
    expect(Object.fromEntries(content.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(SCRIPT.length),
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    });
    const head = await ask(`/fleet/releases/files/${hex(SCRIPT)}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(SCRIPT.length),
      '',
    ]);
  });

  test('is all that is served of its folder', async () => {
    const dir = await folder({
      ...PUBLISHED,
      'releases/secret.txt': 'secret',
      'releases/files/index.json': 'secret',
      'pins.yaml': 'secret',
    });
    const { port } = await server({ FLEET_DIR: dir });
    for (const path of [
      'secret.txt',
      'files/index.json',
      'files/../secret.txt',
      'files/..%2fsecret.txt',
      'files/',
      'files',
      '../pins.yaml',
      `files/${'0'.repeat(64)}`,
      `files/${hex(SCRIPT)}/x`,
      'index.json/x',
    ])
      expect((await rawRequest(port, `/fleet/releases/${path}`)).status, path).toBe(404);
  });
});

describe('32: code of a release', () => {
  const address = scriptAddress(RELEASE, 'a.ts');

  test('is served where all is as it was signed, whatever else the fleet says', async () => {
    const dir = await folder({ ...PUBLISHED, 'fleet.yaml': 'signed_only: true\n' });
    const { ask } = await server({ FLEET_DIR: dir }, APP);
    const module = await ask(address);
    expect([module.status, await module.text()]).toEqual([200, expect.stringContaining('fieldbenchTake(1);')]);
    expect((await ask(scriptAddress(RELEASE, 'b.ts'))).status).toBe(404);
    expect((await ask(scriptAddress(`sha256:${hex(SCRIPT)}`, 'a.ts'))).status, 'no release').toBe(404);
  });

  test.each([
    ['the script', hex(SCRIPT), SCRIPT.replace('1', '2')],
    ['the manifest', hex(MANIFEST), MANIFEST.replace('"P"', '"Q"')],
  ])('is not served where %s was changed', async (_, name, content) => {
    const dir = await folder({ ...PUBLISHED, [`releases/files/${name}`]: content });
    const { ask } = await server({ FLEET_DIR: dir }, APP);
    expect((await ask(address)).status).toBe(404);
  });
});
