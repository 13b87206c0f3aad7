/** What went over the wires goes with every run that did not pass, and a verdict never waits for it in vain. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '#base/clock.ts';
import { Turns } from '#base/turns.ts';
import type { PlugWire } from '#hardware/bench/bench.ts';
import { driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { readRecording, type WireRecording } from '#hardware/transport/wire-recording.ts';
import { parse } from '#procedure/parse.ts';
import { recordOf, applyEvent } from '#record/run-event.ts';
import { eventsOf } from '#storage/store/events-of.ts';
import { Prompts } from '../../src/bench-worker/prompts.ts';
import { RunDesk } from '../../src/bench-worker/run-desk.ts';
import { View } from '../../src/bench-worker/view.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { FakeBench } from '../engine/fake-bench.ts';
import { calibrationStage } from './calibration-stage.ts';
import { freshStore } from '../storage/fresh-store.ts';

const YAML = `
name: Power board
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
plugs: [{ name: Fixture, driver: scpi, safe_state: ['OUTP OFF'] }]
main:
  - name: Rails
    steps: [{ measure: { name: v, plug: fixture, query: 'V?' } }]
    measurements: [{ name: v, unit: V, validators: [{ operator: range, expected_value: [3.2, 3.4] }] }]
`;

const recording = (text: string): WireRecording => ({
  format: 'fieldbench-wire-log',
  version: 1,
  label: 'serial 0403:6001',
  wire: 'stream',
  forgottenBytes: 0,
  entries: [{ kind: 'out', atMs: 1, bytes: new TextEncoder().encode(text) }],
});

/** Tests one unit that measures `answer`, on a bench over whose wires went what is stated. */
async function tested(answer: string, wires: readonly PlugWire[], { breaks = false, yaml = YAML } = {}) {
  const store = await freshStore();
  const view = new View(() => {});
  const asked: number[] = [];
  const bench = Object.assign(new FakeBench(new FakeClock(), () => ({ kind: 'answer', text: answer })), {
    wires: (sinceMs: number) => (asked.push(sinceMs), wires),
  });
  const { procedure } = parse(yaml, 'procedure.yaml', { drivers: knownDrivers, readings: driverReadings });
  if (breaks) store.addAttachment = () => Promise.reject(new Error('the disk is gone'));
  const beganMs = systemClock.monotonicMs();
  const desk = new RunDesk({
    store,
    view,
    clock: systemClock,
    tell: () => {},
    setup: () => ({
      procedure: procedure!,
      release: 'sha256:00',
      development: true,
      simulated: false,
      bench,
      place: () => {},
    }),
    calibrations: calibrationStage().calibrations,
    stationClock: { offsetMs: 0, obstacle: () => null, note: () => undefined, watch: () => () => undefined },
    browser: '',
    onSealed: () => {},
    prompts: new Prompts(view, systemClock),
    turns: new Turns(),
    heldBy: () => null,
  });
  await desk.start('SN-1');
  const [row] = await store.recent(1);
  const record = (await store.record(row!.id))!.record;
  return { store, record, asked, beganMs, files: await store.attachments(record.id) };
}

const WIRES = [
  { plug: 'fixture', recording: recording('V?\n') },
  { plug: 'fixture', recording: recording('*IDN?\n') },
];

describe('wire files', () => {
  test('a failed run has one a wire, readable, from before its plugs were asked who is there', async () => {
    const { store, record, asked, beganMs, files } = await tested('9.9', WIRES);
    expect([record.outcome, record.reason]).toEqual(['FAIL', expect.stringContaining('9.9')]);
    expect(record.files?.map(({ name }) => name)).toEqual(['fixture.wire.json', 'fixture.wire-2.json']);
    expect(files.map(({ name, state }) => [name, state])).toEqual([
      ['fixture.wire.json', 'STAGED'],
      ['fixture.wire-2.json', 'STAGED'],
    ]);
    const bytes = await store.attachmentBytes(files[0]!.id);
    expect(readRecording(new TextDecoder().decode(bytes))).toEqual(WIRES[0]!.recording);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeGreaterThanOrEqual(beganMs);
  });

  test('a run that passed has none', async () => {
    const { record, asked, files } = await tested('3.3', WIRES);
    expect([record.outcome, record.files, files, asked]).toEqual(['PASS', undefined, [], []]);
  });

  test('a file of the procedure that is called so keeps its name, and the log gets another', async () => {
    const attach = "{ attach: { name: fixture.wire.json, text: 'mine' } }, { measure:";
    const { record } = await tested('9.9', WIRES.slice(0, 1), { yaml: YAML.replace('{ measure:', attach) });
    expect(record.phases[0]?.files?.map(({ name }) => name)).toEqual(['fixture.wire.json']);
    expect(record.files?.map(({ name }) => name)).toEqual(['fixture.wire-2.json']);
  });

  test('one that cannot be kept is said in the log, and the verdict stands', async () => {
    const { record } = await tested('9.9', WIRES.slice(0, 1), { breaks: true });
    expect([record.outcome, record.files]).toEqual(['FAIL', undefined]);
    expect(record.logs.at(-1)?.message).toBe('fixture.wire.json was not kept: the disk is gone');
  });

  test('the events of the record give the record again, files and all', async () => {
    const { record } = await tested('9.9', WIRES);
    const [first, ...rest] = eventsOf(record);
    const again = recordOf(first?.kind === 'run-started' ? first.header : (null as never));
    for (const event of rest) applyEvent(again, event);
    expect(again).toEqual(record);
  });
});
