import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#base/hash.ts';
import type { FleetManifest } from '#fleet/distribution/manifest.ts';
import { FLEET, folder, put, rawRequest, server, PROCEDURE_ID, type Started } from './support.ts';

const manifestOf = async ({ ask }: Pick<Started, 'ask'>) =>
  (await (await ask('/fleet/manifest.json')).json()) as FleetManifest;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the manifest', () => {
  test('10: every source folder, with the hash of each file and of the release', async () => {
    const dir = await folder({
      ...FLEET,
      'procedures/power-board/images/led.svg': '<svg/>',
      'procedures/power-board/.secret': 'x',
      'procedures/empty/readme.md': 'x',
    });
    const answer = await manifestOf(await server({ FLEET_DIR: dir }));
    const text = FLEET['procedures/power-board/procedure.yaml'];
    const files = [
      { path: 'images/led.svg', sha256: await sha256(bytes('<svg/>')), size: 6 },
      { path: 'procedure.yaml', sha256: await sha256(bytes(text)), size: text.length },
    ];
    const release = await sha256(bytes(files.map((file) => `${file.path} ${file.sha256}`).join('\n')));
    expect(answer).toEqual({
      format: 1,
      settings: {
        signed_only: false,
        simulated: false,
        sync: { ambiguous_wait_s: 90, concurrency: 6, rate_per_s: 0, relay_rate_per_s: 0 },
      },
      tryout: { station: 'demo-line1-001', key: 'demo-key' },
      procedures: [
        {
          folder: 'power-board',
          id: PROCEDURE_ID,
          name: 'Power board',
          version: '3.2.0',
          development: true,
          release,
          files,
        },
      ],
    });
  });

  test('10: behind a real TofuPilot there is no try-out', async () => {
    expect(await manifestOf(await server({ TOFUPILOT_URL: 'http://127.0.0.1:9' }))).not.toHaveProperty('tryout');
  });

  test('10: a change, a new folder and a removed one are picked up; the tag changes with them', async () => {
    const dir = await folder(FLEET);
    const running = await server({ FLEET_DIR: dir });
    const first = await running.ask('/fleet/manifest.json');
    const tag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect((await running.ask('/fleet/manifest.json', { headers: { 'if-none-match': tag } })).status).toBe(304);
    const before = (await first.json()) as FleetManifest;
    // Same length, so that only the time of the change tells.
    await put(
      dir,
      'procedures/power-board/procedure.yaml',
      FLEET['procedures/power-board/procedure.yaml'].replace('3.2.0', '3.3.0'),
    );
    await put(dir, 'procedures/other/procedure.yml', 'name: Other\nid: not closed: [');
    const after = await manifestOf(running);
    expect(after.procedures.map(({ folder: name, version }) => [name, version])).toEqual([
      ['other', ''],
      ['power-board', '3.3.0'],
    ]);
    expect(after.procedures[1]?.release).not.toBe(before.procedures[0]?.release);
    expect((await running.ask('/fleet/manifest.json', { headers: { 'if-none-match': tag } })).status).toBe(200);
    await rm(join(dir, 'procedures/other'), { recursive: true });
    expect((await manifestOf(running)).procedures).toHaveLength(1);
  });

  test('10: a file that cannot be parsed is offered under its folder’s name', async () => {
    for (const text of ['a: [', '- 1', '', 'name: {}', '%YAML 9\n---\n*x', 'name: &a [*a]']) {
      const running = await server({ FLEET_DIR: await folder({ 'procedures/broken/procedure.yaml': text }) });
      expect((await manifestOf(running)).procedures, text).toMatchObject([{ folder: 'broken', name: 'broken' }]);
    }
  });
});

