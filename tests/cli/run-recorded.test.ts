/** A run against what went over the wire of an earlier one: the same answers, judged by the limits of today. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createBench } from '#hardware/bench/create-bench.ts';
import { driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { recordingText } from '#hardware/transport/wire-recording.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { parse } from '#procedure/parse.ts';
import { benchPlugs } from '#procedure/slots.ts';
import { systemClock } from '#base/clock.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { FakeFixture } from '../hardware/bench/fake-fixture.ts';
import { FakeSerial } from '../hardware/transport/serial/fake-serial.ts';

const procedure = (limits: string, query = 'V?') => `name: Board
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
unit: { serial_number: { default_value: SN-1 } }
plugs:
  - name: Fixture
    driver: scpi
    resource: { serial: { usb: ['0403:6001'], baud_rate: 115200 }, identity: '^ACME,FX-1,' }
    safe_state: ['OUTP OFF']
main:
  - name: Rails
    steps: [{ measure: { name: v, plug: fixture, query: '${query}' } }]
    measurements: [{ name: v, unit: V, validators: [{ operator: range, expected_value: ${limits} }] }]
`;

let folder: string;
let log: string;

/** One run on a real bench over a fake port, and what went over its wire. */
async function recorded(yaml: string, answer: string): Promise<string> {
  const { procedure: read } = parse(yaml, 'procedure.yaml', { drivers: knownDrivers, readings: driverReadings });
  const fixture = new FakeFixture('ACME,FX-1,FX0001,1.0');
  fixture.answers.set('V?', answer);
  const ports = serialPorts(new FakeSerial([fixture.port]));
  const plugs = benchPlugs(read!);
  const bench = createBench({ plugs, ports, simulatedBench: null, simulated: false, clock: systemClock });
  const { signal } = new AbortController();
  const own = bench.inSlot();
  await vi.waitUntil(() => own.plugs[0]?.state === 'ready');
  const sinceMs = systemClock.monotonicMs();
  expect(await own.check(signal)).toEqual([]);
  const run = { procedure: read!, bench: own, clock: systemClock, signal, emit: () => {} };
  const result = await runProcedure({ ...run, keepFile: () => Promise.reject(new Error('no file is left')) });
  expect(result.outcome).toBe('FAIL');
  const [wire] = own.wires(sinceMs);
  await bench.close();
  return recordingText(wire!.recording);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldbench-recorded-'));
  log = join(folder, 'fixture.wire.json');
  await writeFile(log, await recorded(procedure('[3.2, 3.4]'), '3.52'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fieldbench(yaml: string, ...args: string[]) {
  await writeFile(join(folder, 'procedure.yaml'), yaml);
  const [out, err]: [string[], string[]] = [[], []];
  const code = await commandLine(['run', folder, ...args], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    stop: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('the same limits fail again, wider ones pass, with the value that was measured then', async () => {
  const again = await fieldbench(procedure('[3.2, 3.4]'), '--wire', `fixture=${log}`);
  expect([again.code, again.err]).toEqual([1, '']);
  const wider = await fieldbench(procedure('[3.2, 3.6]'), '--wire', `fixture=${log}`, '--json');
  expect(wider.code).toBe(0);
  const { run } = JSON.parse(wider.out.split('\n').at(-1)!) as { run: { phases: { measurements: object[] }[] } };
  expect(run.phases[0]!.measurements[0]).toMatchObject({ measured_value: 3.52, outcome: 'PASS' });
});

test('another question has no answer in it: an error that shows both, never a value', async () => {
  const { code, out } = await fieldbench(procedure('[3.2, 3.6]', 'CURR?'), '--wire', `fixture=${log}`);
  expect(code).toBe(2);
  expect(out).toContain('the recording goes on with "V?\\n", and "CURR?\\n" was sent');
});

test.each([
  ['a plug that is not there', ['--wire', 'psu=x'], 65, 'has no plug “psu”. It has: fixture.'],
  ['no file', ['--wire', 'fixture=nowhere.json'], 65, 'nowhere.json cannot be played'],
  ['no log', ['--wire', `fixture=${fileURL()}`], 65, 'no log of a wire: it is no JSON'],
  ['no plug', ['--wire', 'fixture'], 64, '--wire needs PLUG=FILE, not “fixture”.'],
  ['twice', ['--wire', 'fixture=a', '--wire', 'fixture=b'], 64, '--wire says “fixture” twice.'],
])('%s is refused before a unit is touched', async (_, args, code, words) => {
  const refused = await fieldbench(procedure('[3.2, 3.4]'), ...args);
  expect(refused.code).toBe(code);
  expect(refused.err).toContain(words);
});

function fileURL(): string {
  return new URL(import.meta.url).pathname;
}
