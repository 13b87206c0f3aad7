/** The commands of a fleet's configuration, on real folders: what they print, refuse and write, and how they end. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/command-line.ts';
import { powerBoard } from '../support/fleet-folder.ts';

const STATION = 'taipei-line1-042';
let folder: string;
let fleet: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldbench-config-'));
  fleet = join(folder, 'fleet');
  await write('fleet.yaml', 'sync: { concurrency: 2 }\n');
  await write('config/sites/taipei.yaml', '# Two shifts.\nsign_in:\n  idle_min: 20\n');
  await write('config/lines/taipei-line1.yaml', 'parameters:\n  board: { settle: 80ms }\n');
  await write(`config/stations/${STATION}.yaml`, '');
  const parameters = { settle: { type: 'duration', default: '50ms' }, rail: { type: 'range', default: [3.2, 3.4] } };
  await write('procedures/board/procedure.yaml', stringify({ ...powerBoard(), parameters }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(fleet, path)), { recursive: true });
  await writeFile(join(fleet, path), text);
}
async function say(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const stop = new AbortController().signal;
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop });
  return { exit, out: out.join('\n'), err: err.join('\n') };
}
async function withKey(): Promise<string> {
  const key = join(folder, 'key');
  await say('keygen', key);
  await say('keys', fleet, '--add', `${key}.pub`, '--key', key);
  return key;
}

describe('check', () => {
  test('a fleet’s folder is checked whole: its tiers and its procedures', async () => {
    expect(await say('check', fleet)).toMatchObject({ exit: 0, err: '' });
    await write(
      'config/lines/taipei-line1.yaml',
      'parameters:\n  board: { setle: 80ms, rail: 3 }\n  bord: { x: 1 }\nsync: { concurency: 1 }\n',
    );
    const { exit, out } = await say('check', fleet);
    expect(exit).toBe(2);
    expect(out).toContain(
      'config/lines/taipei-line1.yaml:4:9: error unknown-key: sync.concurency: there is no such setting; did you mean “concurrency”?',
    );
    await write('config/lines/taipei-line1.yaml', 'parameters:\n  board: { setle: 80ms, rail: 3 }\n  bord: { x: 1 }\n');
    const later = (await say('check', fleet, '--json')).out;
    const { problems } = JSON.parse(later) as { problems: { file: string; line: number; message: string }[] };
    expect(problems.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
      'config/lines/taipei-line1.yaml:2 parameters.board.rail: the configuration (line) sets parameter “rail”: it must be [low, high], not the number 3',
      'config/lines/taipei-line1.yaml:2 parameters.board.setle: the configuration (line) sets a parameter “setle” that is not there; did you mean “settle”?',
      'config/lines/taipei-line1.yaml:3 parameters.bord.x: there is no procedure “bord” in this fleet',
    ]);
  });

  test('what is wrong with one of its procedures is told with its folder', async () => {
    await write('procedures/board/procedure.yaml', 'name: Board\nmian: []\n');
    const { exit, out } = await say('check', fleet);
    expect(exit).toBe(2);
    expect(out).toContain('procedures/board/procedure.yaml:2:1: error unknown-key');
  });
});

describe('config show', () => {
  test('every value with its tier, file and line', async () => {
    const { exit, out } = await say('config', 'show', STATION, '--in', fleet);
    expect(exit).toBe(0);
    expect(out).toContain(
      'Tiers: built-in, fleet.yaml, config/sites/taipei.yaml, config/lines/taipei-line1.yaml, config/stations/taipei-line1-042.yaml',
    );
    expect(out).toMatch(/^sign_in\.idle_min +20 {2}site config\/sites\/taipei\.yaml:3$/m);
    expect(out).toMatch(/^parameters\.board\.settle +80ms {2}line config\/lines\/taipei-line1\.yaml:2$/m);
    expect(out).toMatch(/^retention\.keep_days +90 {2}built-in$/m);
    const shown = JSON.parse((await say('config', 'show', STATION, '--in', fleet, '--json')).out) as { hash: string };
    expect(shown.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test.each([
    [['config'], 'config knows three actions'],
    [['config', 'show'], 'config show needs a STATION.'],
    [['config', 'show', STATION], 'config show needs --in'],
    [['config', 'publish', 'x'], 'config publish needs --key.'],
    [['config', 'diff', 'x', '--key', 'k'], 'config diff takes no --key.'],
    [['config', 'diff', 'x', 'y'], '“y” is too many'],
  ])('%j is wrong usage', async (args, words) => {
    const { exit, err } = await say(...args);
    expect([exit, err]).toEqual([64, expect.stringContaining(words)]);
  });
});

describe('config publish', () => {
  test('one document a station, each time with the next number; diff says what would change', async () => {
    const key = await withKey();
    expect((await say('config', 'diff', fleet)).out).toContain(`${STATION}: new`);
    expect(await say('config', 'publish', fleet, '--key', key)).toMatchObject({
      exit: 0,
      out: '1 of 1 stations get another configuration, number 1.',
    });
    const document = join(fleet, `releases/configuration/${STATION}.json`);
    expect((await say('config', 'publish', fleet, '--key', key)).out).toBe(
      '0 of 1 stations get another configuration, number 2.',
    );
    expect(JSON.parse(readFileSync(document, 'utf8'))).toMatchObject({ signed: { number: 2 } });
    await write('config/stations/taipei-line2-001.yaml', '');
    await write(`config/stations/${STATION}.yaml`, 'sync: { rate_per_s: 0.5 }\n');
    const { out } = await say('config', 'diff', fleet);
    expect(out).toContain(`${STATION}:\n  sync.rate_per_s: built-in → 0.5 (config/stations/${STATION}.yaml:1)`);
    expect(out).toContain('taipei-line2-001: new\n');
    expect((await say('config', 'publish', fleet, '--key', key)).out).toContain(
      '2 of 2 stations get another configuration, number 3.',
    );
    expect(JSON.parse(readFileSync(join(fleet, 'releases/configuration.json'), 'utf8'))).toMatchObject({ number: 3 });
  });

  test('nothing is written when anything is wrong, nobody is there, or the key is not one that counts', async () => {
    const key = await withKey();
    await say('keygen', join(folder, 'other'));
    expect((await say('config', 'publish', fleet, '--key', join(folder, 'other'))).exit).toBe(1);
    await write('config/sites/berlin.yaml', 'simulated: perhaps\n');
    const { exit, err } = await say('config', 'publish', fleet, '--key', key);
    expect(exit).toBe(1);
    expect(err).toContain('config/sites/berlin.yaml:1:1: error value: simulated: true or false is needed');
    expect(await readdir(join(fleet, 'releases'))).toEqual(['keys.json']);
    rmSync(join(fleet, 'config'), { recursive: true });
    expect((await say('config', 'publish', fleet, '--key', key)).err).toContain('there is nobody to publish for');
  });
});
