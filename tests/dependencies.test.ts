/** Dependencies as they are written down: exact, whole, from no place in particular, and each with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const json = (file: string) => JSON.parse(readFileSync(new URL(file, root), 'utf8')) as Record<string, any>;
const manifest = json('package.json');
const lock = json('package-lock.json') as { packages: Record<string, Record<string, any>> };
const direct: Record<string, string> = { ...manifest['dependencies'], ...manifest['devDependencies'] };

describe('package.json', () => {
  test('names one version of each, not a range', () => {
    for (const [name, version] of Object.entries(direct)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('and each stands in docs/dependencies.md with that version', () => {
    const documented = readFileSync(new URL('docs/dependencies.md', root), 'utf8');
    for (const [name, version] of Object.entries(direct)) {
      // Of one family the first is written out: “workbox-window, -precaching, -routing”.
      const short = name.split('/').at(-1)!;
      const words = [short, `-${short.split('-').at(-1)}`];
      const row = documented
        .split('\n')
        .find((line) => line.includes(version) && words.some((word) => line.includes(word)));
      expect(row, `${name} ${version} in docs/dependencies.md`).toBeDefined();
    }
  });

  test('runs no script of its own when it is installed', () => {
    const scripts = Object.keys(manifest['scripts'] as object);
    expect(scripts.filter((name) => /^(pre|post)?install$|^prepare/.test(name))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  test('says what package.json says', () => {
    expect(lock.packages['']!['dependencies']).toEqual(manifest['dependencies']);
    expect(lock.packages['']!['devDependencies']).toEqual(manifest['devDependencies']);
    for (const [name, version] of Object.entries(direct))
      expect(lock.packages[`node_modules/${name}`]!['version'], name).toBe(version);
  });

  test('holds the hash of every package, and no address from which it came', () => {
    expect(packages.length).toBeGreaterThan(100);
    for (const [path, entry] of packages) {
      expect(entry['resolved'], path).toBeUndefined();
      expect(entry['integrity'], path).toMatch(/^sha512-/);
    }
    expect(JSON.stringify(lock)).not.toMatch(/"(resolved|tarball)"|registry\./);
  });
});

test('the built app names no address of anybody else', () => {
  const app = new URL('dist/app/', root);
  /** Names of schemas, and links in error messages of workbox, Dexie and Svelte: never asked for. */
  const NAMES = [
    'http://www.w3.org/',
    'https://json-schema.org/',
    'https://svelte.dev/e/',
    'https://bit.ly/',
    'http://bit.ly/',
    'https://tinyurl.com/',
  ];
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(js|css|html|webmanifest)$/.test(file),
  );
  expect(files.length, `a build in ${fileURLToPath(app)}`).toBeGreaterThan(10);
  for (const file of files) {
    const text = readFileSync(new URL(file, app), 'utf8');
    // Pages of the documentation: their addresses are words, and links that a person follows.
    if (/\bas BODIES\b/.test(text)) continue;
    const found = text.match(/\b(?:https?|wss?):\/\/[a-z0-9.[][^\s"'`<>)\\]*/gi) ?? [];
    expect(
      found.filter((address) => !NAMES.some((name) => address.startsWith(name))),
      file,
    ).toEqual([]);
  }
});
