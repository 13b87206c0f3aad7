/**
 * The house in one place: its rooms, who may import whom, and what a file may be called and look like.
 *
 * Data only; walls.ts and manners.ts judge by it. Where building shows a better wall, it moves here, with the reason in
 * the commit.
 */

/** `values`: may be imported. `types`: only by `import type`. Entries are rooms or folders in them, from src/. */
export interface Wall {
  readonly values: readonly string[];
  readonly types?: readonly string[];
}

/** Floors: each room with what it may import besides itself. */
export const ROOMS: Readonly<Record<string, Wall>> = {
  base: { values: [] },
  measure: { values: ['base'] },
  procedure: { values: ['base', 'measure'] },
  record: { values: ['base', 'measure', 'procedure'] },
  hardware: { values: ['base', 'measure'] },
  engine: {
    values: ['base', 'measure', 'procedure', 'record'],
    // A phase sees a bench and its instruments, never how they are reached.
    types: ['hardware/bench', 'hardware/instrument'],
  },
  storage: { values: ['base', 'measure', 'procedure', 'record'] },
  analysis: { values: ['base', 'measure', 'record'] },
  exchange: { values: ['base', 'measure', 'procedure', 'record'] },
  sync: { values: ['base', 'measure', 'procedure', 'record', 'storage'] },
  fleet: { values: ['base', 'measure', 'procedure', 'record', 'storage', 'sync'] },
  ui: {
    values: ['base', 'measure', 'procedure', 'record', 'analysis'],
    types: ['engine/link', 'storage', 'sync', 'fleet'],
  },
};

/** Where code runs. A door may import any room, never another door; only `?worker&url` may name one. */
export const DOORS = [
  'page',
  'bench-worker',
  'history-worker',
  'workshop-worker',
  'script-worker',
  'sw',
  'server',
  'cli',
] as const;

/** Walls inside hardware/, by folder: what may be imported of hardware/ besides the folder itself. */
export const HARDWARE: Readonly<Record<string, Wall>> = {
  'hardware/transport': { values: ['hardware/transport/transport.ts'] },
  'hardware/framing': { values: [] },
  'hardware/protocol': { values: ['hardware/framing'], types: ['hardware/transport/transport.ts'] },
  // Types of faults are declared beside what a transport is; a driver may name them, never hold a wire. Its simulated
  // twin is the far end of one, and reads and writes frames.
  'hardware/instrument': {
    values: ['hardware/protocol', 'hardware/framing'],
    types: ['hardware/transport/transport.ts'],
  },
  'hardware/bench': {
    // The resource manager joins a wire, a protocol and a driver; the door hands in what opens the real wires.
    values: ['hardware/transport', 'hardware/framing', 'hardware/protocol', 'hardware/instrument'],
  },
};

/** Files directly in hardware/ are the ground that its parts share, such as waiting with a deadline. */
export const HARDWARE_GROUND = /^hardware\/[^/]+\.ts$/;

/** Kinds of transport; each knows the files beside transport.ts and itself, and none of the others. */
export const TRANSPORTS = 'hardware/transport';

/** Packages that only one place may know: swapping one must touch one folder. By name, or its start with `*`. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'node:*': ['server', 'cli'],
  hono: ['server'],
  '@hono/*': ['server'],
  svelte: ['ui', 'page'],
  'svelte/*': ['ui', 'page'],
  '@codemirror/*': ['ui/workshop'],
  '@lezer/*': ['ui/workshop'],
  dexie: ['storage/store'],
  idb: ['storage/vault'],
  fflate: ['sync/transfer'],
  // The command line draws the label of a station.
  qr: ['ui/codes', 'cli/provision'],
  'qr/*': ['ui/codes'],
  // A native library for Node; the browser's bundles take only types from that file.
  rolldown: ['fleet/distribution'],
  // Reads the documentation when the app is built; nothing of it ships.
  marked: ['cli'],
  'workbox-window': ['page'],
  'workbox-precaching': ['sw'],
  'workbox-routing': ['sw'],
};

/** What may stand at the top of the repository, besides dotfiles. */
export const TOP_LEVEL = [
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'svelte.config.js',
  'playwright.config.ts',
  'index.html',
  'public',
  'src',
  'tests',
  'docs',
  'examples',
  'deploy',
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  /^tsconfig(\.[a-z]+)?\.json$/,
] as const;

/** Words that say nothing about what a thing is. */
export const EMPTY_WORDS = ['manager', 'service', 'helper', 'helpers', 'util', 'utils', 'common'] as const;

/** The platform's own name for one thing. */
export const STANDARD_TERMS = ['service-worker', 'ServiceWorker', 'serviceWorker'] as const;

/** Past this it is two files. */
export const MAX_LINES = 300;

/** Files that a tool reads by their default export. */
export const CONFIG_FILES = /\.config\.(ts|js)$/;
