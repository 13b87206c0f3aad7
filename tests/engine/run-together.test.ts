/** Rules 20 to 24: units side by side on one bench, alone and together. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { runProcedure, type RunOptions } from '#engine/run-procedure.ts';
import { runTogether } from '#engine/run-together.ts';
import { SharedPlugs } from '#engine/shared-plugs.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { Phase, Procedure, Step } from '#procedure/procedure.ts';
import { sharedPlugs, slotsOf } from '#procedure/slots.ts';
import type { Component } from '#procedure/screen.ts';
import type { WhenTree } from '#procedure/when/when-tree.ts';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunRecord } from '#record/run-record.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { aMeasurement, aPhase, aProcedure, range, set, wait, write } from './a-procedure.ts';
import { FakeBench, unsafePlug, type Behaviour } from './fake-bench.ts';
import { FakeOperator } from './fake-operator.ts';
import { KeptFiles } from './kept-files.ts';

const SLOTS = ['left', 'right'];
const ask = (plug: string, command: string): Step => ({ kind: 'query', plug, command, line: 1 });
const measure = (command: string): Step => ({
  kind: 'measure',
  plug: 'dmm',
  measurement: 'ambient',
  source: { query: command },
  line: 1,
});
const once = (name: string, section: 'setup' | 'teardown', steps: readonly Step[], more: Partial<Phase> = {}) =>
  aPhase(name, steps, { scope: 'execution', ...more }, section);

function sideBySide(phases: readonly Phase[], more: Partial<Procedure> = {}): Procedure {
  return {
    ...aProcedure(phases),
    slots: SLOTS.map((key) => ({ key, name: key })),
    plugs: [
      { key: 'fixture', name: 'Fixture', driver: 'scpi', safeState: ['OFF'] },
      { key: 'dmm', name: 'DMM', driver: 'scpi', safeState: ['OFF'], scope: 'station' },
    ],
    ...more,
  };
}

interface Slotted {
  readonly clock: FakeClock;
  readonly bench: FakeBench;
  readonly records: Readonly<Record<string, RunRecord>>;
  readonly events: Readonly<Record<string, RunEvent[]>>;
  readonly files: Readonly<Record<string, KeptFiles>>;
  /** Which plugs stayed on, each time that the safe state was asked for. */
  readonly kept: string[][];
  readonly stop: Readonly<Record<string, AbortController>>;
  readonly emergency: AbortController;
  readonly members: readonly RunOptions[];
  readonly plugs: SharedPlugs;
}

interface Around {
  readonly behave?: (plug: string, command: string) => Behaviour;
  readonly safe?: () => Promise<readonly PlugStatus[]>;
  /** Throws where this slot's events cannot be kept. */
  readonly emit?: (slot: string, event: RunEvent) => void;
}

function slotted(procedure: Procedure, around: Around = {}): Slotted {
  const clock = new FakeClock();
  const bench = new FakeBench(clock, around.behave ?? (() => ({ kind: 'answer', text: '1' })), around.safe);
  const kept: string[][] = [];
  const { makeSafe } = bench;
  bench.makeSafe = function (this: FakeBench, _signal: AbortSignal, keep: ReadonlySet<string> = new Set()) {
    kept.push([...keep]);
    return makeSafe.call(this);
  } as typeof makeSafe;
  const of = <T>(make: () => T) => Object.fromEntries(slotsOf(procedure).map(({ key }) => [key, make()]));
  const [stop, files] = [of(() => new AbortController()), of(() => new KeptFiles())];
  const events = of((): RunEvent[] => []);
  const records = of(() => recordOf({} as RunHeader));
  const emergency = new AbortController();
  const members = slotsOf(procedure).map(({ key }) => ({
    procedure,
    bench,
    clock,
    slot: key,
    signal: stop[key]!.signal,
    emergency: emergency.signal,
    keepFile: files[key]!.keep,
    emit: (event: RunEvent) => {
      around.emit?.(key, event);
      events[key]!.push(event);
      applyEvent(records[key]!, event);
    },
  }));
  return { clock, bench, records, events, files, kept, stop, emergency, members, plugs: new SharedPlugs() };
}

