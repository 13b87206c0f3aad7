import { execFileSync, spawnSync } from 'node:child_process';
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
});
