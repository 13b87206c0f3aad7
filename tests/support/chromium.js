/**
 * Finds a Chromium on this machine, and the binary itself where a launcher script stands before it.
 *
 * Plain JavaScript, because tests/run.js asks before anything is installed. Above it: the runner, the Playwright
 * configuration, virtual-devices/. Knows nothing of what the browser is for.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where distributions keep the binary that their launcher scripts start. */
const BEHIND_LAUNCHERS = [
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/usr/lib/chromium-browser/chromium-browser',
];

/** Well-known places off the PATH. */
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @param {string} name */
function onPath(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** @param {string} file */
function isScript(file) {
  const start = Buffer.alloc(2);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, start);
  closeSync(descriptor);
  return start.toString() === '#!';
}

/** @param {string} file */
function binaryOf(file) {
  return isScript(file) ? (BEHIND_LAUNCHERS.find((binary) => existsSync(binary)) ?? file) : file;
}

/** @returns {string | undefined} the Chromium that Playwright itself installed */
function playwrightChromium() {
  try {
    const file = createRequire(import.meta.url)('@playwright/test').chromium.executablePath();
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined; // Playwright is not installed yet, or has no browser for this system.
  }
}

/** @returns {string[]} every Chromium found, best first */
export function chromiums() {
  const named = process.env['CHROMIUM_PATH'];
  if (named && !existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, and there is no such file.`);
  const found = [named, playwrightChromium(), ...NAMES.map(onPath), ...ELSEWHERE.filter((file) => existsSync(file))];
  return [...new Set(found.filter((file) => file !== undefined).map(binaryOf))];
}

/** @returns {string | undefined} */
export function findChromium() {
  return chromiums()[0];
}

/**
 * The preload of virtual-devices/ replaces calls of libudev, so it needs a Chromium that is linked with it, as
 * Debian's is; others open the library at run time and never see the emulated devices.
 *
 * @returns {string | undefined}
 */
export function chromiumWithUdev() {
  return chromiums().find((file) => {
    try {
      return execFileSync('ldd', [file], { stdio: ['ignore', 'pipe', 'ignore'] }).includes('libudev');
    } catch {
      return false; // Not a dynamic binary of this system.
    }
  });
}