async function together({ clock, bench, members, plugs }: Slotted) {
  const { procedure } = members[0]!;
  const use = await plugs.enter(sharedPlugs(procedure));
  return clock.run(runTogether(members, { procedure, bench, use }));
}

async function alone({ clock, members, plugs }: Slotted) {
  const run = async (options: RunOptions) =>
    runProcedure({ ...options, use: await plugs.enter(sharedPlugs(options.procedure)) });
  return clock.run(Promise.all(members.map(run)));
}

const outcomes = ({ phases }: RunRecord) => phases.map(({ name, outcome }) => `${name} ${outcome}`);
const order = ({ bench }: Slotted) => bench.sent;

describe('rules 20 to 22: each by itself', () => {
  const phases = [
    aPhase('On', [write('ON')], {}, 'setup'),
    aPhase('Read', [ask('dmm', 'V?'), wait(100)]),
    aPhase('Off', [write('OFF'), wait(50)], {}, 'teardown'),
  ];

  test('rule 20: two runs side by side, each with its own record and outcome', async () => {
    const it = slotted(sideBySide(phases));
    const results = await alone(it);
    expect(results.map(({ outcome }) => outcome)).toEqual(['PASS', 'PASS']);
    for (const slot of SLOTS) expect(outcomes(it.records[slot]!)).toEqual(['On PASS', 'Read PASS', 'Off PASS']);
    expect(order(it).slice(0, 2), 'own plugs wait for nobody').toEqual(['fixture: ON', 'fixture: ON']);
  });

  test('rule 21: a shared plug goes from hand to hand; waiting for it takes nothing of a phase’s time', async () => {
    const slow = { timeoutMs: 150 };
    const it = slotted(sideBySide([aPhase('Read', [ask('dmm', 'V?'), wait(100)], slow)]));
    await alone(it);
    expect(SLOTS.map((slot) => it.records[slot]!.outcome)).toEqual(['PASS', 'PASS']);
    expect(it.records['right']!.phases[0]!.started_ms).toBe(100);
  });

  test('rule 21: who is stopped while it waits waits no longer, and its teardown goes before what others test', async () => {
    const three = sideBySide(
      [aPhase('Read', [ask('dmm', 'V?'), wait(1000)]), aPhase('Off', [ask('dmm', 'OFF?')], {}, 'teardown')],
      { slots: ['left', 'middle', 'right'].map((key) => ({ key, name: key })) },
    );
    const it = slotted(three);
    void it.clock.sleep(10).then(() => it.stop['right']!.abort(new Fault('aborted', 'Stop.', '')));
    await alone(it);
    expect(it.records['left']!.outcome).toBe('PASS');
    expect(it.records['right']).toMatchObject({ outcome: 'ABORTED', reason: 'Stop.' });
    expect(outcomes(it.records['right']!)).toEqual(['Read SKIP', 'Off PASS']);
    expect(it.records['right']!.phases[0]!.ended_ms).toBe(10);
    expect(it.bench.sent.filter((one) => one.startsWith('dmm'))).toEqual([
      'dmm: V?',
      'dmm: OFF?',
      'dmm: OFF?',
      'dmm: V?',
      'dmm: OFF?',
    ]);
  });

  test('rule 21: the run’s own time goes on while it waits for a plug, and ends the waiting', async () => {
    const it = slotted(sideBySide([aPhase('Read', [ask('dmm', 'V?'), wait(500)])]));
    const [left, right] = it.members;
    const hurried = { ...right!, procedure: { ...right!.procedure, timeoutMs: 300 } };
    await alone({ ...it, members: [left!, hurried] });
    expect(it.records['left']!.outcome).toBe('PASS');
    expect(it.records['right']).toMatchObject({ outcome: 'TIMEOUT' });
    expect(it.records['right']!.phases[0]).toMatchObject({ outcome: 'SKIP', ended_ms: 300 });
  });

  test('rule 22: only the last one out switches off what all share, and the others say that they left it on', async () => {
    const it = slotted(sideBySide(phases));
    await alone(it);
    expect(it.kept).toEqual([['dmm'], []]);
    const said = (slot: string) => it.records[slot]!.logs.map(({ level, message }) => `${level} ${message}`).slice(1);
    expect([said('left'), said('right')]).toEqual([['INFO DMM stays on: another slot is using it.'], []]);
  });

  test('rule 22: after an emergency stop nothing is left on for anybody', async () => {
    const it = slotted(sideBySide([aPhase('Read', [wait(1000)])]));
    void it.clock.sleep(10).then(() => {
      void it.bench.cutOff();
      it.emergency.abort(new Fault('aborted', 'Emergency.', ''));
    });
    await alone(it);
    expect(it.kept).toEqual([[], []]);
    for (const slot of SLOTS) expect(it.records[slot]!.outcome).toBe('ABORTED');
  });
});

