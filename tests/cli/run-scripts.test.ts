/** The script hosts' acceptance suite, for `fieldbench run`: threads of Node. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from 'vite';
import { commandLine } from '../../src/cli/command-line.ts';
import { ACTS, judgeCase, SCRIPT_CASES, type ScriptRun } from '../contract/script-host-contract.ts';

let folder: string;
let thread: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldbench-thread-'));
  const input = { 'script-thread': fileURLToPath(new URL('../../src/cli/script-thread.ts', import.meta.url)) };
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: true, outDir: folder, rollupOptions: { input, output: { entryFileNames: '[name].mjs' } } },
  });
  thread = join(folder, 'script-thread.mjs');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function runOf(serial: string): Promise<ScriptRun> {
  const out: string[] = [];
  const terminal = { out: (line: string) => out.push(line), err: () => {}, stop: new AbortController().signal };
  await commandLine(['run', ACTS, '--simulated', '--json', '--serial', serial], { ...terminal, scriptThread: thread });
  return (JSON.parse(out.at(-1) ?? '{}') as { run: ScriptRun }).run;
}

describe('scripts run by the command line', () => {
  test.each(SCRIPT_CASES.map((one) => [one.title, one] as const))('%s', async (_, one) => {
    judgeCase(one, await runOf(one.serial));
  });

  test('a stop ends an endless loop at once', async () => {
    const out: string[] = [];
    const stop = new AbortController();
    const began = (line: string) => {
      out.push(line);
      if (line.includes('"phase-started"') && line.includes('"act"')) setTimeout(() => stop.abort(), 50);
    };
    const terminal = { out: began, err: () => {}, stop: stop.signal, scriptThread: thread };
    const exit = await commandLine(['run', ACTS, '--simulated', '--json', '--serial', 'SN-000102'], terminal);
    expect(exit).toBe(4);
    const { run } = JSON.parse(out.at(-1) ?? '{}') as { run: ScriptRun };
    expect(run.phases?.find(({ name }) => name === 'Power off')?.outcome).toBe('PASS');
  });
});
