/**
 * Installs the locked dependencies when they are missing or are not those of package-lock.json.
 *
 * Runs on a bare Node: no dependency may be imported here. Above it: start.js, build.js and the test commands. Knows
 * nothing of building.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './child.js';

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.fieldbench-lock');

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * Whether npm's own note of what it installed agrees with the lock file, so that neither a hand-made `npm ci` nor
 * a change that concerns other systems is cause to install again.
 *
 * @param {string} root
 */
function agreesWithLock(root) {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  /** @typedef {Record<string, { version?: string, optional?: boolean }>} Packages */
  const installed = /** @type {{ packages: Packages }} */ (JSON.parse(readFileSync(note, 'utf8'))).packages;
  const locked = /** @type {{ packages: Packages }} */ (
    JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  ).packages;
  // Optional packages are those of other systems; npm leaves them out.
  return Object.entries(locked).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/**
 * @param {string} root
 * @returns {boolean}
 */
export function dependenciesAreFresh(root) {
  const stamp = stampFile(root);
  const hash = lockHash(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  if (!agreesWithLock(root)) return false;
  writeFileSync(stamp, hash);
  return true;
}

/**
 * @param {string} root folder of package.json
 * @returns {Promise<boolean>} false when the installation failed; npm has then said why
 */
export async function installIfStale(root) {
  if (dependenciesAreFresh(root)) return true;
  console.log('Installing the locked dependencies …');
  // Build tools are development dependencies: they are wanted even where NODE_ENV says production.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start` the running npm names itself, which also works where npm is not on the PATH.
  const npm = process.env['npm_execpath'];
  const code = npm?.endsWith('npm-cli.js')
    ? await runToEnd(process.execPath, [npm, ...args], { cwd: root })
    : await runToEnd('npm', args, { cwd: root, shell: process.platform === 'win32' });
  if (code !== 0) return false;
  writeFileSync(stampFile(root), lockHash(root));
  return true;
}
