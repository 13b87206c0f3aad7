import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/command-line.ts';

const STORED = fileURLToPath(new URL('../fixtures/old-spellings', import.meta.url));

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'fieldbench-migrate-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function say(...args: string[]): Promise<{ exit: number; out: string[]; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController().signal;
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop });
  return { exit, out, err: err.join('\n') };
}

describe('fieldbench migrate', () => {
  test('writes the file anew with its permissions, says each word, and leaves nothing beside it', async () => {
    const file = join(folder, 'procedure.yaml');
    await copyFile(join(STORED, 'commented.yaml'), file);
    await chmod(file, 0o640);
    expect((await say('check', folder)).out).toContain(`fieldbench migrate ${folder} writes the words of today.`);
    const { exit, out } = await say('migrate', folder);
    expect([exit, out[0], out.length]).toEqual([0, 'procedure.yaml:5:23: each is now slot', 6]);
    expect(await readFile(file, 'utf8')).toBe(await readFile(join(STORED, 'commented.today.yaml'), 'utf8'));
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['procedure.yaml']);
    expect((await say('check', folder, '--json')).out[0]).not.toContain('old-spelling');
    expect(await say('migrate', folder)).toMatchObject({ exit: 0, out: ['There are no old spellings in it.'] });
  });

  test('a link stays a link', async () => {
    const real = join(folder, 'real.yaml');
    await copyFile(join(STORED, 'commented.yaml'), real);
    await symlink(real, join(folder, 'procedure.yaml'));
    expect((await say('migrate', folder)).exit).toBe(0);
    expect(await readFile(real, 'utf8')).toBe(await readFile(join(STORED, 'commented.today.yaml'), 'utf8'));
  });

  test('says what is left and what does not load, also for programs, and changes nothing then', async () => {
    const text =
      'name: P\nplugs: [{ name: A, driver: scpi, scope: "e\\x61ch" }]\nmain: [{ name: M, steps: [{ wait: 1ms }] }]\n';
    await writeFile(join(folder, 'procedure.yaml'), text);
    expect(await say('migrate', folder)).toMatchObject({
      exit: 1,
      out: [expect.stringContaining('procedure.yaml:2:41: change it by hand')],
    });
    const { exit, out } = await say('migrate', folder, '--json');
    expect([exit, JSON.parse(out[0]!)]).toMatchObject([
      1,
      { changed: [], left: [{ spelling: { now: 'slot' } }], errors: [] },
    ]);
    await writeFile(join(folder, 'procedure.yaml'), 'name: P\nmian: []\n');
    expect(await say('migrate', folder)).toMatchObject({
      exit: 2,
      out: expect.arrayContaining(['It does not load, so nothing was changed.']),
    });
    expect(await readFile(join(folder, 'procedure.yaml'), 'utf8')).toBe('name: P\nmian: []\n');
  });

  test('without a procedure, and with options that it has not', async () => {
    expect(await say('migrate', folder)).toMatchObject({
      exit: 2,
      err: expect.stringContaining('There is no procedure.yaml'),
    });
    expect((await say('migrate')).exit).toBe(64);
    expect((await say('migrate', folder, '--seed', '1')).exit).toBe(64);
  });
});
