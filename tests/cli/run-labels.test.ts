/** Labels on the command line: a simulated printer says what it prints, and a label that is wrong is said with its place. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/command-line.ts';

const PROCEDURE = `name: P
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
plugs: [{ name: Printer, driver: label-printer }]
main:
  - name: Rail
    steps: [{ set: { name: rail, value: VALUE } }]
    measurements: [{ name: rail, unit: V, validators: [{ operator: '<', expected_value: 4 }] }]
teardown:
  - name: Label
    steps:
      - print: { plug: printer, label: labels/unit.zpl, copies: 2, only: pass }
      - print: { plug: printer, text: '^XA^FDREJECT^FS^XZ', only: fail }
`;
const LABEL = '^XA\n^FD{{serial_number}} {{measurement.rail}} {{outcome}} {{station}}^FS\n^XZ\n';

let root: string;
let folders = 0;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'fieldbench-labels-'))));
afterAll(() => rm(root, { recursive: true, force: true }));

async function say(command: string, { value = '3.3', label = LABEL as string | Uint8Array, bench = '' } = {}) {
  const folder = join(root, `p${(folders += 1)}`);
  await mkdir(join(folder, 'labels'), { recursive: true });
  await writeFile(join(folder, 'procedure.yaml'), PROCEDURE.replace('VALUE', value));
  await writeFile(join(folder, 'labels/unit.zpl'), label);
  await writeFile(join(folder, 'bench.yaml'), bench);
  const lines: string[] = [];
  const tell = (line: string) => void lines.push(line);
  const args = command === 'run' ? ['run', folder, '--simulated', '--serial', 'SN-1'] : [command, folder];
  const exit = await commandLine(args, { out: tell, err: tell, stop: new AbortController().signal });
  return { exit, text: lines.join('\n'), printed: lines.filter((line) => line.startsWith('printer printed:')) };
}

test('a unit that passed has its label, filled in, in so many copies', async () => {
  const { exit, printed, text } = await say('run');
  expect(exit).toBe(0);
  expect(printed).toEqual(Array(2).fill('printer printed:\n^XA\n^FDSN-1 3.3 V PASS local-cli-001^FS\n^XZ'));
  expect(text).toContain('printer: printed labels/unit.zpl, 2 copies (PASS)');
});

test('a unit that failed has the other one', async () => {
  const { exit, printed } = await say('run', { value: '5' });
  expect(exit).toBe(1);
  expect(printed).toEqual(['printer printed:\n^XA^FDREJECT^FS^XZ']);
});

test('a printer without labels makes the run an error that says what to do', async () => {
  const bench = "printer: { '~HS': '030,1,0,0812,000,0,0,0,000,0,0,0;000,0,0,0,0,2,4,0,00000000,1,000;1234,0' }\n";
  const { exit, printed, text } = await say('run', { bench });
  expect(exit).toBe(2);
  expect(printed).toEqual([]);
  expect(text).toContain('is out of labels');
});

test('a wrong label is in the way of a run, with its own line and column', async () => {
  const label = LABEL.replace('{{station}}', '{{operator}}');
  const { exit, text } = await say('check', { label });
  expect(exit).toBe(1);
  expect(text).toContain('labels/unit.zpl:2:55: error label: “{{operator}}” is nothing that a label can say');
  const run = await say('run', { label });
  expect(run.exit).toBe(65);
  expect(run.text).toContain('P cannot run here: labels/unit.zpl, line 2, column 55');
  expect((await say('check', { label: Uint8Array.of(0xff) })).text).toContain('not text in UTF-8');
});
