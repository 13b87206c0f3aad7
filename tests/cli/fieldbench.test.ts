import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SourceFolder } from '../../src/server/fleet/source-folder.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { releaseOf } from '../../src/cli/load-folder.ts';
import { runIssues } from '../support/tofupilot-schema.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/fleet/procedures/power-board', import.meta.url));
const HEAD =
  'name: P\nid: 7c9e6679-7425-40de-944b-e07fc1f90ae7\nplugs: [{ name: Fixture, driver: scpi, safe_state: [SAFE] }]\n';
const BENCH = `fixture:
  '*IDN?': ACME,1
  'GOOD?': '3.3'
  'NAN?': NAN
  'DEAD?': { silent: true }
  'BOOM?': { lost: true }
  'NOISE?': { normal: { mean: 3.3, sigma: 0.01 } }
`;

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'fieldbench-cli-'))));
afterAll(() => rm(root, { recursive: true, force: true }));

let folders = 0;
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, `p${(folders += 1)}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** A procedure that measures with one query, judged against 3.2 to 3.4. */
function measuring(query: string, more = ''): string {
  const validators = '[{ operator: range, expected_value: [3.2, 3.4] }]';
  return `${HEAD}main:\n  - name: Rails\n    timeout: 300ms\n${more}    steps: [{ measure: { name: rail, plug: fixture, query: '${query}' } }]\n    measurements: [{ name: rail, unit: V, validators: ${validators} }]\n`;
}

interface Said {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: string;
}

async function say(args: readonly string[], stop = new AbortController().signal): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop });
  return { exit, out, err: err.join('\n') };
}

async function runJson(files: Readonly<Record<string, string>>, ...more: string[]) {
  const said = await say(['run', await folderOf(files), '--simulated', '--json', ...more]);
  const events = said.out.map((line) => JSON.parse(line));
  return { ...said, events, last: events.at(-1) };
}

describe('check', () => {
  test('0: it loads and can run', async () => {
    const { exit, out } = await say(['check', EXAMPLE, '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out.join('\n'))).toEqual({ loads: true, runs: true, problems: [] });
  });

  test('1: it loads and cannot run here', async () => {
    const folder = await folderOf({ 'procedure.yaml': `${HEAD}main:\n  - { name: Rails, python: a:b }\n` });
    const { exit, out } = await say(['check', folder, '--json']);
    expect(exit).toBe(1);
    expect(JSON.parse(out[0]!)).toMatchObject({
      loads: true,
      runs: false,
      problems: [{ severity: 'error', code: 'python-phase', file: 'procedure.yaml', line: 5, column: 20 }],
    });
  });

  test('2: it does not load, for people in the form that editors know', async () => {
    const folder = await folderOf({ 'procedure.yml': `${HEAD}mian: []\n` });
    const { exit, out } = await say(['check', folder]);
    expect(exit).toBe(2);
    expect(out).toContain(
      'procedure.yml:4:1: error unknown-key: the procedure has no key “mian”; did you mean “main”?',
    );
    expect((await say(['check', join(root, 'nowhere'), '--json'])).exit).toBe(2);
  });

  test('2: it is there and cannot be read', async () => {
    const folder = await folderOf({});
    await mkdir(join(folder, 'procedure.yaml'));
    const { exit, out } = await say(['check', folder, '--json']);
    expect(exit).toBe(2);
    expect(JSON.parse(out[0]!)).toMatchObject({ loads: false, problems: [{ code: 'procedure-unreadable' }] });
  });

  test('a broken simulated bench is a warning', async () => {
    const folder = await folderOf({ 'procedure.yaml': measuring('GOOD?'), 'bench.yaml': 'fixture: [\n' });
    const { exit, out } = await say(['check', folder, '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out[0]!).problems).toMatchObject([
      { severity: 'warning', code: 'bench-unreadable', file: 'bench.yaml' },
    ]);
  });
});

describe('run', () => {
  test.each([
    ['GOOD?', 0, 'PASS'],
    ['NAN?', 1, 'FAIL'],
    ['BOOM?', 2, 'ERROR'],
    ['DEAD?', 3, 'TIMEOUT'],
  ])('%s: exit %d, %s, and a body that TofuPilot would take', async (query, exit, outcome) => {
    const ran = await runJson({ 'procedure.yaml': measuring(query), 'bench.yaml': BENCH }, '--serial', 'SN-7');
    expect(ran.exit).toBe(exit);
    expect(ran.last).toMatchObject({ event: 'run', outcome, run: { outcome, serial_number: 'SN-7' } });
    expect(ran.events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['run-started', 'phase-started', 'run-ended']),
    );
    expect(ran.last.run.metadata).toMatchObject({ simulated: true, station_id: 'local-cli-001', station_seq: 1 });
    expect(runIssues(ran.last.run)).toEqual([]);
  });

  test('a file is told with its name, size and hash', async () => {
    const steps = "[{ attach: { name: v.txt, plug: fixture, query: 'GOOD?' } }]";
    const procedure = `${HEAD}main:\n  - { name: Rails, steps: ${steps} }\n`;
    const ran = await runJson({ 'procedure.yaml': procedure, 'bench.yaml': BENCH });
    expect(ran.exit).toBe(0);
    expect(ran.events.find(({ event }) => event === 'attachment')).toMatchObject({
      phase: 'rails',
      file: {
        name: 'v.txt',
        content_type: 'text/plain',
        size: 3,
        sha256: 'sha256:8c92bebd740430af1b95f3b0deb80df3b03cc6f9d8417b1dffb75d5c37c707b5',
      },
    });
  });

  test('4: a person stopped it', async () => {
    const folder = await folderOf({
      'procedure.yaml': `${HEAD}main:\n  - { name: Long, steps: [{ wait: 1m }] }\n`,
      'bench.yaml': BENCH,
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const { exit, out } = await say(['run', folder, '--simulated', '--json'], stop.signal);
    expect(exit).toBe(4);
    expect(JSON.parse(out.at(-1)!)).toMatchObject({ event: 'run', outcome: 'ABORTED' });
  });

  test('the same seed gives the same values, another seed others', async () => {
    const files = { 'procedure.yaml': measuring('NOISE?'), 'bench.yaml': BENCH };
    const value = async (seed: string) =>
      (await runJson(files, '--seed', seed)).last.run.phases[0].measurements[0].measured_value;
    const [first, again, other] = [await value('7'), await value('7'), await value('8')];
    expect(first).toBe(again);
    expect(first).not.toBe(other);
  });

  test.each([
    ['python-phase', `${HEAD}main:\n  - { name: Rails, python: a:b }\n`, BENCH, []],
    ['procedure-unreadable', `${HEAD}main: []\n`, BENCH, []],
    ['bench-unreadable', measuring('GOOD?'), 'fixture: 5\n', []],
    ['serial-pattern', measuring('GOOD?'), BENCH, ['--serial', 'a b']],
    ['serial-empty', measuring('GOOD?'), BENCH, ['--serial', '']],
    ['bench-unreadable', measuring('GOOD?'), BENCH, ['--bench', '/nowhere.yaml']],
  ])('65: refused with %s, and there is no run', async (code, procedure, bench, more) => {
    const { exit, events, err } = await runJson({ 'procedure.yaml': procedure, 'bench.yaml': bench }, ...more);
    expect(exit).toBe(65);
    expect(events).toEqual([{ event: 'refusal', code, message: expect.any(String), remedy: expect.any(String) }]);
    expect(err).toContain(code);
  });

  test('65: stopped before the unit was touched', async () => {
    const folder = await folderOf({ 'procedure.yaml': measuring('GOOD?'), 'bench.yaml': BENCH });
    const { exit, out } = await say(['run', folder, '--simulated', '--json'], AbortSignal.abort());
    expect(exit).toBe(65);
    expect(out.map((line) => JSON.parse(line))).toMatchObject([{ event: 'refusal', code: 'stopped' }]);
  });

  test('a run that TofuPilot could never take is said to be one', async () => {
    const procedure = measuring('GOOD?').replace(/^id: .*\n/m, '');
    const { exit, err } = await runJson({ 'procedure.yaml': procedure, 'bench.yaml': BENCH });
    expect([exit, err]).toEqual([0, expect.stringContaining('This run stays here: The procedure has no id')]);
  });

  test('65: another fixture answers', async () => {
    const resource = "resource: { serial: { usb: ['0403:6001'] }, identity: '^OTHER' }";
    const procedure = measuring('GOOD?').replace('driver: scpi,', `driver: scpi, ${resource},`);
    const { exit, last } = await runJson({ 'procedure.yaml': procedure, 'bench.yaml': BENCH });
    expect([exit, last.event]).toEqual([65, 'refusal']);
    expect(last.code).toMatch(/^fixture-/);
  });

  test('without --json it speaks to people', async () => {
    const folder = await folderOf({ 'procedure.yaml': measuring('NAN?'), 'bench.yaml': BENCH });
    const { out } = await say(['run', folder, '--simulated']);
    expect(out).toEqual([
      'P, SIM-000001',
      'Rails',
      '  FAIL  rail –: the value is not a number (NaN)',
      '  FAIL: rail: the value is not a number (NaN)',
      'FAIL: Rails: rail: the value is not a number (NaN)',
    ]);
  });

  test('the unit that lies on the simulated fixture is the one that was named', async () => {
    const files = {
      'procedure.yaml': measuring('GOOD?'),
      'bench.yaml': `${BENCH}units:\n  '13$': { fixture: { 'GOOD?': '3.05' } }\n`,
    };
    expect((await runJson(files, '--serial', 'SN-12')).last.outcome).toBe('PASS');
    expect((await runJson(files, '--serial', 'SN-13')).last.outcome).toBe('FAIL');
  });

  test('the release has the hash that the server offers it by, hidden files aside', async () => {
    const folder = await folderOf({ 'procedure.yaml': measuring('GOOD?'), 'bench.yaml': BENCH, '.hidden': 'x' });
    expect(await releaseOf(folder)).toBe((await new SourceFolder(folder, 'p').offer())!.release);
    const offer = await new SourceFolder(EXAMPLE, 'power-board').offer();
    expect(await releaseOf(EXAMPLE)).toBe(offer!.release);
  });
});

describe('64: wrong usage says what is wrong', () => {
  test.each([
    [[], 'A command is needed'],
    [['chekc', EXAMPLE], 'no command “chekc”'],
    [['check'], 'needs the FOLDER'],
    [['check', EXAMPLE, 'more'], 'too many'],
    [['check', EXAMPLE, '--seed', '1'], 'check takes no --seed'],
    [['run', EXAMPLE], 'needs --simulated'],
    [['run', EXAMPLE, '--simulated', '--seed', 'x'], '--seed needs a whole number'],
    [['run', EXAMPLE, '--simulated', '--sed', '1'], '--sed'],
    [['run', EXAMPLE, '--simulated', '--bench'], '--bench'],
  ])('%j', async (args, words) => {
    const { exit, out, err } = await say(args);
    expect(exit).toBe(64);
    expect(out).toEqual([]);
    expect(err).toContain(words);
  });

  test('help lists what there is', async () => {
    const { exit, out } = await say(['--help']);
    expect(exit).toBe(0);
    expect(out[0]).toContain('fieldbench run FOLDER --simulated');
  });
});

describe('run with slots', () => {
  const slots = (once = '') => ({
    'procedure.yaml': `name: P
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
execution: { slots: [{ name: Left, parameters: { channel: 1 } }, { name: Right, parameters: { channel: 2 } }] }
parameters: { channel: { type: number, default: 0 } }
plugs:
  - { name: Fixture, driver: scpi, safe_state: ['OFF'] }
  - { name: DMM, driver: scpi, scope: station }
