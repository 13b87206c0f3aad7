/**
 * `npm run fleet`: stations without browsers against one server on this machine.
 *
 * Installs and builds what is missing, then hands over to fleet-run.ts. For developers: what stands in for a browser's
 * storage is no part of the product.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../src/cli/build.js';
import { endWithParent } from '../../src/cli/end-with-parent.js';
import { installIfStale } from '../../src/cli/install.js';

endWithParent();
const root = fileURLToPath(new URL('../../', import.meta.url));
if (!(await installIfStale(root)) || !(await buildIfStale(root))) process.exit(1);
const { createServer, createServerModuleRunner } = await import('vite');
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
// Not runnerImport: the command line imports more when it is called.
const vite = await createServer({
  configFile: false,
  root,
  logLevel: 'error',
  appType: 'custom',
  define: { __APP_VERSION__: JSON.stringify(version) },
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const load = (/** @type {string} */ file) =>
  createServerModuleRunner(vite.environments['ssr']).import(`${root}tests/headless/${file}`);
const { fleetOptions } = await load('fleet-options.ts');
const options = fleetOptions(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(options);
  process.exit(process.argv.includes('--help') ? 0 : 64);
}
const { run } = await load('fleet-run.ts');
process.exit(await run(options));
