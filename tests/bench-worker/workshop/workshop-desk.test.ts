/** A run that is nobody's: on the real engine and a simulated bench, never beside a unit, never kept. */
import { describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { StationNews } from '#engine/link/station-link.ts';
import type { WorkshopNews, WorkshopWish } from '#engine/link/workshop-link.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { VisitableBench } from '#hardware/bench/bench.ts';
import { STARTER_BENCH, starterProcedure } from '#procedure/starter.ts';
import type { RunRecord } from '#record/run-record.ts';
import { applyEvent, recordOf } from '#record/run-event.ts';
import { View } from '../../../src/bench-worker/view.ts';
import { WorkshopDesk } from '../../../src/bench-worker/workshop/workshop-desk.ts';

const wish = (change: Partial<WorkshopWish> = {}): WorkshopWish => ({
  file: 'procedure.yaml',
  texts: [
    ['procedure.yaml', starterProcedure('Board')],
    ['bench.yaml', STARTER_BENCH],
  ],
  scripts: [],
  serial: '',
  bench: 'simulated',
  pace: 'on',
  ...change,
});

function workshop({ clock = systemClock }: { clock?: Clock } = {}) {
  const said: WorkshopNews[] = [];
  const order: string[] = [];
  const tell = (news: StationNews) => {
    if (news.kind === 'workshop') said.push(news.said);
    else order.push(`told ${news.kind}`);
  };
  const view = new View(tell);
  const units = { busy: false };
  const turns = new Turns();
  const benches: VisitableBench[] = [];
  const made = (options: Pick<Parameters<typeof createBench>[0], 'plugs' | 'simulatedBench'>) => {
    const bench = createBench({ ...options, ports: null, simulated: true, clock: systemClock });
    const close = bench.close.bind(bench);
    bench.close = () => (order.push('closed'), close());
    benches.push(bench);
    return bench;
  };
  const desk = new WorkshopDesk({
    tell,
    view,
    clock,
    turns,
    units,
    endHand: async () => void order.push('hand ended'),
    simulated: (plugs, simulatedBench) => made({ plugs, simulatedBench }),
    lent: async (plugs, work) => {
      order.push('lent');
      const got = await work(made({ plugs, simulatedBench: null }));
      order.push('given back');
      return got;
    },
    scripts: () => Promise.reject(new Error('no scripts here')),
    browser: 'none',
  });
  const record = (): RunRecord => {
    const events = said.flatMap((one) => (one.kind === 'events' ? one.events : []));
    const [first] = events;
    if (first?.kind !== 'run-started') throw new Error('no run has begun');
    const made = recordOf(first.header);
    for (const event of events.slice(1)) applyEvent(made, event);
    return made;
  };
  return { desk, said, order, view, units, turns, benches, record };
}

const held = async (said: readonly WorkshopNews[], times: number) =>
  expect.poll(() => said.filter((one) => one.kind === 'place' && one.place.isWaiting).length).toBe(times);

describe('rule 18: the engine’s own, and nobody’s', () => {
  test('the template passes on its bench, and a unit that ends in 13 fails', async () => {
    const good = workshop();
    await good.desk.run(wish());
    expect(good.record()).toMatchObject({ outcome: 'PASS', seq: 0, serial_number: 'SN-000123', simulated: true });
    const bad = workshop();
    await bad.desk.run(wish({ serial: 'SN-000113' }));
    expect(bad.record().outcome).toBe('FAIL');
  });

  test('the station hears nothing of it but that it is under way', async () => {
    const { desk, order, view, said } = workshop();
    const run = desk.run(wish({ pace: 'step' }));
    await held(said, 1);
    expect(view.current).toMatchObject({ workshop: true, running: false, plugs: [] });
    desk.go('on');
    await run;
    expect(view.current).toMatchObject({ workshop: false, running: false, recent: [], prompts: [] });
    expect(new Set(order)).toEqual(new Set(['hand ended', 'told view', 'closed']));
  });

  test.each([
    ['a file that does not load', 'name: A\nmain:\n  - nam: B\n', 'procedure-unreadable', 'line 3'],
    [
      'a driver that nobody knows',
      starterProcedure('B').replace('driver: scpi', 'driver: nobody'),
      'procedure-unreadable',
      '',
    ],
  ])('%s is refused at its line, and no bench is made', async (_, text, code, where) => {
    const { desk, benches } = workshop();
    const refused = await desk.run(wish({ texts: [['procedure.yaml', text]] })).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(where) });
    expect(benches).toEqual([]);
    expect(desk.holds).toBeNull();
  });
});

