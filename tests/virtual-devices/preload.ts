/**
 * Builds the preload library once for each version of its source, into the cache folder.
 *
 * Above it: browser.ts. Knows nothing of what the library does; virtual-devices.c says so.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./virtual-devices.c', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/virtual-devices/', import.meta.url));
const FLAGS = ['-O2', '-Wall', '-Wextra', '-shared', '-fPIC'];

/** @returns the library's path */
export function preloadLibrary(): string {
  const version = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16);
  const library = join(CACHE, `${version}.so`);
  if (existsSync(library)) return library;
  mkdirSync(CACHE, { recursive: true });
  // Under another name first: two test processes may build at once.
  const unfinished = `${library}.${process.pid}`;
  execFileSync('cc', [...FLAGS, '-o', unfinished, SOURCE, '-ldl', '-lpthread'], { stdio: 'inherit' });
  renameSync(unfinished, library);
  return library;
}