${once}main:
  - name: Rail
    steps: [{ measure: { name: rail, plug: dmm, query: 'V? \${channel}' } }]
    measurements: [{ name: rail, validators: [{ operator: '==', expected_value: \${channel} }] }]
`,
    'bench.yaml': "dmm: { 'V? 1': '1', 'V? 2': '2', 'T?': '24' }\nunits: { '13$': { dmm: { 'V? 2': '9' } } }\n",
  });
  const once =
    "setup: [{ name: Ambient, scope: execution, steps: [{ measure: { name: t, plug: dmm, query: 'T?' } }], measurements: [{ name: t }] }]\n";

  test('a unit a slot, side by side: every line names its slot, the runs come last, the exit code is the worst', async () => {
    const { exit, events } = await runJson(slots(), '--serial', 'SN-1', '--serial', 'SN-13');
    expect(exit).toBe(1);
    const ends = events.slice(-2);
    expect(ends.map(({ event, slot, outcome, run }) => [event, slot, outcome, run.serial_number])).toEqual([
      ['run', 'left', 'PASS', 'SN-1'],
      ['run', 'right', 'FAIL', 'SN-13'],
    ]);
    for (const { run } of ends) expect(runIssues(run)).toEqual([]);
    expect(ends.map(({ run }) => run.metadata.slot)).toEqual(['left', 'right']);
    expect(
      events.slice(0, 2).map(({ event, slot, header }) => [event, slot, header.serial_number, header.seq]),
    ).toEqual([
      ['run-started', 'left', 'SN-1', 1],
      ['run-started', 'right', 'SN-13', 2],
    ]);
    expect(new Set(events.map(({ slot }) => slot))).toEqual(new Set(['left', 'right']));
  });

  test('what is done for all stands in every run', async () => {
    const { exit, events } = await runJson(slots(once), '--serial', 'SN-1', '--serial', 'SN-2');
    expect(exit).toBe(0);
    for (const { run } of events.slice(-2))
      expect(run.phases.map(({ name, outcome }: { name: string; outcome: string }) => `${name} ${outcome}`)).toEqual([
        'Ambient PASS',
        'Rail PASS',
      ]);
  });

  test('one unit: the first slot, and one run at the end', async () => {
    const { exit, events, last } = await runJson(slots(once), '--serial', 'SN-1');
    expect([exit, last.event, last.slot]).toEqual([0, 'run', 'left']);
    expect(events.filter(({ event }) => event === 'run')).toHaveLength(1);
  });

  test('for people, each line names its slot', async () => {
    const said = await say(['run', await folderOf(slots()), '--simulated', '--serial', 'SN-1', '--serial', 'SN-13']);
    expect(said.out).toContain('Left | PASS');
    expect(said.out.find((line) => line.startsWith('Right | FAIL'))).toContain('rail');
  });

  test('65: more units than slots, one unit twice, or a serial number that is none', async () => {
    const many = await runJson(slots(), ...['SN-1', 'SN-2', 'SN-3'].flatMap((one) => ['--serial', one]));
    expect([many.exit, many.events]).toMatchObject([65, [{ event: 'refusal', code: 'too-many-units' }]]);
    const twice = await runJson(slots(), '--serial', 'SN-1', '--serial', 'sn-1');
    expect([twice.exit, twice.events]).toMatchObject([65, [{ event: 'refusal', code: 'unit-in-slot' }]]);
    const none = await runJson(slots(), '--serial', 'SN-1', '--serial', 'S N');
    expect([none.exit, none.events]).toMatchObject([65, [{ event: 'refusal', code: 'serial-pattern' }]]);
    const lone = await runJson(
      { 'procedure.yaml': measuring('GOOD?'), 'bench.yaml': BENCH },
      '--serial',
      'A',
      '--serial',
      'B',
    );
    expect([lone.exit, lone.last.message]).toEqual([65, '2 units were named, and P has one slot.']);
  });
});
