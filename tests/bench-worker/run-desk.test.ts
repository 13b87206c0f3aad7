/** From scan to sealed run, on a real store in memory and a bench that does what the test says. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { StationNews } from '#engine/link/station-link.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import { knownDrivers, driverReadings } from '#hardware/instrument/drivers.ts';
import { parse } from '#procedure/parse.ts';
import type { Procedure } from '#procedure/procedure.ts';
import type { RunEvent } from '#record/run-event.ts';
import { Prompts } from '../../src/bench-worker/prompts.ts';
import { closeInterruptedRuns } from '../../src/bench-worker/recover.ts';
import { RunDesk, type RunDeskOptions } from '../../src/bench-worker/run-desk.ts';
import type { Setup } from '../../src/bench-worker/setup.ts';
import { View } from '../../src/bench-worker/view.ts';
import { type Behaviour, FakeBench } from '../engine/fake-bench.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { calibrationStage, type FleetDates } from './calibration-stage.ts';
import { freshStore, headerOf } from '../storage/fresh-store.ts';

const YAML = `
name: Power board
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
unit: { serial_number: { pattern: '^SN-[0-9]{6}$' }, part_number: { default_value: PWR } }
plugs: [{ name: Fixture, driver: scpi, safe_state: ['OUTP OFF'] }]
main:
  - name: Rails
    steps: [{ measure: { name: v, plug: fixture, query: 'V?' } }]
    measurements: [{ name: v, unit: V, validators: [{ operator: range, expected_value: [3.2, 3.4] }] }]
`;

function procedureOf(yaml: string): Procedure {
  const { procedure } = parse(yaml, 'procedure.yaml', { drivers: knownDrivers, readings: driverReadings });
  if (!procedure) throw new Error('the test’s own procedure does not load');
  return procedure;
}

async function desk(
  change: Partial<Setup> = {},
  behave: (command: string) => Behaviour = () => ({ kind: 'answer', text: '3.3' }),
  stationClock: Partial<RunDeskOptions['stationClock']> = {},
  dates: FleetDates['settings'] = {},
  more: Partial<RunDeskOptions> = {},
) {
  const store = await freshStore();
  const news: StationNews[] = [];
  const view = new View((told) => news.push(told));
  const bench = new FakeBench(new FakeClock(), (_, command) => behave(command));
  const setup: Setup = {
    procedure: procedureOf(YAML),
    release: 'sha256:00',
    development: true,
    simulated: true,
    bench,
    place: () => {},
    ...change,
  };
  const prompts = new Prompts(view, systemClock);
  const options: RunDeskOptions = {
    store,
    view,
    clock: systemClock,
    tell: (told) => news.push(told),
    setup: () => setup,
    calibrations: calibrationStage(dates, undefined, view).calibrations,
    stationClock: {
      offsetMs: 12,
      obstacle: () => null,
      note: () => undefined,
      watch: () => () => undefined,
      ...stationClock,
    },
    browser: 'Chrome 156.0.8078.79',
    onSealed: () => {},
    prompts,
    turns: new Turns(),
    heldBy: () => null,
    ...more,
  };
  const told = () => news.flatMap((item) => (item.kind === 'run' ? item.events : [])).map(({ kind }) => kind);
  return { desk: new RunDesk(options), store, view, bench, news, told, prompts };
}

describe('a refusal touches nothing', () => {
  test.each(['', 'SN-1', 'SN-000123 '.repeat(9)])('scan “%s”', async (scan) => {
    const { desk: runs, store, view, bench } = await desk();
    await runs.start(scan);
    expect(view.current.refusal?.code).toMatch(/^serial-/);
    expect(bench.sent).toEqual([]);
    expect(await store.recent(9)).toEqual([]);
    expect((await store.beginRun({ ...headerOf('crashed'), id: 'next' })).seq, 'no number was taken').toBe(1);
  });

  test('19: while the workshop has the bench: the word is there at once, and nothing waits for it', async () => {
    const word = { code: 'workshop-run', message: 'Not now.', remedy: 'Stop it.' };
    const turns = new Turns();
    void turns.take(() => new Promise(() => {}));
    const { desk: runs, view, store, bench } = await desk({}, undefined, {}, {}, { turns, heldBy: () => word });
    expect(await runs.start('SN-000123')).toBe(true);
    await runs.startWaiting();
    expect(view.current.refusal).toEqual(word);
    expect(runs.nextProcedure, 'nor is anything asked for it').toBeNull();
    expect(runs.busy, 'nor may the page be loaded anew').toBe(true);
    expect(bench.sent).toEqual([]);
    expect(await store.recent(9)).toEqual([]);
  });

  test('a plug that is not ready, named with its remedy', async () => {
    const lost: PlugStatus = {
      key: 'fixture',
      name: 'Fixture',
      state: 'lost',
      simulated: false,
      identity: '',
      message: 'It is gone.',
      remedy: 'Plug it in.',
    };
    const bench = Object.assign(new FakeBench(new FakeClock(), () => ({ kind: 'silent' })), {
      check: () => Promise.resolve([lost]),
    });
    const { desk: runs, view, store } = await desk({ bench });
    await runs.start('SN-000123');
    expect(view.current.refusal).toEqual({ code: 'fixture-lost', message: 'It is gone.', remedy: 'Plug it in.' });
    expect(bench.sent).toEqual([]);
    expect(await store.recent(9)).toEqual([]);
  });

  const DMM: PlugStatus = {
    key: 'fixture',
    name: 'Multimeter',
    state: 'ready',
    simulated: false,
    identity: 'Keysight Technologies,34461A,MY59001234,A.02.14',
    message: '',
    remedy: '',
  };
  const overdue = [{ serial: 'MY59001234', calibration_due: '2027-01-09', certificate: 'C-7' }];
  const benchOf = (plugs: readonly PlugStatus[]) =>
    Object.assign(new FakeBench(new FakeClock(), () => ({ kind: 'answer', text: '3.3' })), { plugs });

  test.each([
    ['calibration-overdue', overdue],
    ['calibration-unknown', []],
  ])('14: where a date is required, %s', async (code, instruments) => {
    const bench = benchOf([DMM]);
    const { desk: runs, view, store } = await desk({ bench }, undefined, {}, { calibration: 'required', instruments });
    await runs.start('SN-000123');
    expect(view.current.refusal).toMatchObject({ code, message: expect.stringContaining('Multimeter (MY59001234)') });
    expect(bench.sent).toEqual([]);
    expect(await store.recent(9)).toEqual([]);
    expect((await store.beginRun({ ...headerOf('crashed'), id: 'next' })).seq, 'no number was taken').toBe(1);
  });

  test('12, 14: where none is required the run begins, and its journal, its record and its body say it', async () => {
    const bench = benchOf([DMM]);
    const { desk: runs, store, news } = await desk({ bench }, undefined, {}, { instruments: overdue });
    await runs.start('SN-000123');
    const instruments = [
      {
        plug: 'fixture',
        model: '34461A',
        serial_number: 'MY59001234',
        firmware: 'A.02.14',
        calibration_due: '2027-01-09',
        certificate: 'C-7',
        overdue: true,
      },
    ];
    const [begun] = news.flatMap((item) => (item.kind === 'run' ? item.events : []));
    expect(begun).toMatchObject({ kind: 'run-started', header: { instruments } });
    const [row] = await store.recent(1);
    expect((await store.record(row!.id))?.record).toMatchObject({ outcome: 'PASS', instruments });
    const { metadata } = JSON.parse((await store.sealed(row!.id))!.body) as { metadata: Record<string, string> };
    expect(metadata['calibration_overdue']).toBe('fixture');
    expect(JSON.parse(metadata['instruments']!)).toEqual(instruments);
  });

  test('a full disk is said before the unit is touched', async () => {
    const { desk: runs, view, store, bench } = await desk();
    store.beginRun = () => Promise.reject(new Fault('full', 'The disk is full.', 'Free some space.'));
    await runs.start('SN-000123');
    expect(view.current.refusal).toMatchObject({ code: 'storage-full', remedy: 'Free some space.' });
    expect(bench.sent).toEqual([]);
  });
});

describe('this computer’s clock', () => {
  test('that cannot be right keeps the unit untouched', async () => {
    const word = { code: 'clock-wrong', message: 'It says 1970.', remedy: 'Set it.' };
    const { desk: runs, view, store, bench } = await desk({}, undefined, { obstacle: () => word });
    await runs.start('SN-000123');
    expect(view.current.refusal).toEqual(word);
    expect([bench.sent, await store.recent(9)]).toEqual([[], []]);
  });

  test('that is far off is said in the run, which keeps its own time; a clock that was set meanwhile is logged', async () => {
    const {
      desk: runs,
      store,
      told,
    } = await desk({}, undefined, {
      note: () => '3 h behind',
      watch: () => () => 'set back by 5 s',
    });
    await runs.start('SN-000123');
    expect(told().slice(-2)).toEqual(['log', 'run-ended']);
    const [row] = await store.recent(1);
    const found = await store.record(row!.id);
    expect(found?.record).toMatchObject({ clock_note: '3 h behind', clock_offset_ms: 12 });
    expect(found?.record.logs.at(-1)).toMatchObject({ level: 'WARNING', message: 'set back by 5 s' });
    const body = JSON.parse((await store.sealed(row!.id))!.body) as { metadata: Record<string, unknown> };
    expect(body.metadata).toMatchObject({ clock_note: '3 h behind', clock_offset_ms: 12 });
  });
});

describe('an accepted scan', () => {
  test('is shown step by step, each step on disk before it is told, the verdict last', async () => {
    const { desk: runs, store, told, view } = await desk();
    const onDisk: number[] = [];
    const append = store.append.bind(store);
    store.append = async (id, events) => {
      await append(id, events);
      onDisk.push(told().length);
    };
    await runs.start('SN-000123');
    expect(told()).toEqual(['run-started', 'phase-started', 'measurement', 'phase-ended', 'run-ended']);
    expect(onDisk[0], 'nothing of a batch is told before it is on disk').toBe(1);
    const [row] = await store.recent(1);
    expect(row).toMatchObject({ outcome: 'PASS', state: 'QUEUED', seq: 1 });
    expect(view.current.running).toBe(false);
  });

  test('twice in the same moment is one run', async () => {
    const { desk: runs, store } = await desk();
    await Promise.all([runs.start('SN-000123'), runs.start('SN-000123')]);
    expect(await store.recent(9)).toHaveLength(1);
  });

  test('is kept whole when the journal fails half way and the seal works: no measurement is missing', async () => {
    const { desk: runs, store, told, view } = await desk();
    store.append = () => Promise.reject(new Fault('full', 'The disk is full.', 'Free some space.'));
    await runs.start('SN-000123');
    expect(told()).toEqual(['run-started', 'phase-started', 'measurement', 'phase-ended', 'run-ended']);
    const [row] = await store.recent(1);
    expect((await store.record(row!.id))?.record.phases[0]?.measurements[0]?.measured_value).toBe(3.3);
    expect(view.current.notices).toEqual([]);
  });

  test('shows no verdict when nothing can be written, makes the fixture safe, and is closed as ERROR at the next start', async () => {
    const { desk: runs, store, told, view, bench } = await desk();
    const seal = store.seal.bind(store);
    store.append = store.seal = () => Promise.reject(new Fault('full', 'The disk is full.', 'Free some space.'));
    await runs.start('SN-000123');
    expect(told()).toEqual(['run-started']);
    expect(view.current.notices).toMatchObject([{ code: 'run-not-kept', tone: 'error' }]);
    expect(bench.sent.at(-1)).toBe('safe');
    store.seal = seal;
    const [closed] = await closeInterruptedRuns(store);
    expect(closed).toMatchObject({ outcome: 'ERROR', interrupted: true, serial_number: 'SN-000123' });
    expect(await store.recent(1)).toMatchObject([{ outcome: 'ERROR', interrupted: true, state: 'QUEUED' }]);
  });

  test('stopped by a person is ABORTED and kept', async () => {
    const { desk: runs, store, bench } = await desk({}, () => ({ kind: 'deaf' }));
    const run = runs.start('SN-000123');
    while (!bench.sent.includes('fixture: V?')) await systemClock.sleep(1);
    runs.stop();
    await run;
    expect(await store.recent(1)).toMatchObject([{ outcome: 'ABORTED', state: 'QUEUED' }]);
    expect(bench.sent.at(-1)).toBe('safe');
  });

  test('cut by an emergency stop is ABORTED with what it had measured, its teardown is not sent, and it is kept', async () => {
    const more = "  - name: More\n    steps: [{ query: { plug: fixture, command: 'MORE?' } }]\n";
    const teardown = "teardown: [{ name: Off, steps: [{ write: { plug: fixture, command: 'OFF' } }] }]\n";
    const behave = (command: string) =>
      command === 'V?' ? ({ kind: 'answer', text: '3.3' } as const) : ({ kind: 'deaf' } as const);
    const { desk: runs, store, bench } = await desk({ procedure: procedureOf(YAML + more + teardown) }, behave);
    const run = runs.start('SN-000123');
    while (!bench.sent.includes('fixture: MORE?')) await systemClock.sleep(1);
    void bench.cutOff();
    runs.cut();
    await run;
    const [row] = await store.recent(1);
    expect(row).toMatchObject({ outcome: 'ABORTED', state: 'QUEUED', reason: 'A person pressed emergency stop.' });
    const kept = await store.record(row!.id);
    expect(kept?.record.phases.map(({ outcome }) => outcome)).toEqual(['PASS', 'ERROR', 'SKIP']);
    expect(kept?.record.phases[0]?.measurements).toMatchObject([{ key: 'v', measured_value: 3.3 }]);
    expect(bench.sent.slice(-2)).toEqual(['cut', 'safe']);
  });

  test('is not begun any more once the page has been told that it may reload', async () => {
    const { desk: runs, store } = await desk();
    expect(runs.close()).toBe(true);
    await runs.start('SN-000123');
    expect(await store.recent(9)).toEqual([]);
  });
});

describe('files of a run', () => {
  const ATTACHING = YAML.replace(
    'steps: [{ measure',
    "steps: [{ attach: { name: trace.csv, plug: fixture, query: 'CURV?' } }, { measure",
  );
  const { procedure } = parse(ATTACHING, 'procedure.yaml', { drivers: knownDrivers, readings: driverReadings });

  test('are on disk as a whole before the screen hears of them, and go with the run', async () => {
    const { desk: runs, store, told } = await desk({ procedure: procedure! });
    const add = store.addAttachment.bind(store);
    store.addAttachment = async (id, file) => {
      const kept = await add(id, file);
      expect(told()).not.toContain('attachment');
      return kept;
    };
    await runs.start('SN-000123');
    expect(told()).toEqual(['run-started', 'phase-started', 'attachment', 'measurement', 'phase-ended', 'run-ended']);
    const [row] = await store.recent(1);
    expect(row).toMatchObject({ outcome: 'PASS', state: 'QUEUED', attachments: 1 });
    const [file] = await store.attachments(row!.id);
    expect(file).toMatchObject({ name: 'trace.csv', content_type: 'text/csv', size: 3, state: 'STAGED' });
    expect((await store.record(row!.id))?.record.phases[0]?.files).toMatchObject([
      { name: 'trace.csv', size: 3, sha256: file!.sha256 },
    ]);
  });

  test('a disk that cannot keep one makes the run an ERROR, never a PASS without its file', async () => {
    const { desk: runs, store } = await desk({ procedure: procedure! });
    store.addAttachment = () => Promise.reject(new Fault('full', 'The disk is full.', 'Free some space.'));
    await runs.start('SN-000123');
    expect(await store.recent(1)).toMatchObject([
      { outcome: 'ERROR', reason: expect.stringContaining('The disk is full.') as string },
    ]);
  });

  test('written before a crash, one belongs to the interrupted run, even if nothing told of it', async () => {
    const { store } = await desk();
    const { id } = await store.beginRun(headerOf('crashed'));
    const bytes = new TextEncoder().encode('1,2,3');
    const { sha256 } = await store.addAttachment(id, { name: 'trace.csv', contentType: 'text/csv', bytes });
    await closeInterruptedRuns(store);
    expect(await store.recent(1)).toMatchObject([{ id, state: 'QUEUED', interrupted: true, attachments: 1 }]);
    expect(await store.attachments(id)).toMatchObject([{ name: 'trace.csv', sha256 }]);
    expect(await store.attachmentBytes(`${id}/0`)).toEqual(bytes);
  });
});

describe('a label', () => {
  const PRINTING = `${YAML.replace(
    'plugs: [',
    'plugs: [{ name: Printer, driver: label-printer }, ',
  )}teardown: [{ name: Label, steps: [{ print: { plug: printer, label: unit.zpl, only: pass } }, { wait: 100ms }] }]\n`;
  const labels = new Map([['unit.zpl', '^FD{{serial_number}} {{measurement.v}} {{station}} {{run_id}}^FS']]);

  test('is filled in with this run, and stands in its log; nothing prints it again after a crash', async () => {
    const { desk: runs, store, bench } = await desk({ procedure: procedureOf(PRINTING), labels });
    const { seal } = store;
    store.seal = () => Promise.reject(new Fault('full', 'The disk is full.', 'Free some space.'));
    await runs.start('SN-000123');
    store.seal = seal;
    const [closed] = await closeInterruptedRuns(store);
    expect(closed).toMatchObject({ outcome: 'ERROR', interrupted: true });
    const [row] = await store.recent(1);
    const found = await store.record(row!.id);
    expect(bench.printed).toEqual([`^FDSN-000123 3.3 V ${found!.record.station_id || '-'} ${row!.id}^FS`]);
    expect(found!.record.logs.map(({ message }) => message)).toContain('printer: printed unit.zpl (PASS)');
  });
});

describe('after a crash', () => {
  test('the open phase is an ERROR with what it had measured, the rest is skipped with the reason', async () => {
    const { store } = await desk();
    const header = headerOf('crashed');
    const plan = ['rails', 'load'].map((key) => ({ key, name: key, section: 'main' as const, measurements: [] }));
    const { id } = await store.beginRun({ ...header, plan });
    const events: RunEvent[] = [
      { kind: 'phase-started', at_ms: 5, key: 'rails', name: 'rails', section: 'main', attempt: 0 },
      {
        kind: 'measurement',
        at_ms: 9,
        phase: 'rails',
        measurement: { key: 'v', name: 'v', outcome: 'PASS', measured_value: 3.3, validators: [] },
      },
    ];
    await store.append(id, events);
    await closeInterruptedRuns(store);
    const kept = await store.record(id);
    expect(kept?.record.phases).toMatchObject([
      { key: 'rails', outcome: 'ERROR', measurements: [{ measured_value: 3.3 }] },
      { key: 'load', outcome: 'SKIP', reason: expect.stringContaining('interrupted') as string },
    ]);
    expect(await closeInterruptedRuns(store), 'once is enough').toEqual([]);
  });
});

describe('a run that asks', () => {
  const asking = procedureOf(`
name: Power board
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
unit: { serial_number: { pattern: '^SN-[0-9]{6}$' }, part_number: { default_value: PWR } }
main:
  - name: Look
    steps:
      - prompt:
          message: Look at it
          components:
            - { type: verdict, key: led, bind: measurement.led }
            - { type: text_input, key: serial, bind: unit.serial_number }
      - wait: 60s
`);

  test('shows its question to the page; what was confirmed is on disk at once, and is kept after a crash', async () => {
    const { desk: runs, store, view, prompts } = await desk({ procedure: asking });
    const running = runs.start('SN-000123');
    const shown = () => view.current.prompts;
    await expect.poll(shown).toMatchObject([{ id: 1, phase: 'look', message: 'Look at it', waits: true, values: {} }]);
    expect(prompts.answer(1, { led: true, serial: 'X' })).toMatchObject([{ key: 'serial' }]);
    expect(prompts.answer(1, { led: true, serial: 'SN-000777' })).toEqual([]);
    expect(shown()).toEqual([]);
    expect(prompts.answer(1, { led: false, serial: '' })).toEqual([{ key: null, message: 'This question is over.' }]);
    // As after a crash: the journal is all there is.
    await expect
      .poll(async () => (await store.unfinished())[0]?.phases[0]?.measurements)
      .toMatchObject([{ key: 'led', measured_value: true, outcome: 'PASS' }]);
    const [open] = await store.unfinished();
    expect(open).toMatchObject({
      serial_number: 'SN-000777',
      logs: [{ message: 'operator: led = pass; serial = SN-000777' }],
    });
    runs.stop();
    await running;
    const [row] = await store.recent(1);
    expect(row).toMatchObject({ outcome: 'ABORTED', serial_number: 'SN-000777', serial_key: 'SN-000777' });
    expect((await store.record(row!.id))!.record.serial_number).toBe('SN-000777');
  });

  test('a stop closes its question, and another run has another number', async () => {
    const { desk: runs, view } = await desk({ procedure: asking });
    const first = runs.start('SN-000123');
    await expect.poll(() => view.current.prompts).toHaveLength(1);
    runs.stop();
    await first;
    expect(view.current.prompts).toEqual([]);
    const second = runs.start('SN-000124');
    await expect.poll(() => view.current.prompts[0]?.id).toBe(2);
    runs.stop();
    await second;
  });
});
