/**
 * Builds the gallery, once for all the files that a test process runs: a build takes longer than most of them.
 *
 * Above it: open-gallery.ts.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import { helpPages } from '../../../src/cli/docs/help-plugin.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
/** A folder for each process, by its number. A test process is ended without a word, so the next one clears up. */
const BUILT = join(ROOT, '.cache', 'gallery');

/** Modules are read anew for each test file; what hangs on the process stays. */
const OF_PROCESS = globalThis as { builtGallery?: Promise<string> };

/** @returns the folder of the built files */
export function builtGallery(): Promise<string> {
  return (OF_PROCESS.builtGallery ??= buildInto(join(BUILT, String(process.pid))));
}

function clearUp(): void {
  mkdirSync(BUILT, { recursive: true });
  for (const pid of readdirSync(BUILT))
    if (!isAlive(Number(pid))) rmSync(join(BUILT, pid), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function buildInto(folder: string): Promise<string> {
  clearUp();
  await build({
    configFile: false,
    root: join(ROOT, 'tests/ui/gallery'),
    publicDir: join(ROOT, 'public'),
    logLevel: 'warn',
    define: { __APP_VERSION__: '"0.1.0"' },
    plugins: [svelte({ configFile: join(ROOT, 'svelte.config.js') }), helpPages(ROOT)],
    build: {
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'chrome130',
    },
  });
  return folder;
}
