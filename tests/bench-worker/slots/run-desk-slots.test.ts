/** Which slot a scan is for, when its run begins, and what a stop ends: the desk with several slots. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { StationNews } from '#engine/link/station-link.ts';
import type { Bench, PlugStatus, SlotBench } from '#hardware/bench/bench.ts';
import { driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { parse } from '#procedure/parse.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { startsTogether } from '#procedure/slots.ts';
import { closeInterruptedRuns, interruptedNotice } from '../../../src/bench-worker/recover.ts';
import { Prompts } from '../../../src/bench-worker/prompts.ts';
import { RunDesk } from '../../../src/bench-worker/run-desk.ts';
import type { Setup } from '../../../src/bench-worker/setup.ts';
import { View } from '../../../src/bench-worker/view.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { FakeBench, type Behaviour } from '../../engine/fake-bench.ts';
import { freshStore, headerOf } from '../../storage/fresh-store.ts';
import { calibrationStage } from '../calibration-stage.ts';
import { MemoryStore } from './memory-store.ts';

const SETUP = "setup: [{ name: Warm, scope: execution, steps: [{ query: { plug: psu, command: 'WARM?' } }] }]\n";

function procedureOf(more = '', slots = ['Left', 'Middle', 'Right']): Procedure {
  const text = `
name: Power board
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
execution: { slots: [${slots.map((name, at) => `{ name: ${name}, parameters: { channel: ${at + 1} } }`).join(', ')}] }
parameters: { channel: { type: number, default: 0 } }
unit: { serial_number: { pattern: '^[Ss][Nn]-' } }
plugs:
  - { name: Fixture, driver: scpi, safe_state: ['OFF'] }
  - { name: Supply, key: psu, driver: scpi, scope: station, safe_state: ['OFF'] }
${more}main:
  - { name: Test, steps: [{ query: { plug: fixture, command: 'T? \${channel}' } }] }
teardown:
  - { name: Off, steps: [{ write: { plug: fixture, command: 'OFF \${channel}' } }] }
`;
  const { procedure, problems } = parse(text, 'procedure.yaml', { drivers: knownDrivers, readings: driverReadings });
  if (!procedure || procedure.obstacles.length > 0) throw new Error(JSON.stringify([problems, procedure?.obstacles]));
  return procedure;
}

/** Answers when the test says so. */
class SlowBench extends FakeBench {
  readonly gates = new Map<string, () => void>();
  readonly unusable = new Set<string>();
  readonly checks: (string | undefined)[] = [];
  readonly safe: string[][] = [];

  constructor(behave: (command: string) => Behaviour = () => ({ kind: 'answer', text: '1' })) {
    super(new FakeClock(), (_, command) => behave(command));
  }

  override inSlot = (slot?: string): this => {
    const view: SlotBench = {
      plugs: [
        { ...plugOf('psu'), identity: 'PSU' },
        ...(slot === undefined ? [] : [{ ...plugOf('fixture'), identity: slot }]),
      ],
      check: async () => {
        this.checks.push(slot);
        return this.unusable.has(slot ?? 'all') ? [plugOf('fixture')] : [];
      },
      instrument: (key) => {
        const inner = this.instrument(key);
        return {
          ...inner,
          query: async (command, signal) => {
            this.sent.push(`${slot ?? 'all'} ${command}`);
            await new Promise<void>((resolve, reject) => {
              this.gates.set(slot ?? 'all', resolve);
              signal.addEventListener('abort', () => reject(new Error('cut')));
            });
            return '1';
          },
          write: async (command) => void this.sent.push(`${slot ?? 'all'} ${command}`),
        };
      },
      reboot: (key, expected, cause, signal) => this.reboot(key, expected, cause, signal),
      makeSafe: async (_, keep = new Set()) => {
        this.safe.push([slot ?? 'all', ...keep]);
        return [];
      },
      wires: () => [],
    };
    return view as this;
  };
}