describe('rules 23 and 24: together', () => {
  const phases = [
    once('Warm up', 'setup', [measure('T?'), wait(100)], { measurements: [aMeasurement('ambient', [range(0, 5)])] }),
    aPhase('On', [write('ON')], {}, 'setup'),
    aPhase('Test', [wait(200)]),
    aPhase('Off', [write('OFF')], {}, 'teardown'),
    once('Cool down', 'teardown', [ask('dmm', 'COOL?')]),
  ];

  test('rule 23: what is done for all is done once, around all runs, and stands in the record of each', async () => {
    const it = slotted(sideBySide(phases));
    const results = await together(it);
    expect(results).toEqual([{ outcome: 'PASS' }, { outcome: 'PASS' }]);
    expect(order(it).filter((one) => one.startsWith('dmm'))).toEqual(['dmm: T?', 'dmm: COOL?']);
    expect(order(it).slice(-2)).toEqual(['dmm: COOL?', 'safe']);
    expect(it.kept).toEqual([['dmm'], ['dmm'], []]);
    for (const slot of SLOTS) {
      const record = it.records[slot]!;
      expect(outcomes(record)).toEqual(['Warm up PASS', 'On PASS', 'Test PASS', 'Off PASS', 'Cool down PASS']);
      expect(record.phases[0]!.measurements).toMatchObject([{ key: 'ambient', measured_value: 1 }]);
      expect(record.phases[0]).toMatchObject({ started_ms: 0, ended_ms: 100 });
      expect(
        record.logs.map(({ message }) => message),
        'nothing is left on',
      ).toEqual(['dmm: COOL? → 1']);
    }
  });

  test('rule 23: the slower one holds up the end of both, never the faster one’s own teardown', async () => {
    const it = slotted(sideBySide([aPhase('Test', [ask('fixture', 'V?')]), ...phases.slice(3)]), {
      behave: () => ({ kind: 'slow', afterMs: 300, text: '1' }),
    });
    void it.clock.sleep(50).then(() => it.stop['left']!.abort(new Fault('aborted', 'Stop.', '')));
    await together(it);
    const [left, right] = SLOTS.map((slot) => it.records[slot]!);
    expect([left!.outcome, right!.outcome]).toEqual(['ABORTED', 'PASS']);
    expect(left!.phases.find(({ key }) => key === 'off')!.started_ms).toBe(50);
    expect([left!.ended_ms, right!.ended_ms]).toEqual([900, 900]);
  });

  test('rule 23: setup for all that went wrong ends every run; what each needs to switch off takes place', async () => {
    const it = slotted(sideBySide(phases), {
      behave: (_, command) => (command === 'T?' ? { kind: 'answer', text: '9' } : { kind: 'answer', text: '1' }),
    });
    await together(it);
    for (const slot of SLOTS) {
      expect(outcomes(it.records[slot]!)).toEqual([
        'Warm up FAIL',
        'On SKIP',
        'Test SKIP',
        'Off PASS',
        'Cool down PASS',
      ]);
      expect(it.records[slot]).toMatchObject({ outcome: 'FAIL' });
      expect(it.records[slot]!.phases[1]!.reason).toBe('not reached: “Warm up” failed and ended the run');
    }
  });

  test('rule 23: teardown for all, and the safe state of what all share, count for every one', async () => {
    const broken = slotted(sideBySide(phases), {
      behave: (_, command) => (command === 'COOL?' ? { kind: 'broken' } : { kind: 'answer', text: '1' }),
    });
    await together(broken);
    for (const slot of SLOTS) expect(broken.records[slot]!.outcome).toBe('ERROR');
    let asked = 0;
    const unsafe = slotted(sideBySide(phases), {
      safe: async () => ((asked += 1) === 3 ? [unsafePlug('DMM')] : []),
    });
    await together(unsafe);
    for (const slot of SLOTS)
      expect(unsafe.records[slot]).toMatchObject({
        outcome: 'ERROR',
        reason: 'The safe state of DMM was not reached: no answer',
      });
  });

  test('rule 24: a stop in setup for all cuts that unit’s part, and the others go on', async () => {
    const more = once('Settle', 'setup', [wait(100)]);
    const it = slotted(sideBySide([phases[0]!, more, ...phases.slice(1)]));
    void it.clock.sleep(50).then(() => it.stop['left']!.abort(new Fault('aborted', 'Stop.', '')));
    await together(it);
    const [left, right] = SLOTS.map((slot) => it.records[slot]!);
    expect(outcomes(left!)).toEqual([
      'Warm up ERROR',
      'Settle SKIP',
      'On SKIP',
      'Test SKIP',
      'Off PASS',
      'Cool down PASS',
    ]);
    expect(left!.phases[0]).toMatchObject({ ended_ms: 50, reason: 'a person stopped the run' });
    expect(left!.phases[0]!.measurements, 'what was measured stays').toHaveLength(1);
    expect(left!.phases[4]!.started_ms).toBe(50);
    expect(left).toMatchObject({ outcome: 'ABORTED', reason: 'Stop.' });
    expect(right!.outcome).toBe('PASS');
  });

  test('rule 24: when the last one is stopped, setup for all is cut as well', async () => {
    const it = slotted(sideBySide([once('Warm up', 'setup', [wait(60_000)]), ...phases.slice(1)]));
    for (const [at, slot] of SLOTS.entries())
      void it.clock.sleep(50 + at * 50).then(() => it.stop[slot]!.abort(new Fault('aborted', 'Stop.', '')));
    await together(it);
    expect(SLOTS.map((slot) => it.records[slot]!.outcome)).toEqual(['ABORTED', 'ABORTED']);
    expect(SLOTS.map((slot) => it.records[slot]!.phases[0]!.ended_ms)).toEqual([50, 100]);
    expect(it.records['right']!.ended_ms).toBeLessThan(200);
  });

  test('rule 24: an emergency stop ends all of them, what is done for all too', async () => {
    const it = slotted(sideBySide(phases));
    void it.clock.sleep(50).then(() => {
      void it.bench.cutOff();
      it.emergency.abort(new Fault('aborted', 'Emergency.', ''));
    });
    await together(it);
    for (const slot of SLOTS) {
      expect(it.records[slot]).toMatchObject({ outcome: 'ABORTED', reason: 'Emergency.' });
      expect(outcomes(it.records[slot]!).slice(1)).toEqual(['On SKIP', 'Test SKIP', 'Off SKIP', 'Cool down SKIP']);
    }
  });

  test('rules 9 and 20: a run whose events cannot be kept ends by itself; the other one is whole', async () => {
    const it = slotted(sideBySide(phases), {
      emit: (slot, event) => {
        if (slot === 'left' && event.kind === 'measurement') throw new Error('the disk is full');
      },
    });
    await expect(together(it)).rejects.toThrow('the disk is full');
    expect(outcomes(it.records['right']!)).toEqual([
      'Warm up PASS',
      'On PASS',
      'Test PASS',
      'Off PASS',
      'Cool down PASS',
    ]);
    expect(it.records['right']!.outcome).toBe('PASS');
    expect(it.records['left']!.outcome).toBeNull();
    expect(it.kept.at(-1)).toEqual([]);
  });

  test('rules 18 and 23: a file of a phase for all goes with each run, under one name', async () => {
    const attach = (name: string): Step => ({
      kind: 'attach',
      name,
      contentType: 'text/plain',
      source: { text: 'kept' },
      line: 1,
    });
    const it = slotted(
      sideBySide([
        once('Note', 'setup', [attach('note.txt')]),
        aPhase('Test', [attach('note.txt')]),
        once('Note again', 'teardown', [attach('note.txt')]),
      ]),
    );
    await together(it);
    for (const slot of SLOTS) {
      const names = it.records[slot]!.phases.flatMap(({ files = [] }) => files.map(({ name }) => name));
      expect(names).toEqual(['note.txt', 'note-2.txt', 'note-3.txt']);
      expect(Object.keys(it.files[slot]!.texts)).toEqual(names);
    }
  });

  test('rules 14 and 23: one unit alone is a group of one', async () => {
    const it = slotted(
      sideBySide([...phases, aPhase('Judge', [set('v', 9)], { measurements: [aMeasurement('v', [range(0, 1)])] })]),
    );
    const { procedure } = it.members[0]!;
    const use = await it.plugs.enter(sharedPlugs(procedure));
    const [result] = await it.clock.run(runTogether([it.members[1]!], { procedure, bench: it.bench, use }));
    expect(result).toMatchObject({ outcome: 'FAIL' });
    expect(it.events['left']).toEqual([]);
  });
});

