/**
 * `npm start` as people and machines end it: a signal to npm, a signal to the server itself, a wrong setting.
 *
 * Nothing may be left running: the next start needs the port, and a station's owner needs to know that it is off.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { expect, test } from './stage.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The contract's limit for an end after SIGTERM. */
const END_MS = 5_000;

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://localhost:${port}/healthz`)).status === 200;
  } catch {
    return false;
  }
}

/** Starts a command, and waits until the server behind it answers. */
async function started(command: string, args: string[], port: number): Promise<ChildProcess> {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, PORT: String(port) }, stdio: 'ignore' });
  await expect.poll(() => answers(port)).toBe(true);
  return child;
}

for (const [what, command, args] of [
  ['npm start', 'npm', ['start']],
  ['node src/cli/start.js', process.execPath, ['src/cli/start.js']],
] as const) {
  test(`SIGTERM to ${what} ends everything in time, with connections open`, async () => {
    const port = await freePort();
    const child = await started(command, [...args], port);
    // A connection that is kept alive, as a browser keeps its own.
    await fetch(`http://localhost:${port}/sandbox`);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    await expect.poll(() => answers(port), { timeout: END_MS }).toBe(false);
  });
}

test('a wrong setting ends the start with one clear line', async () => {
  const child = spawn(process.execPath, ['src/cli/start.js'], {
    cwd: ROOT,
    env: { ...process.env, PORT: 'many' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  expect(said.trim().split('\n')).toHaveLength(1);
  expect(said).toContain('PORT');
});
