import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRunBundle } from '#sync/transfer/run-bundle.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { all, xmlTree } from '../exchange/xml-tree.ts';
import { bodyOf, bundled, MADE_AT, newSigner, runId } from '../sync/transfer/carrying.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/fleet/procedures/power-board', import.meta.url));

let folder: string;
let ran: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldbench-convert-'));
  const { out } = await say('run', EXAMPLE, '--simulated', '--json', '--serial', 'SN-000113');
  ran = await put('ran.jsonl', `${out.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function say(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const { signal } = new AbortController();
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop: signal });
  return { exit, out, err: err.join('\n') };
}

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const offline = {
  procedure_id: 'BOARD',
  unit_under_test: { serial_number: 'UNIT-1' },
  run_passed: true,
  steps: [{ name: 'a', status: 'PASS', measurements: [{ name: 'v', value: 9, limit_high: 5 }] }],
};

describe('convert', () => {
  test('0: a headless run as OpenHTF, and from there back under its identity', async () => {
    const openhtf = await say('convert', ran, '--to', 'openhtf');
    expect([openhtf.exit, openhtf.err, openhtf.out.length]).toEqual([0, '', 1]);
    const record = JSON.parse(openhtf.out[0]!);
    const posted = JSON.parse((await readFile(ran, 'utf8')).trim().split('\n').at(-1)!).run;
    expect(record).toMatchObject({ dut_id: 'SN-000113', outcome: 'FAIL', metadata: posted.metadata });
    const back = await say('convert', await put('record.json', openhtf.out[0]!), '--to', 'fieldbench');
    expect([back.exit, back.err]).toEqual([0, '']);
    expect(JSON.parse(back.out[0]!)).toEqual(posted);
  });

  test('0: several files into one table, and one document', async () => {
    const other = await put('other.json', bodyOf(4));
    const csv = await say('convert', ran, other, '--to', 'csv');
    expect(csv.exit).toBe(0);
    expect(csv.out[0]).toMatch(/^client_run_id,.*SN-000113.*SN-4/s);
    const atml = await say('convert', ran, other, '--to', 'atml');
    expect(all(xmlTree(atml.out[0]!), 'TestResults')).toHaveLength(2);
  });

  test('0: a file of the air gap gives the exact bytes that are posted', async () => {
    const bundle = await makeRunBundle('bench-a', [bundled(3), bundled(4)], await newSigner(), MADE_AT);
    const out = join(folder, 'bodies');
    const said = await say('convert', await put('b.fieldbench', bundle.bytes), '--to', 'fieldbench', '--out', out);
    expect(said.exit).toBe(0);
    expect((await readdir(out)).sort()).toEqual([`SN-3-${runId(3)}.run.json`, `SN-4-${runId(4)}.run.json`]);
    expect(await readFile(join(out, `SN-4-${runId(4)}.run.json`), 'utf8')).toBe(bodyOf(4));
    const again = await say('convert', join(folder, 'b.fieldbench'), '--to', 'fieldbench', '--out', out);
    expect([again.exit, again.err]).toEqual([2, expect.stringContaining('There is such a file already')]);

    const files = unzipSync(bundle.bytes);
    files['manifest.sig'] = new Uint8Array(64);
    const forged = await say('convert', await put('forged.fieldbench', zipSync(files, { level: 0 })), '--to', 'csv');
    expect([forged.exit, forged.out]).toEqual([2, []]);
    expect(forged.err).toContain('signature');
  });

  test('1: what cannot be read is named and keeps nothing back; what differs is said', async () => {
    const good = await put('offline.json', JSON.stringify(offline));
    const bad = await put('bad.json', JSON.stringify({ ...offline, run_passed: true, steps: [{ name: 'a' }] }));
    const { exit, out, err } = await say('convert', bad, good, join(folder, 'nowhere'), '--to', 'csv');
    expect(exit).toBe(1);
    expect(out[0]).toContain('UNIT-1');
    expect(err).toContain(`${bad}: steps[0].step_passed is missing; it should be PASS, FAIL, SKIP or ERROR.`);
    expect(err).toContain('nowhere: There is no such file.');
    expect(err).toContain(`${good}: UNIT-1: steps[0] says PASS, and v: 9 is above 5. It is taken as FAIL.`);
  });

  test('a run that TofuPilot could never take says so', async () => {
    const good = await put('offline.json', JSON.stringify(offline));
    const { exit, err } = await say('convert', good, '--to', 'fieldbench');
    expect(exit).toBe(0);
    expect(err).toContain('The procedure has no id in TofuPilot');
  });

  test('2: nothing could be read', async () => {
    const binary = await put('x.bin', new Uint8Array([0xff, 0xfe, 0]));
    const { exit, out, err } = await say('convert', binary, '--to', 'csv');
    expect([exit, out]).toEqual([2, []]);
    expect(err).toContain('not text in UTF-8');
  });

  test.each([
    [['convert'], 'at least one FILE'],
    [['convert', 'a'], '--to openhtf|csv|atml|fieldbench'],
    [['convert', 'a', '--to', 'pdf'], '--to openhtf|csv|atml|fieldbench'],
    [['convert', 'a', '--to', 'csv', '--seed', '1'], 'convert takes no --seed'],
    [['check', 'a', '--to', 'csv'], 'check takes no --to'],
    [['run', 'a', '--simulated', '--out', 'b'], 'run takes no --out'],
  ])('64: %j', async (args, words) => {
    const { exit, err } = await say(...args);
    expect(exit).toBe(64);
    expect(err).toContain(words);
  });
});
