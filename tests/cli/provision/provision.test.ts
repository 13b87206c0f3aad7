/** What `fieldbench provision` writes, says and refuses. */
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import decodeQR from 'qr/decode.js';
import { describe, expect, test, vi } from 'vitest';
import { readEnrolment } from '#fleet/identity/enrolment.ts';
import { xmlTree } from '../../exchange/xml-tree.ts';
import { aServer, Bench, fieldbench, KEY, ORIGIN, STATION } from './a-station.ts';

describe('a second run', () => {
  test('changes nothing and says so; two computers get the same bytes', async () => {
    const bench = new Bench();
    const first = await bench.provision();
    expect(first).toMatchObject({ exit: 0, err: '' });
    const files = bench.files();
    for (const path of [...files.keys()].filter((one) => one !== 'provisioned.json'))
      expect(first.out).toContain(`written    ${bench.out}/${path}`);
    const times = [...files.keys()].map((path) => statSync(join(bench.out, path)).mtimeMs);
    const second = await bench.provision();
    expect(second).toMatchObject({ exit: 0, err: '' });
    expect(second.out).toContain('Nothing was changed');
    expect(second.out).not.toMatch(/^(written|changed)/m);
    expect([...files.keys()].map((path) => statSync(join(bench.out, path)).mtimeMs)).toEqual(times);
    const other = new Bench();
    await other.provision();
    expect(other.files()).toEqual(files);
    for (const [path, text] of files)
      expect(text, `${path} holds a time`).not.toMatch(/20\d\d-\d\d-\d\dT|\d\d:\d\d:\d\d/);
  });

  test('changes what the fleet changed, and names what is no longer needed', async () => {
    const bench = new Bench();
    await bench.provision();
    const said = await bench.provision(['--procedure', 'meters', '--no-key']);
    expect(said.out).toMatch(/^changed +.*linux\/chrome-policies\.json$/m);
    expect(said.out).toMatch(/^no longer needed .*secret\/label\.svg$/m);
    expect(said.out).not.toContain('install.sh');
    expect(bench.read('linux/chrome-policies.json')).not.toContain('24577');
  });

  test('leaves what a person changed, says so, and keeps it when it is told to replace it', async () => {
    const bench = new Bench();
    await bench.provision();
    writeFileSync(join(bench.out, 'linux/chrome-policies.json'), '{ "mine": true }');
    const left = await bench.provision();
    expect(left.exit).toBe(1);
    expect(left.out).toMatch(/^left +.*linux\/chrome-policies\.json$/m);
    expect(left.out).not.toContain('Nothing was changed');
    expect(bench.read('linux/chrome-policies.json')).toBe('{ "mine": true }');
    const forced = await bench.provision(['--force']);
    expect(forced).toMatchObject({ exit: 0, out: expect.stringMatching(/^replaced +.*chrome-policies\.json$/m) });
    expect(bench.read('linux/chrome-policies.json.by-hand')).toBe('{ "mine": true }');
    expect((await bench.provision()).out).toContain('Nothing was changed');
  });

  test('also leaves what was there before it ever ran', async () => {
    const bench = new Bench();
    mkdirSync(bench.out);
    writeFileSync(join(bench.out, 'README.md'), 'mine');
    expect(await bench.provision()).toMatchObject({ exit: 1, out: expect.stringMatching(/^left +.*README\.md$/m) });
    expect(bench.read('README.md')).toBe('mine');
  });
});

