import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/command-line.ts';

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'fieldbench-init-'))));
afterAll(() => rm(root, { recursive: true, force: true }));

async function say(...args: string[]): Promise<{ exit: number; out: string[]; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController().signal;
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop });
  return { exit, out, err: err.join('\n') };
}

test('what init writes checks clean, passes, and fails for the unit that is meant to fail', async () => {
  const folder = join(root, 'power-board');
  expect((await say('init', folder)).exit).toBe(0);
  expect(await say('check', folder, '--json')).toMatchObject({
    exit: 0,
    out: [JSON.stringify({ loads: true, runs: true, problems: [] })],
  });
  expect((await say('run', folder, '--simulated')).exit).toBe(0);
  expect((await say('run', folder, '--simulated', '--serial', 'SN-000013')).exit).toBe(1);
  const text = await readFile(join(folder, 'procedure.yaml'), 'utf8');
  expect(text).toContain('name: Power board functional test');
  const [schema] = /(?<=\$schema=)\S+/.exec(text)!;
  expect(JSON.parse(await readFile(join(folder, schema), 'utf8'))).toHaveProperty('title', 'Fieldbench procedure');
  const settings = JSON.parse(await readFile(join(folder, '.vscode/settings.json'), 'utf8'));
  expect(settings['yaml.schemas']).toHaveProperty([`./${schema}`]);
});

test('nothing is written over', async () => {
  const folder = join(root, 'mine');
  await mkdir(folder);
  await writeFile(join(folder, 'bench.yaml'), 'mine');
  expect(await say('init', folder)).toMatchObject({ exit: 73, out: [] });
  expect(await readFile(join(folder, 'bench.yaml'), 'utf8')).toBe('mine');
  expect(await say('init')).toMatchObject({ exit: 64, err: expect.stringContaining('a new FOLDER') });
  expect((await say('init', folder, '--seed', '1')).exit).toBe(64);
});
