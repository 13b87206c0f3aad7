import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeReceipt } from '#sync/transfer/receipt.ts';
import { makeRunBundle } from '#sync/transfer/run-bundle.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { bodyOf, bundled, MADE_AT, newSigner, runId } from '../sync/transfer/carrying.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'fieldbench-transfer-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const signer = await newSigner();
const runs = await makeRunBundle('bench-a', [bundled(3), bundled(4)], signer, MADE_AT);

async function say(bytes: Uint8Array | null, ...more: string[]) {
  const file = join(folder, 'given.fieldbench');
  await rm(file, { force: true });
  if (bytes) await writeFile(file, bytes);
  return command('transfer', 'inspect', file, ...more);
}

async function command(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const { signal } = new AbortController();
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop: signal });
  return { exit, out, err: err.join('\n') };
}

describe('transfer inspect', () => {
  test('0: a sound file; station, runs and key', async () => {
    const { exit, out } = await say(runs.bytes);
    expect(exit).toBe(0);
    expect(out[0]).toBe(`Runs, made by bench-a at ${MADE_AT}`);
    expect(out[1]).toMatch(/^Key [0-9a-f]{4}( [0-9a-f]{4}){3}$/);
    expect(out.slice(2)).toEqual([
      '3  SN-3  PASS  2026-11-20T08:00:00.000Z',
      '4  SN-4  PASS  2026-11-20T08:00:00.000Z',
      '2 runs, all sound.',
    ]);
  });

  test('0: a receipt, for programs', async () => {
    const entry = { client_run_id: runId(3), station_seq: 3, sha256: 'a'.repeat(64), run_id: 'r-3' };
    const receipt = await makeReceipt('bench-b', { origin: 'bench-a', runs: [entry] }, signer, MADE_AT);
    const { exit, out } = await say(receipt.bytes, '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(out.join('\n'))).toMatchObject({
      readable: true,
      sound: true,
      kind: 'receipt',
      station: 'bench-b',
      origin: 'bench-a',
      runs: [{ client_run_id: runId(3), station_seq: 3, run_id: 'r-3' }],
      problems: [],
    });
  });

  test('1: one altered run is named, the other one stays', async () => {
    const files = unzipSync(runs.bytes);
    files[`data/runs/${runId(4)}.json`] = new TextEncoder().encode(bodyOf(4).replace('PASS', 'FAIL'));
    const bytes = zipSync(files, { level: 0 });
    const { exit, out } = await say(bytes, '--json');
    expect(exit).toBe(1);
    const said = JSON.parse(out.join('\n'));
    expect(said).toMatchObject({ sound: false, trusted: true, problems: [{ code: 'altered', run: runId(4) }] });
    expect(said.runs).toHaveLength(1);
    expect((await say(bytes)).out.at(-1)).toBe('1 of 2 runs are sound.');
  });

  test('1: a signature that does not fit', async () => {
    const files = unzipSync(runs.bytes);
    files['manifest.sig'] = new Uint8Array(64);
    const { exit, out } = await say(zipSync(files, { level: 0 }));
    expect(exit).toBe(1);
    expect(out.at(-1)).toBe('Nothing in this file may be believed.');
  });

  test.each([
    ['cut', runs.bytes.slice(0, 900), 'cut'],
    ['something else', new TextEncoder().encode('hello'), 'unreadable'],
    ['not there', null, 'unreadable'],
  ] as const)('2: %s', async (_, bytes, code) => {
    const { exit, out } = await say(bytes, '--json');
    expect(exit).toBe(2);
    expect(JSON.parse(out.join('\n'))).toMatchObject({ readable: false, problems: [{ code }] });
    expect((await say(bytes)).out.join()).toContain(`error ${code}: `);
  });

  test.each([
    [['transfer'], 'inspect FILE'],
    [['transfer', 'inspect'], 'needs the FILE'],
    [['transfer', 'inspect', 'a', 'b'], 'too many'],
    [['transfer', 'inspect', 'a', '--seed', '1'], 'takes no --seed'],
  ])('64: %j', async (args, words) => {
    const { exit, err } = await command(...args);
    expect(exit).toBe(64);
    expect(err).toContain(words);
  });
});
