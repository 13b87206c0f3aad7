/**
 * `npm start`: from a fresh clone to a running station in one command.
 *
 * Installs and builds only what is missing or stale, then runs the server in this very process, so that a signal sent
 * to it reaches the server itself. Knows nothing of what the server serves.
 */
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.js';
import { endWithParent } from './end-with-parent.js';
import { installIfStale } from './install.js';
import { demandNode } from './node-version.js';
import { serve } from './serve.js';

demandNode();
endWithParent();
const root = fileURLToPath(new URL('../../', import.meta.url));

if (!(await installIfStale(root))) {
  console.error('The dependencies could not be installed: see npm above; the usual cause is no way to the registry.');
  process.exit(1);
}
if (!(await buildIfStale(root))) {
  console.error('The build failed: see Vite above.');
  process.exit(1);
}
await serve(root, process.env);
