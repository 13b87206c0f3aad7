/**
 * Runs one command to its end, and takes it along when this process is told to end.
 *
 * Used by install.js and build.js. Knows nothing of what the command does.
 */
import { spawn } from 'node:child_process';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** 128 + 15: what a shell reports for a process that SIGTERM ended. */
const ENDED_BY_SIGTERM = 143;

function endAll() {
  for (const child of running) child.kill('SIGTERM');
  process.exit(ENDED_BY_SIGTERM);
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, shell?: boolean, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function runToEnd(file, args, { cwd, shell = false, env = process.env }) {
  if (running.size === 0) process.once('SIGTERM', endAll);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, shell, env, stdio: ['ignore', 'inherit', 'inherit'] });
    running.add(child);
    const forget = () => {
      running.delete(child);
      if (running.size === 0) process.off('SIGTERM', endAll);
    };
    child.once('error', (error) => {
      forget();
      reject(error);
    });
    child.once('exit', (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
}
