import { describe, expect, test } from 'vitest';
import { sha256 } from '#base/hash.ts';
import { fetchRelease, fetchManifest } from '#fleet/distribution/fetch-fleet.ts';
import { fetchScripts } from '#fleet/distribution/fetch-scripts.ts';
import { scriptAddress } from '#fleet/distribution/script-module.ts';
import { folder, put, server, type Started } from './support.ts';

const APP = { 'index.html': '<!doctype html>', 'assets/script-worker-AB12.js': 'FRONT();' };
const HEAD = 'procedures/p/procedure.yaml';
const FILES = {
  [HEAD]: 'name: P\nmain:\n  - { name: A, script: phases/a.ts }\n  - { name: B, script: b.js }\n',
  'procedures/p/phases/a.ts': "import { two } from '../two';\nexport default async (): Promise<number> => two;\n",
  'procedures/p/two.ts': 'export const two: number = 2;\n',
  'procedures/p/b.js': "import 'fs';\nexport default 1;\n",
};
const { signal } = new AbortController();
const fetchOf = ({ ask }: Started) => ((path: string) => ask(path)) as unknown as typeof fetch;

async function offered(running: Started) {
  const { procedures } = await fetchManifest(fetchOf(running), signal);
  return procedures[0]!;
}

describe('27: scripts of a source folder', () => {
  test('are offered compiled, with their hash; one with mistakes with file, line and column', async () => {
    const running = await server({ FLEET_DIR: await folder(FILES) });
    const procedure = await offered(running);
    const json = await (await running.ask('/fleet/scripts/p/phases/a.ts.json')).text();
    expect(procedure.scripts).toEqual([
      { path: 'phases/a.ts', sha256: await sha256(new TextEncoder().encode(json)) },
      {
        path: 'b.js',
        problem: { file: 'b.js', line: 1, column: 8, message: expect.stringContaining('“fs”') as string },
      },
    ]);
    expect([...(await fetchRelease(fetchOf(running), procedure, signal)).keys()]).toEqual(['procedure.yaml']);
    const scripts = await fetchScripts(fetchOf(running), procedure, signal);
    expect(scripts.get('phases/a.ts')).toEqual({ script: JSON.parse(json) as unknown });
    expect(scripts.get('b.js')).toHaveProperty('problem');
  });

  test('that arrive with another content than the manifest names are not believed', async () => {
    const running = await server({ FLEET_DIR: await folder(FILES) });
    const procedure = await offered(running);
    const changed = { ...procedure, scripts: [{ path: 'phases/a.ts', sha256: `sha256:${'0'.repeat(64)}` }] };
    await expect(fetchScripts(fetchOf(running), changed, signal)).rejects.toMatchObject({ code: 'release-damaged' });
  });

  test('are compiled anew when a file that they import has changed', async () => {
    const dir = await folder(FILES);
    const running = await server({ FLEET_DIR: dir });
    const before = await offered(running);
    await put(dir, 'procedures/p/two.ts', 'export const two: number = 22;\n');
    const after = await offered(running);
    expect(after.release).not.toBe(before.release);
    expect(after.scripts?.[0]?.sha256).not.toBe(before.scripts?.[0]?.sha256);
  });
});

describe('28: the module of a script worker', () => {
  test('is the worker’s own text and the script, under a policy that allows nothing', async () => {
    const running = await server({ FLEET_DIR: await folder(FILES), APP_DIR: await folder(APP) });
    const { release } = await offered(running);
    const answer = await running.ask(scriptAddress(release, 'phases/a.ts'));
    expect(answer.headers.get('content-type')).toContain('text/javascript');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*; sandbox allow-scripts$/);
    expect(await answer.text()).toMatch(/FRONT\(\);[^]*fieldbenchTake/);
    for (const [other, script] of [
      [release, 'b.js'],
      [release, 'two.ts'],
      [release, '../p/two.ts'],
      [`sha256:${'0'.repeat(64)}`, 'phases/a.ts'],
    ] as const)
      expect((await running.ask(scriptAddress(other, script))).status, script).toBe(404);
  });
});
