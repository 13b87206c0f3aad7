import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildIsFresh, forgetBuild, rememberBuild, sourcesHash } from '../../src/cli/freshness.js';
import { dependenciesAreFresh } from '../../src/cli/install.js';
import { nodeTooOld } from '../../src/cli/node-version.js';

let root: string;

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fieldbench-cli-'));
  write('src/page/main.ts', 'one');
  write('index.html', 'page');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the build', () => {
  const build = () => {
    for (const product of ['app/index.html', 'server/main.js', 'cli/fieldbench.js']) write(`dist/${product}`, 'built');
    rememberBuild(root, sourcesHash(root));
  };
  const fresh = () => buildIsFresh(root, sourcesHash(root));

  test('is fresh until a source changes, appears, moves or goes', () => {
    expect(fresh()).toBe(false);
    build();
    expect(fresh()).toBe(true);
    write('src/page/main.ts', 'two');
    expect(fresh()).toBe(false);
    write('src/page/main.ts', 'one');
    expect(fresh()).toBe(true);
    write('public/icon.svg', '<svg/>');
    expect(fresh()).toBe(false);
    rmSync(join(root, 'public'), { recursive: true });
    expect(fresh()).toBe(true);
    rmSync(join(root, 'src/page/main.ts'));
    expect(fresh()).toBe(false);
  });

  test('minds the documentation, which is in the app; not times and tests', () => {
    build();
    utimesSync(join(root, 'src/page/main.ts'), new Date(), new Date());
    write('tests/new.test.ts', 'new');
    write('CONTRIBUTING.md', 'new');
    expect(fresh()).toBe(true);
    write('docs/new.md', 'new');
    expect(fresh()).toBe(false);
  });

  test('that was begun and not finished is not fresh, nor one with a product gone', () => {
    build();
    forgetBuild(root);
    expect(fresh()).toBe(false);
    build();
    rmSync(join(root, 'dist/server/main.js'));
    expect(fresh()).toBe(false);
  });
});

describe('the dependencies', () => {
  const lock = (version: string, more = {}) =>
    write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/hono': { version }, ...more } }));
  const install = (version: string) =>
    write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/hono': { version } } }));

  test('are missing, fresh after any installation that agrees with the lock, stale after the lock changed', () => {
    lock('4.0.0');
    expect(dependenciesAreFresh(root)).toBe(false);
    install('3.9.0');
    expect(dependenciesAreFresh(root)).toBe(false);
    install('4.0.0');
    expect(dependenciesAreFresh(root)).toBe(true);
    lock('4.0.1');
    expect(dependenciesAreFresh(root)).toBe(false);
  });

  test('do not include packages for other systems', () => {
    lock('4.0.0', { 'node_modules/only-elsewhere': { version: '1.0.0', optional: true } });
    install('4.0.0');
    expect(dependenciesAreFresh(root)).toBe(true);
  });
});

test.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['22.0.0', true],
  ['20.18.3', false],
  ['18.20.0', false],
])('Node %s: will do is %s', (version, willDo) => {
  expect(nodeTooOld(version) === '').toBe(willDo);
  if (!willDo) expect(nodeTooOld(version)).toMatch(/^fieldbench needs Node 20\.19 or later, and this is Node [\d.]+: /);
});
