/**
 * A machine keeps the walls: every import, every name and the form of every file, and proof that each check can fail.
 *
 * The table is in architecture/house.ts. Knows nothing of what the files do.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { badExports, badForm, badNames, strayTopLevel } from './architecture/manners.ts';
import { readSource } from './architecture/source.ts';
import { brokenWalls, circles, deadImports, strayPackages } from './architecture/walls.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const src = join(root, 'src');

/** Made by commands, and left out of the repository by .gitignore. */
const MADE = ['node_modules', 'dist', 'test-results'];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(ts|js|svelte)$/.test(path))
  .sort();
const all = files.map((path) => readSource(path, readFileSync(join(src, path), 'utf8')));
/** Declarations for a whole world stand beside the rooms, in none of them. */
const sources = all.filter(({ path }) => path.includes('/') || !path.endsWith('.d.ts'));

describe('the tree', () => {
  test('imports stay inside the walls', () => {
    expect(brokenWalls(sources)).toEqual([]);
  });
  test('every package with one home is imported only there', () => {
    expect(strayPackages(sources)).toEqual([]);
  });
  test('no file imports itself by way of others', () => {
    expect(circles(sources)).toEqual([]);
  });
  test('every import names a file, with its extension', () => {
    expect(deadImports(sources, (path) => existsSync(join(src, path)) && /\.\w+$/.test(path))).toEqual([]);
  });
  test('names say what things are', () => {
    expect(sources.flatMap(badNames)).toEqual([]);
  });
  test('no barrels, no export *, no default exports', () => {
    expect(all.flatMap(badExports)).toEqual([]);
  });
  test('a file opens by saying what it does, and is not too long', () => {
    expect(all.flatMap(badForm)).toEqual([]);
  });
  test('only what belongs there stands at the top', () => {
    expect(strayTopLevel(readdirSync(root).filter((name) => !MADE.includes(name)))).toEqual([]);
  });
});

/** A file as it would be read, with the opening that every file has. */
const file = (path: string, code: string) => readSource(path, `/** What it does. */\n${code}\n`);
const crossing = (path: string, code: string) => brokenWalls([file(path, code)]);