const plugOf = (key: string): PlugStatus => ({
  key,
  name: key,
  state: 'lost',
  simulated: true,
  identity: '',
  message: `${key} is gone.`,
  remedy: 'Plug it in.',
});
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function desk(procedure = procedureOf(), store = new MemoryStore()) {
  const news: StationNews[] = [];
  const view = new View((told) => news.push(told));
  const bench = new SlowBench();
  const placed: string[] = [];
  const turns = new Turns();
  const setup: Setup = {
    procedure,
    release: 'sha256:00',
    development: true,
    simulated: true,
    bench: bench as Bench,
    place: (serial, slot) => placed.push(`${serial} ${slot}`),
  };
  const runs = new RunDesk({
    store: store.asStore,
    view,
    clock: systemClock,
    tell: (told) => news.push(told),
    setup: () => setup,
    calibrations: calibrationStage().calibrations,
    stationClock: { offsetMs: 0, obstacle: () => null, note: () => undefined, watch: () => () => undefined },
    prompts: new Prompts(view, systemClock),
    browser: 'none',
    onSealed: () => {},
    heldBy: () => null,
    turns,
  });
  view.change({ procedure: { startsTogether: startsTogether(procedure) } as never });
  runs.showSlots();
  const slots = () =>
    view.current.slots.map(({ key, running, serial }) => `${key}${running ? '*' : ''} ${serial ?? '-'}`);
  const go = async (slot: string) => {
    bench.gates.get(slot)?.();
    await settled();
  };
  const sealed = () =>
    store.sealed.map(({ record: { slot, serial_number, outcome } }) => `${slot} ${serial_number} ${outcome}`);
  return { runs, setup, view, bench, store, news, turns, slots, go, sealed, placed };
}

