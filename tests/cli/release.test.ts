/** `pack`, `keygen`, `sign`, `keys`, `publish`, `rollback` and `pin`, as somebody at a terminal meets them. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBundle } from '#fleet/distribution/signed/bundle.ts';
import type { SignedIndex } from '#fleet/distribution/signed/release-index.ts';
import { commandLine } from '../../src/cli/command-line.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'fieldbench-release-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => join(folder, ...parts);

async function say(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const stop = new AbortController().signal;
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop });
  return { exit, out: out.join('\n'), err: err.join('\n') };
}
async function done(...args: string[]): Promise<string> {
  const { exit, out, err } = await say(...args);
  expect([exit, err]).toEqual([0, '']);
  return out;
}

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const YAML = (version: string) => `name: Power board
version: ${version}
id: ${ID}
main:
  - name: Look
    key: look
    ui: { requires_input: true, components: [{ type: image, key: led, default_value: images/led.png }] }
  - { name: Count, key: count, script: phases/count.ts }
`;
async function source(name = 'source', version = '1.0.0'): Promise<string> {
  await mkdir(at(name, 'phases'), { recursive: true });
  await mkdir(at(name, 'images'), { recursive: true });
  await writeFile(at(name, 'procedure.yaml'), YAML(version));
  await writeFile(at(name, 'images/led.png'), 'png');
  await writeFile(
    at(name, 'phases/count.ts'),
    "import { two } from '../two';\nexport default async (): Promise<number> => two;\n",
  );
  await writeFile(at(name, 'two.ts'), 'export const two: number = 2;\n');
  await writeFile(at(name, 'notes.md'), 'nobody names this\n');
  await writeFile(at(name, '.env'), 'SECRET=1\n');
  return at(name);
}
async function bundle(version = '1.0.0', key = at('key')): Promise<string> {
  const file = at(`${version}.zip`);
  await done('pack', await source(`source-${version}`, version), '--out', file);
  await done('sign', file, '--key', key);
  return file;
}
async function fleet(): Promise<string> {
  await done('keygen', at('key'));
  await done('keys', at('fleet'), '--add', at('key.pub'), '--key', at('key'));
  return at('fleet');
}
const publish = async (version: string) =>
  done('publish', await bundle(version), '--to', at('fleet'), '--key', at('key'));
const index = async () => (JSON.parse(await readFile(at('fleet/releases/index.json'), 'utf8')) as SignedIndex).signed;
const current = async () => {
  const [one] = (await index()).procedures;
  return one!.releases.find(({ release }) => release === one!.current)!.version;
};

describe('pack', () => {
  test('4: what the procedure names, as written and as compiled, and nothing else', async () => {
    const out = await done('pack', await source(), '--out', at('a.zip'));
    const read = await readBundle(new Uint8Array(await readFile(at('a.zip'))));
    expect([...read.files.keys()]).toEqual(['images/led.png', 'phases/count.ts', 'procedure.yaml', 'two.ts']);
    expect(new TextDecoder().decode(read.files.get('procedure.yaml'))).toBe(YAML('1.0.0'));
    expect([...read.scripts.keys()]).toEqual(['phases/count.ts']);
    expect(JSON.parse(new TextDecoder().decode(read.scripts.get('phases/count.ts')))).toMatchObject({
      code: expect.stringContaining('fieldbenchTake') as string,
    });
    expect(out).toContain(read.release);
    expect(await readdir(folder)).toEqual(['a.zip', 'source']);
  });

  test('1: the same from another place, at another time, with other times of the files', async () => {
    await done('pack', await source('here'), '--out', at('a.zip'));
    const there = await source('there');
    execFileSync('touch', ['-d', '2001-01-01', join(there, 'two.ts')]);
    await chmod(join(there, 'two.ts'), 0o600);
    await done('pack', there, '--out', at('b.zip'));
    expect(await readFile(at('b.zip'))).toEqual(await readFile(at('a.zip')));
    expect((await readFile(at('a.zip'))).includes(folder)).toBe(false);
  });

  test('a name of its own, and figures for programs', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const said = JSON.parse(await done('pack', await source(), '--json')) as Record<string, unknown>;
      expect(said).toMatchObject({
        file: 'power-board-1.0.0.release.zip',
        name: 'Power board',
        version: '1.0.0',
        id: ID,
        files: 4,
        scripts: 1,
      });
      expect((await stat(at('power-board-1.0.0.release.zip'))).size).toBe(said['bytes']);
    } finally {
      process.chdir(before);
    }
  });

  test('4: not what does not load, cannot run, or is not there', async () => {
    const refuses = async (exit: number, words: string) => {
      const said = await say('pack', at('source'), '--out', at('a.zip'));
      expect([said.exit, said.out]).toEqual([exit, '']);
      expect(said.err).toContain(words);
      expect(await readdir(folder)).not.toContain('a.zip');
    };
    await source();
    await writeFile(at('source/procedure.yaml'), 'name: [');
    await refuses(2, 'procedure.yaml:1:');
    await writeFile(at('source/procedure.yaml'), `${YAML('1.0.0')}  - { name: P, python: a:b }\n`);
    await refuses(1, 'it loads and cannot run');
    await writeFile(at('source/procedure.yaml'), YAML('1.0.0'));
    await rm(at('source/two.ts'));
    await refuses(1, 'two');
    await source();
    await rm(at('source/images/led.png'));
    await refuses(1, 'led.png');
    await rm(at('source'), { recursive: true });
    await refuses(2, 'no procedure.yaml');
  });

  test('4: nothing from outside of its folder, by path or by link', async () => {
    await source();
    await writeFile(at('outside.ts'), 'export const two = 3;\n');
    await rm(at('source/two.ts'));
    await symlink(at('outside.ts'), at('source/two.ts'));
    expect(await say('pack', at('source'), '--out', at('a.zip'))).toMatchObject({ exit: 1 });
    await rm(at('source/two.ts'));
    await writeFile(at('source/phases/count.ts'), "export { two as default } from '../../outside';\n");
    expect(await say('pack', at('source'), '--out', at('a.zip'))).toMatchObject({ exit: 1 });
  });

  test('what cannot be written is said, and nothing is left', async () => {
    await writeFile(at('file'), '');
    const said = await say('pack', await source(), '--out', at('file/a.zip'));
    expect([said.exit, said.err]).toEqual([73, expect.stringContaining('cannot be written')]);
    expect(await readdir(folder)).toEqual(['file', 'source']);
  });
});

describe('keygen and sign', () => {
  test('a pair as openssl reads it, the private half for nobody else, and never over another one', async () => {
    const out = await done('keygen', at('key'));
    expect((await stat(at('key'))).mode & 0o777).toBe(0o600);
    const id = /^Key ([0-9a-f]{16})/.exec(out)?.[1];
    expect(id).toBeTruthy();
    expect(await readFile(at('key'), 'utf8')).toContain('BEGIN PRIVATE KEY');
    expect(await readFile(at('key.pub'), 'utf8')).toContain('BEGIN PUBLIC KEY');
    const before = await readFile(at('key'), 'utf8');
    expect((await say('keygen', at('key'))).exit).toBe(73);
    expect(await readFile(at('key'), 'utf8')).toBe(before);
    await rm(at('key'));
    expect((await say('keygen', at('key'))).exit, 'the public half of another one').toBe(73);
    expect(await readdir(folder)).toEqual(['key.pub']);
  });

  test('2: signing changes no release, whoever signs; the same key signs the same', async () => {
    await done('keygen', at('key'));
    await done('keygen', at('other'));
    const file = await bundle();
    const once = await readFile(file);
    await done('sign', file, '--key', at('key'));
    expect(await readFile(file)).toEqual(once);
    await done('sign', file, '--key', at('other'));
    const [one, two] = [await readBundle(new Uint8Array(once)), await readBundle(new Uint8Array(await readFile(file)))];
    expect(two.release).toBe(one.release);
    expect([one.signatures.length, two.signatures.length]).toEqual([1, 2]);
  });

  test('3: no changed bundle, and no file that is no bundle or no key', async () => {
    await done('keygen', at('key'));
    const file = await bundle();
    const bytes = await readFile(file);
    bytes[bytes.length - 30]! ^= 1;
    await writeFile(file, bytes);
    expect(await say('sign', file, '--key', at('key'))).toMatchObject({ exit: 2 });
    expect(await readFile(file)).toEqual(bytes);
    expect(await say('sign', at('key.pub'), '--key', at('key'))).toMatchObject({
      exit: 2,
      err: expect.stringContaining('no bundle') as string,
    });
    expect(await say('sign', at('nothing'), '--key', at('key'))).toMatchObject({ exit: 2 });
    expect(await say('sign', file, '--key', at('key.pub'))).toMatchObject({
      exit: 2,
      err: expect.stringContaining('private key') as string,
    });
    expect(await say('sign', file, '--key', at('nothing'))).toMatchObject({ exit: 2 });
  });
});

describe('keys', () => {
  test('the first list by a key in it; each other one by a key that counts', async () => {
    await done('keygen', at('key'));
    await done('keygen', at('young'));
    const keys = (...more: string[]) => say('keys', at('fleet'), ...more);
    expect(await keys()).toMatchObject({ exit: 0, out: 'No key counts here yet.' });
    expect(await keys('--add', at('young.pub'))).toMatchObject({
      exit: 1,
      err: expect.stringContaining('has to be signed') as string,
    });
    expect(await keys('--add', at('young.pub'), '--key', at('key'))).toMatchObject({ exit: 1 });
    expect(await keys('--add', at('key.pub'), '--name', 'Release', '--key', at('key'))).toMatchObject({ exit: 0 });
    expect(await keys('--add', at('young.pub'), '--key', at('young'))).toMatchObject({ exit: 1 });
    expect(await keys('--add', at('key.pub'), '--key', at('key'))).toMatchObject({ exit: 1 });
    expect(await keys('--add', at('young.pub'), '--from', 'soon', '--key', at('key'))).toMatchObject({ exit: 1 });
    expect((await keys('--add', at('young.pub'), '--from', '2027-01-01', '--key', at('key'))).out).toMatch(
      /young {2}from 2027-01-01\nList 2\./,
    );
    expect(await keys('--revoke', 'Release', '--key', at('key')), 'nobody revokes their own').toMatchObject({
      exit: 1,
    });
    expect(await keys('--revoke', 'nobody', '--key', at('key'))).toMatchObject({ exit: 1 });
    expect((await keys('--revoke', 'Release', '--key', at('young'))).out).toContain('Release  revoked');
    expect(await keys('--signed-only', 'yes', '--key', at('key')), 'revoked').toMatchObject({ exit: 1 });
    expect((await keys('--signed-only', 'yes', '--key', at('young'))).out).toContain(
      'Stations run only what is signed.',
    );
    const said = JSON.parse((await keys('--json')).out) as { number: number; keys: unknown[] };
    expect([said.number, said.keys.length]).toEqual([4, 2]);
  });

  test('with a revoked key the index is signed anew, and what only it has signed is named', async () => {
    await fleet();
    await done('keygen', at('young'));
    await done('keys', at('fleet'), '--add', at('young.pub'), '--key', at('key'));
    await publish('1.0.0');
    const said = await say('keys', at('fleet'), '--revoke', 'key', '--key', at('young'));
    expect([said.exit, said.err]).toEqual([
      0,
      expect.stringContaining('power-board 1.0.0 is signed by no key that counts'),
    ]);
    expect((await index()).number).toBe(2);
    await done('sign', at('1.0.0.zip'), '--key', at('young'));
    await done('publish', at('1.0.0.zip'), '--to', at('fleet'), '--key', at('young'));
    expect(await say('publish', at('1.0.0.zip'), '--to', at('fleet'), '--key', at('key'))).toMatchObject({ exit: 1 });
  });
});

describe('publish and rollback', () => {
  test('17: contents by their hash, then the index; and nothing half written beside them', async () => {
    await fleet();
    expect(await publish('1.0.0')).toContain('Power board 1.0.0 is the release of power-board now');
    const files = await readdir(at('fleet/releases/files'));
    expect(files).toHaveLength(6);
    for (const name of files) {
      expect(name).toMatch(/^[0-9a-f]{64}$/);
      expect(execFileSync('sha256sum', [at('fleet/releases/files', name)], { encoding: 'utf8' })).toContain(name);
    }
    expect((await readdir(at('fleet/releases'))).toSorted()).toEqual(['files', 'index.json', 'keys.json']);
    await publish('1.1.0');
    expect([(await index()).number, await current()]).toEqual([2, '1.1.0']);
    expect(await readdir(at('fleet/releases/files')), 'what they share is there once').toHaveLength(8);
  });

  test('18: nothing that stations would refuse', async () => {
    const file = await (async () => {
      await done('keygen', at('key'));
      return bundle();
    })();
    const to = (...more: string[]) => say('publish', file, '--to', at('fleet'), '--key', at('key'), ...more);
    expect(await to()).toMatchObject({ exit: 1, err: expect.stringContaining('Nobody has said yet') as string });
    await done('keygen', at('young'));
    await done('keys', at('fleet'), '--add', at('young.pub'), '--key', at('young'));
    expect(await to()).toMatchObject({
      exit: 1,
      err: expect.stringContaining('not one that this fleet trusts') as string,
    });
    const byYoung = () => say('publish', file, '--to', at('fleet'), '--key', at('young'));
    expect(await byYoung()).toMatchObject({
      exit: 1,
      err: expect.stringContaining('No key that is known here') as string,
    });
    await done('pack', at('source-1.0.0'), '--out', file);
    expect(await byYoung(), 'unsigned').toMatchObject({ exit: 1 });
    await done('sign', file, '--key', at('young'));
    expect(await byYoung()).toMatchObject({ exit: 0 });
    const bytes = await readFile(file);
    bytes[60]! ^= 4;
    await writeFile(file, bytes);
    expect(await byYoung()).toMatchObject({ exit: 2 });
    await writeFile(
      at('fleet/releases/index.json'),
      (await readFile(at('fleet/releases/index.json'), 'utf8')).replace('Power board', 'Power bored'),
    );
    await done('pack', at('source-1.0.0'), '--out', file);
    await done('sign', file, '--key', at('young'));
    expect(await byYoung(), 'an index that somebody has changed is not signed').toMatchObject({ exit: 1 });
  });

  test('back to the one before, to one by its hash or version, and on again', async () => {
    await fleet();
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await publish(version);
    const back = (...more: string[]) =>
      say('rollback', at('fleet'), '--procedure', 'power-board', '--key', at('key'), ...more);
    expect((await back()).out).toContain('Power board 1.1.0 is the release of power-board again');
    expect([await current(), (await index()).number]).toEqual(['1.1.0', 4]);
    await back();
    expect(await current()).toBe('1.0.0');
    expect(await back()).toMatchObject({ exit: 1, err: expect.stringContaining('no older release') as string });
    await back('--to', '1.2.0');
    expect(await current()).toBe('1.2.0');
    const { releases } = (await index()).procedures[0]!;
    await back('--to', releases[2]!.release.slice(0, 20));
    expect(await current()).toBe('1.0.0');
    expect(await back('--to', '7.7.7')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('names no release') as string,
    });
    expect(await say('rollback', at('fleet'), '--procedure', 'x', '--key', at('key'))).toMatchObject({
      exit: 1,
      err: expect.stringContaining('There are: power-board') as string,
    });
    await publish('1.3.0');
    expect([await current(), (await index()).number]).toEqual(['1.3.0', 8]);
  });

  test('a procedure keeps the name under which it was published first; two have two', async () => {
    await fleet();
    const to = (file: string, ...more: string[]) =>
      say('publish', file, '--to', at('fleet'), '--key', at('key'), ...more);
    await to(await bundle('1.0.0'), '--as', 'pwr');
    await to(await bundle('1.1.0'));
    expect((await index()).procedures).toMatchObject([{ procedure: 'pwr', id: ID }]);
    expect(await to(at('1.1.0.zip'), '--as', 'other')).toMatchObject({ exit: 1 });
    await writeFile(at('source-1.0.0/procedure.yaml'), YAML('1.0.0').replace(ID, ID.replace('7c', '8c')));
    await done('pack', at('source-1.0.0'), '--out', at('twin.zip'));
    await done('sign', at('twin.zip'), '--key', at('key'));
    expect(await to(at('twin.zip'), '--as', 'pwr')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('another procedure') as string,
    });
    expect(await to(at('twin.zip'), '--as', '../up')).toMatchObject({ exit: 1 });
    await to(at('twin.zip'));
    expect((await index()).procedures.map(({ procedure }) => procedure)).toEqual(['power-board', 'pwr']);
  });

  test('the same version with another content is published with a word', async () => {
    await fleet();
    await publish('1.0.0');
    await writeFile(at('source-1.0.0/two.ts'), 'export const two: number = 22;\n');
    await done('pack', at('source-1.0.0'), '--out', at('b.zip'));
    await done('sign', at('b.zip'), '--key', at('key'));
    const said = await say('publish', at('b.zip'), '--to', at('fleet'), '--key', at('key'));
    expect([said.exit, said.err]).toEqual([0, expect.stringContaining('published already with another content')]);
  });
});

describe('pin', () => {
  test('takes over pins.yaml as a whole, and takes pins back with it', async () => {
    await fleet();
    for (const version of ['1.0.0', '1.1.0']) await publish(version);
    const pin = () => say('pin', at('fleet'), '--key', at('key'));
    await writeFile(
      at('fleet/pins.yaml'),
      '- procedure: power-board\n  release: 1.0.0\n  stations: [taipei-line1-*]\n  until: 2027-01-31\n  reason: lot 77\n',
    );
    expect(await pin()).toMatchObject({
      exit: 0,
      out: 'power-board 1.0.0: taipei-line1-*, until 2027-01-31\n1 pins, index 3',
    });
    const [one] = (await index()).procedures;
    expect(one!.pins).toEqual([
      { release: one!.releases[1]!.release, stations: ['taipei-line1-*'], until: '2027-01-31', reason: 'lot 77' },
    ]);
    await publish('1.2.0');
    expect((await index()).procedures[0]!.pins, 'publishing leaves them').toHaveLength(1);
    await rm(at('fleet/pins.yaml'));
    expect(await pin()).toMatchObject({ exit: 0 });
    expect((await index()).procedures[0]!.pins).toEqual([]);
  });

  test.each([
    ['- { procedure: x, release: 1.0.0 }', 'is not published'],
    ['- { procedure: power-board, release: 9.9.9 }', 'names no release'],
    ['- { procedure: power-board, release: 1.10 }', 'in quotes'],
    ['- { procedure: power-board, release: 1.0.0, until: soon }', '0.until'],
    ['- { procedure: power-board, release: 1.0.0, station: a }', '0.station'],
    ['a: [', 'no YAML'],
  ])('%s is refused', async (text, words) => {
    await fleet();
    await publish('1.0.0');
    await writeFile(at('fleet/pins.yaml'), text);
    const said = await say('pin', at('fleet'), '--key', at('key'));
    expect([said.exit, said.err]).toEqual([1, expect.stringContaining(words)]);
    expect((await index()).number).toBe(1);
  });
});

describe('usage', () => {
  test.each([
    [['pack'], 'the FOLDER of a procedure'],
    [['pack', 'a', 'b'], 'too many'],
    [['pack', 'a', '--key', 'k'], 'takes no --key'],
    [['sign', 'a'], 'needs --key'],
    [['publish', 'a', '--key', 'k'], 'needs --to'],
    [['rollback', 'a', '--key', 'k'], 'needs --procedure'],
    [['keys', 'a', '--signed-only', 'perhaps'], 'yes or no'],
    [['keygen', 'a', '--nonsense'], 'nonsense'],
  ])('%j', async (args, words) => {
    const said = await say(...args);
    expect([said.exit, said.out]).toEqual([64, '']);
    expect(said.err).toContain(words);
  });

  test('each command is in the help', async () => {
    for (const args of [['--help'], ['pack', '--help'], ['publish', 'x', '--help']]) {
      const out = await done(...args);
      for (const word of [
        'pack FOLDER',
        'keygen FILE',
        'sign BUNDLE',
        'keys FOLDER',
        'publish BUNDLE',
        'rollback FOLDER',
        'pin FOLDER',
      ])
        expect(out).toContain(`fieldbench ${word}`);
    }
  });
});
