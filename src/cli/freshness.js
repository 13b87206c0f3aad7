/**
 * Whether the build in dist/ was made from the sources as they are now.
 *
 * By content, not by time: a checkout, a copy or a stash changes times without changing anything. Runs on a bare
 * Node. Knows nothing of how a build is made.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that decides what a build contains. */
const SOURCES = [
  'src',
  'public',
  // The app shows them.
  'docs',
  'README.md',
  'index.html',
  'vite.config.ts',
  'svelte.config.js',
  'package.json',
  'package-lock.json',
];

/** What a whole build leaves behind: app, server, command line. */
const PRODUCTS = ['dist/app/index.html', 'dist/server/main.js', 'dist/cli/fieldbench.js'];

/** @param {string} root */
const stampFile = (root) => join(root, 'dist', '.built-from');

/**
 * @param {string} path
 * @returns {string[]} every file at or under the path, in a stable order
 */
function filesUnder(path) {
  const what = statSync(path, { throwIfNoEntry: false });
  if (!what?.isDirectory()) return what ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/**
 * @param {string} root
 * @returns {string} a hash of all sources, names and contents
 */
export function sourcesHash(root) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesUnder(join(root, source)))) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} hash from sourcesHash
 */
export function buildIsFresh(root, hash) {
  const stamp = stampFile(root);
  return (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hash &&
    PRODUCTS.every((product) => existsSync(join(root, product)))
  );
}

/**
 * Called before a build begins, so that one that is cut short is never taken for whole.
 *
 * @param {string} root
 */
export function forgetBuild(root) {
  rmSync(stampFile(root), { force: true });
}

/**
 * @param {string} root
 * @param {string} hash of the sources as they were when the build began
 */
export function rememberBuild(root, hash) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile(root), hash);
}
