/**
 * The bench worker as one script: the same sources that the app is built from, in one file that a world can be given.
 *
 * Built once and compiled once for any number of stations. Knows nothing of the world that it runs in.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { build, type Rollup } from 'vite';

const path = (from: string) => fileURLToPath(new URL(from, import.meta.url));

export async function stationCode(): Promise<Script> {
  const { version } = JSON.parse(readFileSync(path('../../package.json'), 'utf8')) as { version: string };
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    define: { __APP_VERSION__: JSON.stringify(version) },
    build: {
      write: false,
      minify: false,
      target: 'node20',
      rollupOptions: {
        input: path('../../src/bench-worker/main.ts'),
        output: { format: 'iife', codeSplitting: false },
      },
      modulePreload: false,
    },
    worker: { format: 'es' },
  })) as Rollup.RollupOutput;
  return new Script(output.output[0].code, { filename: 'bench-worker.js' });
}