describe('the secret', () => {
  test('stands in two files, readable by their owner, and in no word', async () => {
    const bench = new Bench();
    const said = await bench.provision();
    const link = bench.read('secret/enrolment.txt').trim();
    expect(readEnrolment(new URL(link).hash)).toEqual({ station: STATION, key: KEY });
    const holders = [...bench.files()]
      .filter(([, text]) => text.includes(KEY) || text.includes(link))
      .map(([path]) => path);
    expect(holders).toEqual(['secret/enrolment.txt']);
    for (const path of ['secret/enrolment.txt', 'secret/label.svg']) expect(bench.mode(path), path).toBe(0o600);
    expect(statSync(join(bench.out, 'secret')).mode & 0o777).toBe(0o700);
    chmodSync(join(bench.out, 'secret/label.svg'), 0o644);
    await bench.provision();
    expect(bench.mode('secret/label.svg')).toBe(0o600);
    expect(bench.read('.gitignore')).toBe('secret/\n');
    for (const text of [said.out, said.err, bench.read('README.md')]) expect(text).not.toContain(KEY);
    expect(said.out).toContain(`The key stands in ${bench.out}/secret/`);
  });

  test('is the QR code of the label, beside the station’s name', async () => {
    const bench = new Bench();
    await bench.provision(['--procedure', 'meters']);
    const label = bench.read('secret/label.svg');
    expect(xmlTree(label).name).toBe('http://www.w3.org/2000/svg svg');
    for (const word of ['taipei line1', '>042<', 'station.example']) expect(label).toContain(word);
    const link = decodeQR(pictureOf(label));
    expect(`${link}\n`).toBe(bench.read('secret/enrolment.txt'));
    expect(readEnrolment(new URL(link).hash)).toEqual({ station: STATION, key: KEY, procedure: 'meters' });
  });

  test('may be typed when it is asked for', async () => {
    const bench = new Bench();
    expect((await bench.provision([], { typed: `${KEY}\n` })).exit).toBe(0);
    expect(readEnrolment(new URL(bench.read('secret/enrolment.txt')).hash).key).toBe(KEY);
  });

  test('may be left out: the label then holds the address', async () => {
    const bench = new Bench();
    const said = await bench.provision(['--no-key'], { typed: 'never-asked-for' });
    expect(said.exit).toBe(0);
    expect(decodeQR(pictureOf(bench.read('label.svg')))).toBe(`${ORIGIN}/`);
    expect([...bench.files().keys()].filter((path) => path.startsWith('secret'))).toEqual([]);
    expect(said.out).not.toContain('stands in');
  });

  test('is the relay’s token where the relay holds the keys', async () => {
    const bench = new Bench();
    const file = join(bench.folder, 'keys.yaml');
    const token = '9tXq0bWc4mZr7uKd2yLs';
    writeFileSync(file, `${STATION}: { token: ${token}, key: ${KEY} }\n`);
    for (const around of [{ env: { RELAY_KEYS_FILE: file, FIELDBENCH_STATION_KEY: KEY } }, { env: {} }]) {
      const said = await bench.provision('FIELDBENCH_STATION_KEY' in around.env ? [] : ['--relay-keys', file], around);
      expect(said).toMatchObject({ exit: 0, out: expect.stringContaining('The token stands in') });
      expect(readEnrolment(new URL(bench.read('secret/enrolment.txt')).hash).key).toBe(token);
      for (const [path, text] of bench.files()) expect(text, path).not.toContain(KEY);
    }
    for (const [text, words] of [
      ['berlin-line1-001: { token: 9tXq0bWc4mZr7uKd2yLs, key: a }', 'no usable token'],
      [`${STATION}: { token: short, key: ${KEY} }`, 'no usable token'],
      ['{', 'cannot be read'],
    ]) {
      writeFileSync(file, text!);
      const said = await bench.provision(['--relay-keys', file]);
      expect(said).toMatchObject({ exit: 65, err: expect.stringContaining(`error relay-keys: ${file}`) });
      expect(said.err).toContain(words);
      expect(said.err).not.toContain(KEY);
    }
  });

  test.each([
    ['', 64, 'key-missing'],
    ['short', 65, 'key-form'],
    ['two words of a key', 65, 'key-form'],
    [`Bearer ${KEY}`, 65, 'key-form'],
    [`${ORIGIN}/#enroll=abc`, 65, 'key-form'],
    [STATION, 65, 'key-form'],
    ['schlüssel-der-station', 65, 'key-form'],
  ])('%j is none', async (typed, exit, code) => {
    const bench = new Bench();
    const said = await bench.provision([], { typed });
    expect(said).toMatchObject({ exit, out: '', err: expect.stringContaining(`error ${code}: `) });
    if (typed.length > 9 && typed !== STATION) expect(said.err).not.toContain(typed);
  });

  test('is never taken from the command line', async () => {
    const bench = new Bench();
    const said = await fieldbench(['provision', STATION, KEY, '--origin', ORIGIN, '--fleet', bench.fleet]);
    expect(said).toMatchObject({ exit: 64, err: expect.stringContaining('no key') });
    expect(said.err).not.toContain(KEY);
    const flag = await fieldbench(['provision', STATION, `--key=${KEY}`, '--origin', ORIGIN, '--fleet', bench.fleet]);
    expect(flag.exit).toBe(64);
    expect(flag.err).not.toContain(KEY);
  });
});

