/**
 * Three builds from one file: the app (page, workers, service worker), the server, and the command line.
 *
 *   vite build                 dist/app
 *   vite build --mode server   dist/server/main.js
 *   vite build --mode cli      dist/cli/fieldbench.js
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type UserConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { firstScreen } from './src/cli/first-screen.ts';
import { FIRST, firstScript } from './src/cli/first-script.ts';
import { helpPages } from './src/cli/docs/help-plugin.ts';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };
const define = { __APP_VERSION__: JSON.stringify(version) };

/** Chrome 130: the first with `SerialPort.connected`, two years old on any managed bench. */
const BROWSER_TARGET = 'chrome130';
const NODE_TARGET = 'node20';

const help = helpPages(fileURLToPath(new URL('.', import.meta.url)));

const app: UserConfig = {
  define,
  build: {
    outDir: 'dist/app',
    target: BROWSER_TARGET,
    // Inlined files would become data: addresses, which the Content-Security-Policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { index: 'index.html', [FIRST]: `src/page/${FIRST}.ts` } },
  },
  worker: { format: 'es', rollupOptions: { output: { entryFileNames: 'assets/[name]-worker-[hash].js' } } },
  plugins: [
    svelte(),
    help,
    firstScript(),
    firstScreen({ define, plugins: [svelte(), help] }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      // Our own registration: the plugin's passes a plain string, which Trusted Types refuse, and reloads by itself.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        // An ES module worker registers only with `type: module`; a classic one works everywhere.
        rollupFormat: 'iife',
        globPatterns: ['**/*.{js,css,html,woff2,svg,png,webmanifest}'],
        globIgnores: ['screens/**'],
      },
    }),
  ],
};

/** The program, and what its threads begin with. */
const COMMAND_LINE = { fieldbench: 'src/cli/fieldbench.ts', 'script-thread': 'src/cli/script-thread.ts' };

/** Node builds keep their dependencies outside: npm has installed them. */
function node(input: Readonly<Record<string, string>>, outDir: string, banner = ''): UserConfig {
  return {
    define,
    build: {
      ssr: true,
      outDir,
      target: NODE_TARGET,
      copyPublicDir: false,
      rollupOptions: { input: { ...input }, output: { entryFileNames: '[name].js', banner } },
    },
  };
}

export default defineConfig(({ mode }) => {
  if (mode === 'server') return node({ main: 'src/server/main.ts' }, 'dist/server');
  if (mode === 'cli') return node(COMMAND_LINE, 'dist/cli', '#!/usr/bin/env node');
  return {
    ...app,
    test: {
      include: ['tests/**/*.test.ts'],
      // A fleet takes minutes, most of which it waits: `npm run nightly`.
      exclude: ['tests/browser/**', ...(process.env['FIELDBENCH_NIGHTLY'] ? [] : ['tests/headless/**'])],
      environment: 'node',
      // A process for each file takes longer than most files; none of them changes what another one sees.
      isolate: false,
      // All cores: by itself it leaves one alone, which of two is half of the time.
      maxWorkers: '100%',
      // A hang is told; a machine that is busy with other things is no hang.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 60_000 } },
    },
  } as UserConfig;
});