describe('rules 25 and 27: who is asked', () => {
  const asked = (key: string, more: object): Component =>
    ({ kind: 'text_input', key, required: true, trim: true, ...more }) as Component;
  const question = (component: Component) => ({ ui: { components: [component], waits: true } });
  const BATCH = asked('batch', { bind: { to: 'unit', field: 'batch_number' } });
  const LOOK = asked('look', { kind: 'verdict' });

  test('what is asked for all is asked once, and known to each; what is asked in a slot is that slot’s', async () => {
    const phases = [
      once('Batch', 'setup', [], question(BATCH)),
      aPhase('Look', [], question(LOOK)),
      aPhase('Late', [], { when: { text: 'late', tree: isBatch('B-8') } }),
    ];
    const it = slotted(sideBySide(phases));
    const operators = SLOTS.map((slot) => {
      const answer = { batch: { batch: 'B-7' }, look: { look: slot === 'left' } };
      return new FakeOperator(it.clock, ({ phase }) => [{ afterMs: 10, given: answer[phase as 'look'] }]);
    });
    const members = it.members.map((one, index) => ({ ...one, operator: operators[index]! }));
    const results = await together({ ...it, members });
    expect(results.map(({ outcome }) => outcome)).toEqual(['PASS', 'FAIL']);
    expect(operators.map(({ screens }) => screens.map(({ phase }) => phase))).toEqual([['batch', 'look'], ['look']]);
    for (const slot of SLOTS) {
      const { batch_number, phases: ended } = it.records[slot]!;
      expect(batch_number).toBe('B-7');
      expect(ended.find(({ key }) => key === 'late')?.outcome).toBe('SKIP');
    }
  });
});

function isBatch(value: string): WhenTree {
  const left = { kind: 'unit', field: 'batch_number' } as const;
  return { kind: 'compare', operator: '==', left, right: { kind: 'literal', value } };
}