describe('its files', () => {
  test('11: as they are, always asked for anew', async () => {
    const { ask } = await server();
    const answer = await ask('/fleet/procedures/power-board/procedure.yaml');
    expect(await answer.text()).toBe(FLEET['procedures/power-board/procedure.yaml']);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const tag = answer.headers.get('etag') ?? '';
    expect(
      (await ask('/fleet/procedures/power-board/procedure.yaml', { headers: { 'if-none-match': tag } })).status,
    ).toBe(304);
  });

  test('11: nothing outside a procedure’s folder, by path, link or encoding', async () => {
    const dir = await folder({
      ...FLEET,
      'fleet.yaml': 'simulated: true',
      'secret.txt': 'secret',
      'procedures/power-board/.git/config': 'secret',
    });
    const inside = join(dir, 'procedures/power-board');
    await symlink(join(dir, 'secret.txt'), join(inside, 'link.txt'));
    await symlink(dir, join(inside, 'up'));
    await symlink(join(inside, 'procedure.yaml'), join(inside, 'within.yaml'));
    await symlink(join(dir, 'secret.txt'), join(dir, 'procedures/linked.yaml'));
    const running = await server({ FLEET_DIR: dir });
    for (const path of [
      '../../fleet.yaml',
      '..%2f..%2fsecret.txt',
      '%2e%2e/%2e%2e/secret.txt',
      '..\\..\\secret.txt',
      '.git/config',
      'link.txt',
      'up/secret.txt',
      '/procedure.yaml',
      'procedure.yaml%00',
      './procedure.yaml%2f..%2f..%2fsecret.txt',
      '',
    ]) {
      const answer = await rawRequest(running.port, `/fleet/procedures/power-board/${path}`);
      expect([path, answer.text.includes('secret'), answer.text.includes('simulated')]).toEqual([path, false, false]);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
    }
    expect((await running.ask('/fleet/fleet.yaml')).status).toBe(404);
    expect((await running.ask('/fleet/procedures/..%2f/secret.txt')).status).toBe(404);
    expect((await running.ask('/fleet/procedures/power-board/within.yaml')).status).toBe(200);
    expect((await manifestOf(running)).procedures[0]?.files.map(({ path }) => path)).toEqual([
      'procedure.yaml',
      'within.yaml',
    ]);
  });

  test('11: code is text here, never a script of this origin', async () => {
    const running = await server({
      FLEET_DIR: await folder({ ...FLEET, 'procedures/power-board/phase.js': 'alert(1)' }),
    });
    expect((await running.ask('/fleet/procedures/power-board/phase.js')).headers.get('content-type')).toBe(
      'text/plain; charset=utf-8',
    );
  });
});

describe('fleet.yaml', () => {
  test('12: a mistake ends the start with file, line, column and key', async () => {
    for (const [text, said] of [
      ['simulated: true\nsigned_onyl: true\n', /fleet\.yaml, line 2, column 1: signed_onyl: there is no such setting/],
      ['simulated: 1\n', /line 1, column 1: simulated: true or false/],
      ['sync:\n  concurrency: 0\n', /line 2, column 3: sync\.concurrency: at least 1/],
      ['sync:\n  rate: 1\n', /line 2, column 3: sync\.rate: there is no such setting/],
      ['retention:\n  keep_days: 1.5\n', /line 2, column 3: retention\.keep_days: a whole number is needed/],
      ['sync:\n  ambiguous_wait_s: -1\n', /line 2, column 3: sync\.ambiguous_wait_s: it cannot be negative/],
      ['\nsimulated: [\n', /line \d, column \d+: /],
      ['- a\n', /line 1, column 3: /],
    ] as const)
      await expect(server({ FLEET_DIR: await folder({ 'fleet.yaml': text }) })).rejects.toMatchObject({
        code: 'fleet-invalid',
        message: expect.stringMatching(said),
      });
  });

  test('12: while running a mistake changes nothing, nor does a file that is just being written', async () => {
    const dir = await folder({ ...FLEET, 'fleet.yaml': 'signed_only: true\nsync: { ambiguous_wait_s: 5 }\n' });
    const running = await server({ FLEET_DIR: dir });
    const settings = {
      signed_only: true,
      simulated: false,
      sync: { ambiguous_wait_s: 5, concurrency: 6, rate_per_s: 0, relay_rate_per_s: 0 },
    };
    for (const text of ['signed_only: maybe', '', '  \n', 'x: [']) {
      await writeFile(join(dir, 'fleet.yaml'), text);
      expect((await manifestOf(running)).settings, text).toEqual(settings);
    }
    await rename(join(dir, 'fleet.yaml'), join(dir, 'fleet.yaml~'));
    expect((await manifestOf(running)).settings).toEqual(settings);
    await writeFile(join(dir, 'fleet.yaml'), 'signed_only: false');
    expect((await manifestOf(running)).settings.signed_only).toBe(false);
  });

  test('13: signed_only offers no source folder and none of its files', async () => {
    const running = await server({ FLEET_DIR: await folder({ ...FLEET, 'fleet.yaml': 'signed_only: true' }) });
    expect((await manifestOf(running)).procedures).toEqual([]);
    expect((await running.ask('/fleet/procedures/power-board/procedure.yaml')).status).toBe(404);
  });

  test('12: FLEET_DIR that is no folder ends the start', async () => {
    const dir = await folder({ file: 'x' });
    await mkdir(join(dir, 'sub'));
    await expect(server({ FLEET_DIR: join(dir, 'file') })).rejects.toMatchObject({ code: 'fleet-invalid' });
    expect((await manifestOf(await server({ FLEET_DIR: join(dir, 'sub') }))).procedures).toEqual([]);
  });
});