describe('rule 19: never beside a unit', () => {
  test('while one is under test it is refused', async () => {
    const { desk, units } = workshop();
    units.busy = true;
    await expect(desk.run(wish())).rejects.toMatchObject({ code: 'busy' });
  });

  test('while it is under way a scan has its word, another one is refused, and nothing else has a turn', async () => {
    const { desk, said, turns } = workshop();
    const run = desk.run(wish({ pace: 'step' }));
    await held(said, 1);
    expect(desk.holds?.code).toBe('workshop-run');
    await expect(desk.run(wish())).rejects.toMatchObject({ code: 'workshop-busy' });
    let hasTurn = false;
    const change = turns.take(async () => void (hasTurn = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(hasTurn, 'a change of procedure waits').toBe(false);
    desk.go('on');
    await Promise.all([run, change]);
    expect(desk.holds).toBeNull();
  });

  test('on the fixture: what was on by hand is off before, the station’s wires come back after', async () => {
    const { desk, order } = workshop();
    await desk.run(wish({ bench: 'real' }));
    expect(order.filter((one) => !one.startsWith('told'))).toEqual(['hand ended', 'lent', 'closed', 'given back']);
  });
});

describe('rule 20: however it ends', () => {
  test('a stop while a step is held: teardown, then closed wires', async () => {
    const { desk, said, order, record } = workshop();
    const run = desk.run(wish({ pace: 'step' }));
    await held(said, 1);
    desk.stop();
    await run;
    expect(record().outcome).toBe('ABORTED');
    expect(
      record()
        .phases.map(({ name, outcome }) => `${name} ${outcome}`)
        .at(-1),
    ).toBe('Power off PASS');
    expect(order.at(-2)).toBe('closed');
  });

  /** On which ten minutes are over at once. */
  const hurried: Clock = {
    ...systemClock,
    sleep: (delayMs, signal) => systemClock.sleep(delayMs === 10 * 60_000 ? 20 : delayMs, signal),
  };

  test('nobody there for ten minutes, on the fixture: stopped, switched off, and said until the next run', async () => {
    const { desk, view, record, order } = workshop({ clock: hurried });
    await desk.run(wish({ bench: 'real', pace: 'step' }));
    expect(record().outcome).toBe('ABORTED');
    expect(record().phases.at(-1)).toMatchObject({ name: 'Power off', outcome: 'PASS' });
    expect(order).toContain('given back');
    expect(view.current.notices.map(({ code }) => code)).toEqual(['workshop-left']);
    await desk.run(wish());
    expect(view.current.notices).toEqual([]);
  });

  test('on a simulated bench a step is held for as long as anybody likes', async () => {
    const { desk, said, record } = workshop({ clock: hurried });
    const run = desk.run(wish({ pace: 'step' }));
    await held(said, 1);
    await systemClock.sleep(100);
    desk.go('on');
    await run;
    expect(record().outcome).toBe('PASS');
  });

  test('an emergency stop cuts its wires at once', async () => {
    const { desk, said, record } = workshop();
    const run = desk.run(wish({ pace: 'step' }));
    await held(said, 1);
    expect(desk.hasSafeState).toBe(true);
    expect(desk.cutOff()).not.toBeNull();
    await run;
    expect(record().outcome).toBe('ABORTED');
    expect(desk.cutOff(), 'nothing is left to be cut').toBeNull();
  });

  test('a page that goes away closes its bench, which sends the safe state first', async () => {
    const { desk, said, order } = workshop();
    const run = desk.run(wish({ pace: 'step' }));
    await held(said, 1);
    desk.leave();
    expect(order.at(-1)).toBe('closed');
    desk.stop();
    await run;
  });

  test('a fault is a Fault, with what to do', async () => {
    const thrown = await workshop()
      .desk.run(wish({ serial: 'nonsense' }))
      .catch((one: unknown) => one);
    expect(thrown).toBeInstanceOf(Fault);
    expect((thrown as Fault).remedy).not.toBe('');
  });
});
