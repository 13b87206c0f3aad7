/**
 * `npm run build`: the app (dist/app), the server (dist/server/main.js) and the command line (dist/cli/fieldbench.js).
 *
 * Installs first when it has to. Above it: start.js and the test commands, which call `buildIfStale`. Knows nothing of
 * what is in the bundles: vite.config.ts does.
 */
import { chmodSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from './child.js';
import { compressApp } from './compress-app.js';
import { buildIsFresh, forgetBuild, rememberBuild, sourcesHash } from './freshness.js';
import { installIfStale } from './install.js';
import { demandNode } from './node-version.js';

/** Each is one run of Vite; `--mode` chooses which world vite.config.ts builds. */
const BUILDS = [[], ['--mode', 'server'], ['--mode', 'cli']];

/**
 * @param {string} root folder of package.json, with its dependencies installed
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<boolean>} false when a build failed; Vite has then said why
 */
export async function buildIfStale(root, { force = false } = {}) {
  const hash = sourcesHash(root);
  if (!force && buildIsFresh(root, hash)) return true;
  console.log('Building …');
  forgetBuild(root);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  /** @param {string[]} mode */
  const build = (mode) => runToEnd(process.execPath, [vite, 'build', '--logLevel', 'error', ...mode], { cwd: root });
  const codes = [];
  if (availableParallelism() > 1) codes.push(...(await Promise.all(BUILDS.map(build))));
  else for (const mode of BUILDS) codes.push(await build(mode));
  if (codes.some((code) => code !== 0)) return false;
  await compressApp(join(root, 'dist', 'app'));
  // Vite writes plain files; npx starts this one as a program.
  chmodSync(join(root, 'dist', 'cli', 'fieldbench.js'), 0o755);
  rememberBuild(root, hash);
  return true;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  demandNode();
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const done = (await installIfStale(root)) && (await buildIfStale(root, { force: true }));
  process.exit(done ? 0 : 1);
}
