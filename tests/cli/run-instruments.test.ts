/**
 * A procedure with instruments of every class, run by the station's own engine on an empty bench: readings, settings,
 * curves, registers, a console and its log, from steps and from a script; then the same with other answers in `bench.yaml`.
 */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from 'vite';
import { commandLine } from '../../src/cli/command-line.ts';

const PROCEDURE = `name: Every class
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
plugs:
  - { name: Supply, key: psu, driver: scpi-dc-supply }
  - { name: Load, key: load, driver: scpi-load }
  - { name: Scope, key: scope, driver: scpi-scope }
  - { name: Generator, key: gen, driver: scpi-function-generator }
  - { name: Matrix, key: matrix, driver: scpi-switch }
  - name: Inputs and outputs
    key: io
    driver: modbus
    safe_state: ['relay = off']
    modbus:
      registers:
        relay: { coil: 0 }
        temperature: { holding: 4, type: int16, scale: 0.1, unit: °C }
  - { name: Console, key: dut, driver: console, console: { prompt: '^root@simulated:.*# $' } }
setup:
  - name: Power on
    steps:
      - write: { plug: psu, set: current_limit, value: 0.5, unit: A }
      - write: { plug: psu, set: voltage, value: 5 }
      - write: { plug: psu, set: output, value: on }
      - write: { plug: matrix, set: connect, value: 101 }
      - write: { plug: io, set: relay, value: on }
      - write: { plug: io, set: temperature, value: 25.3 }
main:
  - name: Readings
    steps:
      - measure: { name: rail, plug: psu, read: voltage }
      - measure: { name: temperature, plug: io, read: temperature }
      - query: { plug: io, command: 'holding 4 1?' }
      - measure: { name: channels, plug: matrix, read: closed_channels }
      - expect: { plug: psu, read: current, operator: '>=', expected_value: 0.04, timeout: 1s }
    measurements:
      - { name: rail, unit: V, validators: [{ operator: range, expected_value: [4.9, 5.1] }] }
      - { name: temperature, unit: °C, validators: [{ operator: '==', expected_value: 25.3 }] }
      - { name: channels, validators: [{ operator: '==', expected_value: '(@101)' }] }
  - name: Waveform
    steps:
      - measure: { name: sine, plug: scope, read: time_1, as: curve, axis: time }
      - measure: { name: sine, plug: scope, read: waveform_1, as: curve, axis: volts }
    measurements:
      - name: sine
        x_axis: { legend: Time, key: time, unit: s }
        y_axis:
          - legend: Volts
            key: volts
            unit: V
            validators: [{ operator: range, expected_value: [-1.001, 1.001], every: point }]
            aggregations: [{ type: peak_to_peak, validators: [{ operator: within, expected_value: 2, tolerance: 0.01 }] }]
  - name: Console
    steps:
      - write: { plug: dut, command: 'echo booted' }
      - expect: { plug: dut, read: log, operator: matches, expected_value: '#$', timeout: 5s }
      - query: { plug: dut, command: 'echo 42', name: answer }
      - attach: { name: boot.txt, plug: dut, read: log }
    measurements:
      - { name: answer, validators: [{ operator: '==', expected_value: 42 }] }
  - name: Script
    timeout: 30s
    script: sweep.ts
    measurements:
      - { name: drop, unit: V, validators: [{ operator: '<=', expected_value: 0.25 }] }
      - { name: points, validators: [{ operator: '==', expected_value: 1000 }] }
teardown:
  - name: Power off
    steps: [{ write: { plug: psu, set: output, value: off } }]
`;
const SCRIPT = `import type { Phase } from 'fieldbench/procedure';
export default async ({ plugs, measurements }: Phase): Promise<void> => {
  const load = plugs['load']!;
  const volts: number[] = [];
  for (const amps of [0, 2]) {
    await load.set('current', amps);
    await load.set('input', true);
    volts.push(Number(await load.read('voltage')));
  }
  await load.set('input', 'off');
  measurements['drop'] = volts[0]! - volts[1]!;
  measurements['points'] = (await plugs['scope']!.curve('waveform_1')).length;
};
`;

let root: string;
let thread: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fieldbench-instruments-'));
  const outDir = join(root, 'thread');
  const input = { 'script-thread': fileURLToPath(new URL('../../src/cli/script-thread.ts', import.meta.url)) };
  const rollupOptions = { input, output: { entryFileNames: '[name].mjs' } };
  await build({ configFile: false, logLevel: 'error', build: { ssr: true, outDir, rollupOptions } });
  thread = join(outDir, 'script-thread.mjs');
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function run(name: string, bench?: string) {
  const folder = join(root, name);
  await mkdir(folder);
  await writeFile(join(folder, 'procedure.yaml'), PROCEDURE);
  await writeFile(join(folder, 'sweep.ts'), SCRIPT);
  if (bench !== undefined) await writeFile(join(folder, 'bench.yaml'), bench);
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    stop: new AbortController().signal,
    scriptThread: thread,
  };
  const checked = await commandLine(['check', folder], terminal);
  expect([checked, out.splice(0).join('\n')]).toEqual([0, expect.any(String)]);
  const exit = await commandLine(['run', folder, '--simulated', '--json', '--serial', 'SN-1'], terminal);
  const last = JSON.parse(out.at(-1)!) as {
    outcome: string;
    run: {
      logs: { message: string }[];
      phases: {
        name: string;
        outcome: string;
        measurements: { name: string; measured_value: unknown; outcome: string }[];
      }[];
    };
  };
  return { exit, last, err: err.join('\n') };
}

test('every class answers on an empty bench, from steps and from a script', async () => {
  const { exit, last, err } = await run('empty');
  expect(err).toBe('There is no bench.yaml: instruments answer as their class does, and no other query is answered.');
  expect(last.run.phases.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'Power on PASS',
    'Readings PASS',
    'Waveform PASS',
    'Console PASS',
    'Script PASS',
    'Power off PASS',
  ]);
  expect([exit, last.outcome]).toEqual([0, 'PASS']);
  const measured = last.run.phases.flatMap(({ measurements = [] }) => measurements);
  expect(measured.find(({ name }) => name === 'rail')?.measured_value).toBe(5);
  expect(measured.find(({ name }) => name === 'temperature')?.measured_value).toBe(25.3);
  // What the console printed is in the run's log, each line once.
  expect(last.run.logs.filter(({ message }) => message === 'dut: booted')).toHaveLength(1);
});

test('what bench.yaml states goes before, for SCPI, Modbus and console alike', async () => {
  const bench = `psu: { 'MEAS:VOLT?': '4.2' }
io: { 'temperature?': '90.5' }
dut: { 'echo 42': '41' }
`;
  const { exit, last } = await run('other', bench);
  expect([exit, last.outcome]).toEqual([1, 'FAIL']);
  const failed = last.run.phases.flatMap(({ measurements = [] }) =>
    measurements.filter(({ outcome }) => outcome === 'FAIL'),
  );
  expect(failed.map(({ name, measured_value }) => [name, measured_value])).toEqual([
    ['rail', 4.2],
    ['temperature', 90.5],
  ]);
});
