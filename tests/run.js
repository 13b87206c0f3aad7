/**
 * `npm test [-- --nightly]`: installs what is missing, builds, runs every test, and closes with one line of counts.
 *
 * Runs on a bare Node, without a terminal and without questions. Knows nothing of the tests.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../src/cli/build.js';
import { runToEnd } from '../src/cli/child.js';
import { endWithParent } from '../src/cli/end-with-parent.js';
import { installIfStale } from '../src/cli/install.js';
import { demandNode } from '../src/cli/node-version.js';
import { findChromium } from './support/chromium.js';
import { closingLine, readPlaywright, readVitest, sum } from './support/report.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const nightly = process.argv.includes('--nightly');
const reports = join(root, '.cache', 'reports');

/** @param {string} why */
function giveUp(why) {
  console.error(why);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [more]
 */
async function run(file, args, more = {}) {
  try {
    return await runToEnd(file, args, { cwd: root, env: { ...process.env, ...more } });
  } catch {
    return 1; // There is no such command here.
  }
}

/** @param {string[]} path */
const module = (...path) => join(root, 'node_modules', ...path);

/** The browser, as the contract lists: named, Playwright's, the system's, else one that is installed now. */
async function demandChromium() {
  if (findChromium()) return;
  console.log('No Chromium found; installing one …');
  await run(process.execPath, [module('@playwright', 'test', 'cli.js'), 'install', 'chromium']);
  if (!findChromium() && process.platform === 'linux' && process.getuid?.() === 0) {
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], quiet);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
  }
  if (!findChromium()) giveUp('No Chromium could be installed: install one and name it in CHROMIUM_PATH.');
}

demandNode();
endWithParent();
if (!(await installIfStale(root))) giveUp('The dependencies could not be installed: see npm above.');
await demandChromium();
if (!(await buildIfStale(root))) giveUp('The build failed: see Vite above.');

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const units = join(reports, 'vitest.json');
const browser = join(reports, 'playwright.json');
const env = nightly ? { FIELDBENCH_NIGHTLY: '1' } : {};

const unitsCode = await run(
  process.execPath,
  [module('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${units}`],
  env,
);
const browserCode = await run(process.execPath, [module('@playwright', 'test', 'cli.js'), 'test'], {
  ...env,
  FIELDBENCH_BROWSER_REPORT: browser,
});

const tally = sum([readVitest(units, unitsCode), readPlaywright(browser, browserCode)]);
for (const reason of tally.reasons) console.log(`skipped: ${reason}`);
for (const { name, why } of tally.failures) console.log(`\nFAILED ${name}\n${why.replaceAll(/^/gm, '    ')}`);
console.log(`\n${closingLine(tally)}`);
process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0);
