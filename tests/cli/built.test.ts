import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = fileURLToPath(new URL('../../examples/fleet/procedures/power-board/', import.meta.url));

/** The built program, started as npm's own link to it would start it: as a file of its own. */
const fieldbench = (...args: string[]) =>
  spawnSync(`${root}dist/cli/fieldbench.js`, args, { encoding: 'utf8', cwd: root });

describe('the built command line', () => {
  test('starts by itself and says what it can do', () => {
    expect(execFileSync(`${root}dist/cli/fieldbench.js`, ['--help'], { encoding: 'utf8' })).toContain(
      'fieldbench check',
    );
  });

  test.each([
    ['SN-000123', 'PASS', 0],
    ['SN-000113', 'FAIL', 1],
  ])('runs the example: %s is %s, exit %i', (serial, outcome, code) => {
    const { stdout, status } = fieldbench('run', example, '--simulated', '--serial', serial, '--json');
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ event: 'run', outcome });
    expect(status).toBe(code);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a run as ABORTED, after its teardown', async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'fieldbench-stopped-'));
    const phases =
      'main:\n  - { name: Long, steps: [{ wait: 10m }] }\nteardown:\n  - { name: Off, steps: [{ wait: 1ms }] }\n';
    writeFileSync(join(folder, 'procedure.yaml'), `name: P\nid: 7c9e6679-7425-40de-944b-e07fc1f90ae7\n${phases}`);
    const child = spawn(`${root}dist/cli/fieldbench.js`, ['run', folder, '--simulated', '--json']);
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const before = out;
      out += text;
      if (!before.includes('phase-started') && out.includes('phase-started')) child.kill(signal);
    });
    const [code] = (await once(child, 'close')) as [number];
    rmSync(folder, { recursive: true });
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(4);
    expect(events.at(-1)).toMatchObject({ event: 'run', outcome: 'ABORTED', run: { outcome: 'ABORTED' } });
    const ended = events.filter(({ event }) => event === 'phase-ended').map(({ phase, outcome }) => [phase, outcome]);
    expect(ended).toEqual([
      ['long', 'ERROR'],
      ['off', 'PASS'],
    ]);
  });
});