describe('one after the other', () => {
  test('scans fill the slots in their order and start at once, each with its own run, number and plugs', async () => {
    const it = await desk();
    expect([it.slots(), it.view.current.nextSlot]).toEqual([['left -', 'middle -', 'right -'], 'left']);
    const all = ['SN-1', 'SN-2', 'SN-3'].map((serial) => it.runs.start(serial));
    await settled();
    expect(it.slots()).toEqual(['left* SN-1', 'middle* SN-2', 'right* SN-3']);
    expect([it.view.current.nextSlot, it.view.current.running, it.runs.busy]).toEqual([null, true, true]);
    expect(it.placed).toEqual(['SN-1 left', 'SN-2 middle', 'SN-3 right']);
    expect(it.bench.sent).toEqual(['left T? 1', 'middle T? 2', 'right T? 3']);
    expect(it.store.begun.map(({ seq, slot, serial_number }) => [seq, slot, serial_number])).toEqual([
      [1, 'left', 'SN-1'],
      [2, 'middle', 'SN-2'],
      [3, 'right', 'SN-3'],
    ]);
    expect(it.store.begun[1]).toMatchObject({
      fixture: 'psu=PSU; fixture=middle',
      parameters: { channel: { value: 2, tier: 'slot' } },
    });
    await it.go('middle');
    expect([it.slots(), it.view.current.nextSlot]).toEqual([['left* SN-1', 'middle -', 'right* SN-3'], 'middle']);
    expect(it.sealed()).toEqual(['middle SN-2 PASS']);
    expect(it.bench.safe).toEqual([['middle', 'psu']]);
    await it.go('left');
    await it.go('right');
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(it.bench.safe.slice(1)).toEqual([['left', 'psu'], ['right']]);
    expect([it.view.current.running, it.runs.busy]).toEqual([false, false]);
    const told = it.news.flatMap((one) => (one.kind === 'run' ? [one] : []));
    for (const { slot, events } of told)
      for (const event of events) if (event.kind === 'run-started') expect(event.header.slot).toBe(slot);
    expect(new Set(told.map(({ slot }) => slot))).toEqual(new Set(['left', 'middle', 'right']));
  });

  test('the next one is the slot after the last one, not the first that is free', async () => {
    const it = await desk();
    void it.runs.start('SN-1');
    await settled();
    await it.go('left');
    expect(it.view.current.nextSlot, 'the next unit lies beside the last').toBe('middle');
    void it.runs.start('SN-2');
    await settled();
    void it.runs.start('SN-3');
    await settled();
    expect(it.slots()).toEqual(['left -', 'middle* SN-2', 'right* SN-3']);
    expect(it.view.current.nextSlot).toBe('left');
    it.runs.aimAt('right');
    expect(it.view.current.nextSlot, 'one that is taken cannot be aimed at').toBe('left');
    await it.go('right');
    expect(it.view.current.nextSlot).toBe('right');
    it.runs.stop();
    await settled();
  });

  test('the slot of a unit that is being identified stays the next one, whichever becomes free meanwhile', async () => {
    const it = await desk();
    it.runs.aimAt('middle');
    void it.runs.start('SN-1');
    await settled();
    it.runs.aimAt('left');
    void it.runs.start('SN-2');
    await settled();
    it.runs.holdSlot();
    await it.go('middle');
    expect(it.view.current.nextSlot, 'and not the middle one, which lies beside the last').toBe('right');
    void it.runs.start('SN-3');
    await settled();
    expect(it.slots()).toEqual(['left* SN-2', 'middle -', 'right* SN-3']);
    it.runs.stop();
    await settled();
  });

  test('a person may point at another slot, for one scan', async () => {
    const it = await desk();
    it.runs.aimAt('right');
    expect(it.view.current.nextSlot).toBe('right');
    void it.runs.start('SN-1');
    await settled();
    expect([it.slots(), it.view.current.nextSlot]).toEqual([['left -', 'middle -', 'right* SN-1'], 'left']);
    it.runs.stop();
    await settled();
  });

  test('a slot whose own plug is not ready comes last', async () => {
    const it = await desk();
    it.view.change({
      plugs: [
        { ...plugOf('fixture'), slot: 'left' },
        { ...plugOf('psu'), state: 'ready' },
      ],
    });
    it.runs.showSlots();
    expect(it.view.current.nextSlot).toBe('middle');
    it.view.change({ plugs: ['left', 'middle', 'right'].map((slot) => ({ ...plugOf('fixture'), slot })) });
    it.runs.showSlots();
    expect(it.view.current.nextSlot, 'and it is said why it cannot').toBe('left');
  });

  test('the same unit in two slots is refused, and nothing is touched', async () => {
    const it = await desk();
    void it.runs.start('SN-1');
    await settled();
    await it.runs.start('sn-1');
    expect(it.view.current.refusal).toMatchObject({ code: 'unit-in-slot', message: 'sn-1 is in slot “Left” already.' });
    expect(it.slots()).toEqual(['left* SN-1', 'middle -', 'right -']);
    expect(it.store.begun).toHaveLength(1);
    it.runs.stop();
    await settled();
  });

  test('a scan when every slot is taken is not taken notice of', async () => {
    const it = await desk();
    for (const serial of ['SN-1', 'SN-2', 'SN-3']) void it.runs.start(serial);
    await settled();
    expect(await it.runs.start('SN-4')).toBe(false);
    expect(it.view.current.refusal).toBeNull();
    it.runs.stop();
    await settled();
    expect(it.sealed().toSorted()).toEqual(['left SN-1 ABORTED', 'middle SN-2 ABORTED', 'right SN-3 ABORTED']);
  });

  test('stopping one leaves the others going, and does not switch off what they use', async () => {
    const it = await desk();
    for (const serial of ['SN-1', 'SN-2']) void it.runs.start(serial);
    await settled();
    it.runs.stop('left');
    await settled();
    expect(it.sealed()).toEqual(['left SN-1 ABORTED']);
    expect(it.bench.sent.at(-1)).toBe('left OFF 1');
    expect(it.bench.safe).toEqual([['left', 'psu']]);
    expect(it.slots()).toEqual(['left -', 'middle* SN-2', 'right -']);
    await it.go('middle');
    expect(it.sealed()).toEqual(['left SN-1 ABORTED', 'middle SN-2 PASS']);
    expect(it.bench.safe).toEqual([['left', 'psu'], ['middle']]);
  });

  test('a fixture that cannot be used refuses its own slot only; the last run has left nothing on for it', async () => {
    const it = await desk();
    it.bench.unusable.add('middle');
    void it.runs.start('SN-1');
    await settled();
    await it.runs.start('SN-2');
    expect(it.view.current.refusal).toMatchObject({ code: 'fixture-lost', message: 'fixture is gone.' });
    expect(it.slots()).toEqual(['left* SN-1', 'middle -', 'right -']);
    expect(it.bench.safe, 'a refusal touches nothing').toEqual([]);
    await it.go('left');
    expect(it.sealed()).toEqual(['left SN-1 PASS']);
    expect(it.bench.safe).toEqual([['left']]);
  });

  test('what a run has left on for one that is then refused is switched off all the same', async () => {
    const it = await desk();
    void it.runs.start('SN-1');
    await settled();
    const { inSlot } = it.bench;
    let refuse = (): void => undefined;
    it.bench.inSlot = ((slot?: string) => {
      const view = inSlot(slot);
      const waits = new Promise<PlugStatus[]>((resolve) => (refuse = () => resolve([plugOf('fixture')])));
      return slot === 'middle' ? { ...view, check: () => waits } : view;
    }) as typeof inSlot;
    void it.runs.start('SN-2');
    await settled();
    await it.go('left');
    expect(it.bench.safe).toEqual([['left', 'psu']]);
    refuse();
    await settled();
    expect(it.view.current.refusal?.code).toBe('fixture-lost');
    expect(it.bench.safe).toEqual([['left', 'psu'], ['all']]);
  });

  test('a change of procedure waits for all of them, and what is scanned after it waits for the change', async () => {
    const it = await desk();
    for (const serial of ['SN-1', 'SN-2']) void it.runs.start(serial);
    await settled();
    const order: string[] = [];
    void it.turns.take(async () => void order.push(`changed after ${it.sealed().length}`));
    void it.runs.start('SN-3');
    await settled();
    await it.go('left');
    expect([order, it.slots()]).toEqual([[], ['left -', 'middle* SN-2', 'right -']]);
    await it.go('middle');
    expect(order).toEqual(['changed after 2']);
    expect(it.slots()).toEqual(['left -', 'middle -', 'right* SN-3']);
    expect(it.runs.close(), 'one is running').toBe(false);
    it.runs.stop();
    await settled();
    expect(it.runs.close()).toBe(true);
    expect(await it.runs.start('SN-4')).toBe(false);
  });

  test('one that cannot be kept is named, and the others are sealed', async () => {
    const store = new MemoryStore();
    const seal = store.seal.bind(store);
    store.seal = async (id, events, record, body) => {
      if (record.slot === 'left') throw new Fault('full', 'The disk is full.', 'Free some space.');
      return seal(id, events, record, body);
    };
    const it = await desk(procedureOf(), store);
    for (const serial of ['SN-1', 'SN-2']) void it.runs.start(serial);
    await settled();
    await it.go('left');
    await it.go('middle');
    expect(it.sealed()).toEqual(['middle SN-2 PASS']);
    expect(it.view.current.notices).toMatchObject([
      { code: 'run-not-kept', message: 'The run of SN-1 could not be kept on disk: The disk is full.' },
    ]);
  });
});

