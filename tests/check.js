/**
 * `npm run check`: format, lint, types for every world, components, architecture; one line for each, with its time.
 *
 * As many at once as the machine has processors. What a part has to say is shown only when it fails. Knows nothing of
 * the rules: each tool reads its own configuration.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installIfStale } from '../src/cli/install.js';
import { demandNode } from '../src/cli/node-version.js';

const root = fileURLToPath(new URL('../', import.meta.url));

/** @param {string[]} path */
const module = (...path) => join(root, 'node_modules', ...path);

/** @param {string} world */
const types = (world) => [module('typescript', 'bin', 'tsc'), '-p', `tsconfig.${world}.json`];

/** Slow ones first, so that the last to end is a short one. */
const PARTS = Object.entries({
  components: [
    module('svelte-check', 'bin', 'svelte-check'),
    '--tsconfig=./tsconfig.page.json',
    '--fail-on-warnings',
    '--output=human',
  ],
  'types: tests': types('tests'),
  format: [module('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  'types: page': types('page'),
  'types: worker': types('worker'),
  'types: node': types('node'),
  'types: plain': types('plain'),
  architecture: [module('vitest', 'vitest.mjs'), 'run', '--reporter=dot', 'tests/architecture.test.ts'],
  lint: [
    module('oxlint', 'bin', 'oxlint'),
    '--deny-warnings',
    'src',
    'tests',
    'vite.config.ts',
    'playwright.config.ts',
  ],
});

/**
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string, seconds: string }>}
 */
function run(args) {
  const started = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output, seconds: ((performance.now() - started) / 1000).toFixed(1) });
    });
  });
}

demandNode();
if (!(await installIfStale(root))) process.exit(1);

const waiting = [...PARTS];
let failed = 0;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const [name, args] = part;
      const { code, output, seconds } = await run(args);
      if (code !== 0) failed += 1;
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${seconds.padStart(5)} s`);
      if (code !== 0) console.log(output.trimEnd().replaceAll(/^/gm, '    '));
    }
  }),
);
console.log(failed === 0 ? 'All good.' : `${failed} of ${PARTS.length} failed.`);
process.exit(failed === 0 ? 0 : 1);
