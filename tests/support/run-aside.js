/**
 * Runs a command on what another one leaves of the processors. What it says is shown in one piece, when it has ended.
 *
 * Above it: tests/run.js. Knows nothing of what it runs.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Where Linux gives each session of processes an equal share, priorities count only inside of one. */
const SHARED_BY_SESSION = '/proc/sys/kernel/sched_autogroup_enabled';

/** Whether a low priority keeps a process from taking time from others here. */
export function prioritiesCount() {
  if (process.platform !== 'linux') return false;
  try {
    return readFileSync(SHARED_BY_SESSION, 'utf8').trim() === '0';
  } catch {
    // A kernel that cannot share by session.
    return true;
  }
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function runAside(file, args, { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    // Before it starts anything itself: what it starts has its priority.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const end = () => child.kill('SIGTERM');
    process.once('exit', end);
    /** @type {Buffer[]} */
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece));
    child.once('error', () => resolve(1));
    child.once('close', (code) => {
      process.off('exit', end);
      process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}