describe('together', () => {
  const TOGETHER = procedureOf(SETUP);

  test('units wait until every slot has one; then what is done for all is done once', async () => {
    const it = await desk(TOGETHER);
    await it.runs.start('SN-1');
    await it.runs.start('SN-2');
    expect([it.slots(), it.view.current.nextSlot]).toEqual([['left SN-1', 'middle SN-2', 'right -'], 'right']);
    expect([it.runs.busy, it.view.current.running, it.store.begun.length]).toEqual([true, false, 0]);
    expect(it.runs.close(), 'units that wait would be forgotten').toBe(false);
    const last = it.runs.start('SN-3');
    await settled();
    expect(it.slots()).toEqual(['left* SN-1', 'middle* SN-2', 'right* SN-3']);
    expect(it.bench.sent).toEqual(['all WARM?']);
    await it.go('all');
    expect(it.bench.sent.slice(1)).toEqual(['left T? 1', 'middle T? 2', 'right T? 3']);
    await it.go('left');
    expect([it.sealed(), it.view.current.nextSlot], 'they end together').toEqual([[], null]);
    expect(await it.runs.start('SN-4')).toBe(false);
    await it.go('middle');
    await it.go('right');
    expect(await last).toBe(true);
    expect(it.sealed()).toEqual(['left SN-1 PASS', 'middle SN-2 PASS', 'right SN-3 PASS']);
    expect(it.slots()).toEqual(['left -', 'middle -', 'right -']);
    expect(it.bench.safe.at(-1)).toEqual(['all']);
  });

  test('a person starts those that are there, and takes one out that waits', async () => {
    const it = await desk(TOGETHER);
    await it.runs.startWaiting();
    for (const serial of ['SN-1', 'SN-2']) await it.runs.start(serial);
    it.runs.stop('left');
    expect(it.slots()).toEqual(['left -', 'middle SN-2', 'right -']);
    const started = it.runs.startWaiting();
    await settled();
    await it.runs.startWaiting();
    await it.go('all');
    await it.go('middle');
    await started;
    expect(it.sealed()).toEqual(['middle SN-2 PASS']);
  });

  test('when one of them cannot start, none does, and all go on waiting', async () => {
    const it = await desk(TOGETHER);
    it.bench.unusable.add('right');
    for (const serial of ['SN-1', 'SN-2', 'SN-3']) await it.runs.start(serial);
    expect(it.view.current.refusal?.code).toBe('fixture-lost');
    expect(it.slots()).toEqual(['left SN-1', 'middle SN-2', 'right SN-3']);
    expect([it.store.begun, it.bench.sent]).toEqual([[], []]);
    it.bench.unusable.clear();
    const started = it.runs.startWaiting();
    await settled();
    expect(it.view.current.refusal).toBeNull();
    for (const slot of ['all', 'left', 'middle', 'right']) await it.go(slot);
    await started;
    expect(it.sealed()).toHaveLength(3);
  });

  test('a disk that takes one run and no more: that one runs, the others wait and it is said', async () => {
    const store = new MemoryStore();
    const begin = store.beginRun.bind(store);
    store.beginRun = async (header) => {
      if (header.slot !== 'left') throw new Fault('full', 'The disk is full.', 'Free some space.');
      return begin(header);
    };
    const it = await desk(TOGETHER, store);
    for (const serial of ['SN-1', 'SN-2']) await it.runs.start(serial);
    const started = it.runs.startWaiting();
    await settled();
    expect(it.view.current.refusal?.code).toBe('storage-full');
    await it.go('all');
    await it.go('left');
    await started;
    expect(it.sealed()).toEqual(['left SN-1 PASS']);
    expect(it.slots()).toEqual(['left -', 'middle SN-2', 'right -']);
  });

  test('one that is stopped before it began is taken out; the others start', async () => {
    const it = await desk(TOGETHER);
    const { inSlot } = it.bench;
    let goOn = (): void => undefined;
    const waits = new Promise<PlugStatus[]>((resolve) => (goOn = () => resolve([])));
    it.bench.inSlot = ((slot?: string) =>
      slot === 'left' ? { ...inSlot(slot), check: () => waits } : inSlot(slot)) as typeof inSlot;
    for (const serial of ['SN-1', 'SN-2']) await it.runs.start(serial);
    const started = it.runs.startWaiting();
    await settled();
    it.runs.stop('left');
    goOn();
    await settled();
    expect(it.store.begun.map(({ serial_number }) => serial_number)).toEqual(['SN-2']);
    for (const slot of ['all', 'middle']) await it.go(slot);
    await started;
    expect([it.slots(), it.sealed()]).toEqual([['left -', 'middle -', 'right -'], ['middle SN-2 PASS']]);
  });

  test('an emergency stop ends all that run and leaves those that wait', async () => {
    const it = await desk(TOGETHER);
    for (const serial of ['SN-1', 'SN-2']) await it.runs.start(serial);
    it.runs.cut();
    expect(it.slots()).toEqual(['left SN-1', 'middle SN-2', 'right -']);
    const started = it.runs.startWaiting();
    await settled();
    it.runs.cut();
    await started;
    expect(it.sealed()).toEqual(['left SN-1 ABORTED', 'middle SN-2 ABORTED']);
  });

  test('a procedure with other slots begins with empty ones', async () => {
    const it = await desk(TOGETHER);
    await it.runs.start('SN-1');
    it.runs.showSlots();
    expect(it.slots()).toEqual(['left SN-1', 'middle -', 'right -']);
    Object.assign(it.setup, { procedure: procedureOf('', ['One', 'Two']) });
    it.runs.showSlots();
    expect([it.slots(), it.view.current.nextSlot, it.runs.busy]).toEqual([['one -', 'two -'], 'one', false]);
  });

  test('a unit that the procedure takes no more when it starts is refused and taken out', async () => {
    const it = await desk(TOGETHER);
    for (const serial of ['SN-1', 'SN-22']) await it.runs.start(serial);
    const { serial_number: rule, ...rest } = TOGETHER.unit;
    const unit = { ...rest, serial_number: { ...rule, minLength: 5 } };
    const slots = TOGETHER.slots!.map((slot) => ({ ...slot, own: { ...slot.own!, unit } }));
    Object.assign(it.setup, { procedure: { ...TOGETHER, unit, slots } });
    const started = it.runs.startWaiting();
    await settled();
    expect(it.view.current.refusal?.code).toBe('serial-length');
    for (const slot of ['all', 'middle']) await it.go(slot);
    await started;
    expect([it.sealed(), it.slots()]).toEqual([['middle SN-22 PASS'], ['left -', 'middle -', 'right -']]);
  });
});

describe('after a crash', () => {
  test('every run that was under way is closed, and all of them are named', async () => {
    const store = await freshStore();
    for (const [id, serial_number, slot] of [
      ['a', 'SN-1', 'left'],
      ['b', 'SN-2', 'right'],
    ] as const)
      await store.beginRun(headerOf(id, { serial_number, slot }));
    const closed = await closeInterruptedRuns(store);
    expect(closed.map(({ slot, outcome, interrupted }) => [slot, outcome, interrupted])).toEqual([
      ['left', 'ERROR', true],
      ['right', 'ERROR', true],
    ]);
    expect(interruptedNotice(closed)).toMatchObject({
      message: 'The runs of SN-1, SN-2 were cut off and are kept as ERROR with what they had measured.',
      remedy: 'The fixture was sent its safe state. Test the units again.',
    });
    expect(interruptedNotice(closed.slice(0, 1)).message).toBe(
      'The run of SN-1 was cut off and is kept as ERROR with what it had measured.',
    );
    expect((await store.recent(9)).map(({ state, seq }) => [state, seq])).toEqual([
      ['QUEUED', 2],
      ['QUEUED', 1],
    ]);
  });
});