describe('the server', () => {
  const ofStation = (name: string) => aServer(() => Response.json({ id: 'x', name }));
  const refused = (status: number) => aServer(() => Response.json({ message: 'no', code: 'X' }, { status }));

  test('knows the station by its key', async () => {
    const bench = new Bench();
    const ask = vi.fn(ofStation(STATION));
    expect(await bench.provision([], { fetch: ask })).toMatchObject({ exit: 0, err: '' });
    expect(ask.mock.calls.map(([input]) => String(input))).toEqual([
      `${ORIGIN}/healthz`,
      `${ORIGIN}/tofupilot/v2/stations/current`,
    ]);
    expect(ask.mock.calls[1]![1]).toMatchObject({ headers: { authorization: `Bearer ${KEY}` } });
  });

  test.each([
    [refused(401), 'key-refused'],
    [refused(403), 'user-key'],
    [ofStation('taipei-line1-041'), 'other-station'],
  ])('refuses a key that is not this station’s', async (fetch, code) => {
    const bench = new Bench();
    const said = await bench.provision([], { fetch });
    expect(said).toMatchObject({ exit: 65, out: '', err: expect.stringContaining(`error ${code}: `) });
    expect(said.err).not.toContain(KEY);
  });

  test('may call the station as it likes, and may be unable to ask', async () => {
    const bench = new Bench();
    expect(await bench.provision([], { fetch: ofStation('Bench by the door') })).toMatchObject({
      exit: 0,
      err: expect.stringContaining('warning: TofuPilot calls the station of this key “Bench by the door”'),
    });
    expect(await bench.provision([], { fetch: refused(502) })).toMatchObject({
      exit: 0,
      err: expect.stringContaining('TofuPilot answers 502'),
    });
  });

  test.each([
    [
      'is gone',
      () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })),
      'ECONNREFUSED',
    ],
    ['is another one', () => Promise.resolve(new Response('<html>')), 'no Fieldbench server'],
  ])('%s: a warning, or an error where it is needed', async (_name, fetch, words) => {
    const bench = new Bench();
    const said = await bench.provision([], { fetch });
    expect(said).toMatchObject({ exit: 0, err: expect.stringContaining('warning: ') });
    expect(said.err).toContain(words);
    const needed = await bench.provision(['--require-server'], { fetch });
    expect(needed).toMatchObject({ exit: 69, err: expect.stringContaining('error server-unreachable: ') });
  });

  test('is not asked offline, and its health alone without a key', async () => {
    const bench = new Bench();
    const ask = vi.fn(ofStation(STATION));
    await bench.provision(['--offline'], { fetch: ask });
    expect(ask).not.toHaveBeenCalled();
    await bench.provision(['--no-key'], { fetch: ask });
    expect(ask).toHaveBeenCalledTimes(1);
  });
});