describe('the checks can fail', () => {
  test.each([
    ['measure/judge.ts', "import { Plan } from '#procedure/plan.ts';"],
    ['record/run.ts', "import type { Store } from '#storage/store/store.ts';"],
    ['engine/run.ts', "import { Bench } from '#hardware/bench/bench.ts';"],
    ['engine/run.ts', "import type { Transport } from '#hardware/transport/transport.ts';"],
    ['storage/store/open.ts', "import type { RunView } from '#engine/link/run.ts';"],
    ['ui/operator/Run.svelte', '<script lang="ts">import { open } from \'#storage/store/open.ts\';</script>'],
    ['ui/operator/run.ts', "import type { Engine } from '#engine/engine.ts';"],
    ['page/main.ts', "import { desk } from '#bench-worker/desk.ts';"],
    ['sw/sw.ts', "import url from '#bench-worker/main.ts?worker&url';"],
    ['server/main.ts', "const { run } = await import('#cli/run.ts');"],
    ['sync/outbox/drain.ts', "import '../../fleet/config/tiers.ts';"],
    ['hardware/framing/lines.ts', "import { x } from '#hardware/protocol/session.ts';"],
    ['hardware/protocol/session.ts', "import { isOpen } from '#hardware/transport/transport.ts';"],
    ['hardware/protocol/session.ts', "import type { Wire } from '#hardware/transport/serial/wire.ts';"],
    ['hardware/instrument/scpi/scpi.ts', "import type { Wire } from '#hardware/transport/serial/wire.ts';"],
    ['hardware/transport/serial/port.ts', "import { cut } from '#hardware/transport/simulated/cut.ts';"],
    ['hardware/transport/serial/port.ts', "import { lines } from '#hardware/framing/lines.ts';"],
    ['hardware/transport/transport.ts', "import { open } from '#hardware/transport/serial/port.ts';"],
    ['hardware/waiting.ts', "import { session } from '#hardware/protocol/session.ts';"],
    ['hardware/bench/bind.ts', "import { open } from '#storage/store/open.ts';"],
    ['hardware/instrument/scpi/scpi.ts', "type Port = import('#hardware/transport/serial/port.ts').Port;"],
    ['kitchen/sink.ts', "import { x } from '#base/x.ts';"],
  ])('%s: %s', (path, code) => {
    expect(crossing(path, code)).toHaveLength(1);
  });

  test.each([
    ['measure/judge.ts', "import { sum } from '#base/sum.ts'; import { Unit } from './unit.ts';"],
    ['engine/run.ts', "import type { Bench } from '#hardware/bench/bench.ts';"],
    ['engine/run.ts', "import { type Bench } from '#hardware/bench/bench.ts';"],
    ['ui/operator/run.ts', "import type { View } from '#engine/link/view.ts';"],
    ['page/main.ts', "import url from '#bench-worker/main.ts?worker&url'; import { App } from '#ui/App.svelte';"],
    ['hardware/protocol/session.ts', "import type { Transport } from '#hardware/transport/transport.ts';"],
    ['hardware/transport/serial/port.ts', "import { Lost } from '#hardware/transport/transport.ts';"],
    ['hardware/transport/serial/port.ts', "import { waitFor } from '#hardware/waiting.ts';"],
  ])('and pass: %s: %s', (path, code) => {
    expect(crossing(path, code)).toEqual([]);
  });

  test('packages away from their home', () => {
    const stray = (path: string, name: string) => strayPackages([file(path, `import '${name}';`)]).length;
    expect(stray('base/ids.ts', 'uuid')).toBe(1);
    expect(stray('sync/outbox/drain.ts', 'dexie')).toBe(1);
    expect(stray('engine/run.ts', 'node:fs')).toBe(1);
    expect(stray('bench-worker/main.ts', 'svelte/store')).toBe(1);
    expect(stray('storage/store/open.ts', 'dexie')).toBe(0);
  });

  test('circles, however long, but not those through an address', () => {
    const a = file('engine/a.ts', "import './b.ts';");
    const b = file('engine/b.ts', "import type { C } from './c.ts';");
    expect(circles([a, b, file('engine/c.ts', "import './a.ts';")])).toEqual([
      'engine/a.ts → engine/b.ts → engine/c.ts → engine/a.ts',
    ]);
    expect(circles([a, b, file('engine/c.ts', "import './a.ts?worker&url';")])).toEqual([]);
  });

  test('imports of files that are not there', () => {
    expect(deadImports([file('engine/a.ts', "import './b';")], (path) => path === 'engine/b.ts')).toHaveLength(1);
  });

  test('names', () => {
    const names = (path: string, code = '') => badNames(file(path, code)).length;
    expect(names('engine/runLoop.ts')).toBe(1);
    expect(names('ui/parts/run-panel.svelte')).toBe(1);
    expect(names('ui/parts/run-panel.svelte.ts')).toBe(0);
    expect(names('ui/parts/RunPanel.svelte')).toBe(0);
    expect(names('engine/run-manager.ts')).toBe(1);
    expect(names('hardware/utils/bytes.ts')).toBe(1);
    expect(names('engine/run.ts', 'export class PlugManager {}')).toBe(1);
    expect(names('engine/run.ts', 'export const runHelper = 1;')).toBe(1);
    expect(names('page/service-worker.ts', 'export function registerServiceWorker() {}')).toBe(0);
  });

  test('exports', () => {
    const exports = (path: string, code: string) => badExports(file(path, code)).length;
    expect(exports('engine/run.ts', "export * from './a.ts'; export const b = 1;")).toBe(1);
    expect(exports('engine/index.ts', "export { a } from './a.ts'; export { b } from './b.ts';")).toBe(1);
    expect(exports('engine/run.ts', 'export default function run() {}')).toBe(1);
    expect(exports('engine/run.ts', 'const run = 1; export { run as default };')).toBe(1);
    expect(exports('engine/run.ts', 'const run = 1; export { run };')).toBe(0);
  });

  test('form', () => {
    expect(badForm(readSource('engine/run.ts', 'export const a = 1;'))).toHaveLength(1);
    expect(badForm(readSource('cli/run.ts', '#!/usr/bin/env node\n/** Runs. */'))).toEqual([]);
    expect(badForm(file('engine/run.ts', 'x;\n'.repeat(300)))).toHaveLength(1);
    expect(badForm(file('engine/run.ts', 'x;\n'.repeat(299)))).toEqual([]);
  });

  test('top level', () => {
    expect(strayTopLevel(['src', 'tsconfig.plain.json', '.ci', 'notes.txt', 'tsconfig.json.bak'])).toEqual([
      'notes.txt',
      'tsconfig.json.bak',
    ]);
  });
});