describe('what is refused', () => {
  test.each(['Taipei-line1-042', 'taipei-line1', 'taipei_line1_042', '../../etc', 'a-b-1; rm'])('%s', async (name) => {
    const bench = new Bench();
    expect(await bench.provision([], {}, name)).toMatchObject({
      exit: 64,
      out: '',
      err: expect.stringContaining('error station-name: '),
    });
  });

  test.each([
    ['http://station.example', 'wants HTTPS'],
    ['https://station.example/app', 'more than the address'],
    ['https://station.example/?x=1', 'more than the address'],
    ['station.example', 'no address'],
    ['ftp://station.example', 'no address'],
    ['https://ana:secret@station.example', 'no address'],
  ])('origin %s', async (origin, words) => {
    const bench = new Bench();
    const args = ['provision', STATION, '--fleet', bench.fleet, '--out', bench.out, '--offline', '--no-key'];
    const said = await fieldbench([...args, '--origin', origin]);
    expect(said).toMatchObject({ exit: 64, err: expect.stringContaining('error origin: ') });
    expect(said.err).toContain(words);
    expect(said.err).not.toContain('secret');
    expect((await fieldbench([...args, '--origin', 'http://localhost:4173/'])).exit).toBe(0);
    expect((await fieldbench([...args, '--origin', 'http://notlocalhost:4173/'])).exit).toBe(64);
  });

  test.each([
    [['--procedure', 'nothing'], 66, 'procedure-unknown'],
    [['--scanner', '05f9'], 64, 'scanner-id'],
    [['--fleet', '/nowhere/at/all'], 66, 'fleet-missing'],
  ])('%j', async (more, exit, code) => {
    const bench = new Bench();
    expect(await bench.provision(more)).toMatchObject({ exit, err: expect.stringContaining(`error ${code}: `) });
  });

  test('a folder where none can be', async () => {
    const bench = new Bench();
    const said = await bench.provision(['--out', join(bench.fleet, 'fleet.yaml', 'out')]);
    expect(said).toMatchObject({ exit: 73, out: '', err: expect.stringContaining('error cannot-write: ') });
  });

  test('a procedure that does not load: its fixture would be without a grant', async () => {
    const bench = new Bench({ broken: { 'procedure.yaml': 'name: P\nplugs: 7\n' }, empty: { 'notes.txt': 'none' } });
    const said = await bench.provision();
    expect(said).toMatchObject({
      exit: 65,
      err: expect.stringMatching(/error procedure-broken: broken, line \d+, column \d+: /),
    });
    expect((await bench.provision(['--procedure', 'empty'])).err).toContain('empty holds no procedure.yaml');
  });

  test.each([
    [['provision'], 'needs a STATION'],
    [['provision', STATION], '--origin'],
    [['provision', STATION, '--origin', ORIGIN], '--fleet'],
    [['provision', STATION, '--origin', ORIGIN, '--fleet', 'x', '--offline', '--require-server'], 'exclude each other'],
    [['provision', STATION, '--nonsense'], 'nonsense'],
  ])('%j is wrong usage', async (args, words) => {
    const said = await fieldbench(args);
    expect(said).toMatchObject({ exit: 64, out: '' });
    expect(said.err).toContain(words);
  });

  test('help names every option', async () => {
    const { exit, out } = await fieldbench(['provision', '--help']);
    expect(exit).toBe(0);
    for (const option of ['--origin', '--relay-keys', '--require-server', '--shared', 'FIELDBENCH_STATION_KEY'])
      expect(out).toContain(option);
  });
});

/** The label as a camera sees it: its modules, four pixels each, its quiet zone around them. */
function pictureOf(label: string): { width: number; height: number; data: Uint8Array } {
  const path = /<path [^>]* d="([^"]+)"/.exec(label)![1]!;
  const dark = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const quiet = Math.min(...dark.flat());
  expect(quiet).toBe(4);
  const pixels = 4;
  const width = (Math.max(...dark.flat()) + 1 + quiet) * pixels;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [x, y] of dark)
    for (let dy = 0; dy < pixels; dy++)
      for (let dx = 0; dx < pixels; dx++) data.set([0, 0, 0], ((y * pixels + dy) * width + x * pixels + dx) * 4);
  return { width, height: width, data };
}
