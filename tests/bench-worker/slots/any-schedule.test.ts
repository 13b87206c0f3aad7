/**
 * Eight slots, two instruments that all share, one of its own each: whatever the schedule, no deadlock, no crossed
 * answer, teardown always, and the safe state at the end.
 *
 * The station's own desk, engine, sessions and simulated wires, on a clock that passes by itself: a run that waits for
 * what nobody will ever give stops that clock, and is found out at once. `npm test` tries a thousand schedules.
 */
import { expect, test } from 'vitest';
import { Turns } from '#base/turns.ts';
import type { StationNews } from '#engine/link/station-link.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { benchPlugs, isShared, startsTogether } from '#procedure/slots.ts';
import type { RunRecord } from '#record/run-record.ts';
import { Prompts } from '../../../src/bench-worker/prompts.ts';
import { RunDesk } from '../../../src/bench-worker/run-desk.ts';
import type { Setup } from '../../../src/bench-worker/setup.ts';
import { View } from '../../../src/bench-worker/view.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { anyProcedure, Chance, SLOTS } from './any-schedule.ts';
import { MemoryStore } from './memory-store.ts';
import { calibrationStage } from '../calibration-stage.ts';
import { WitnessBench, type Heard } from './witness-bench.ts';

const isNightly = process.env['FIELDBENCH_NIGHTLY'] !== undefined;
const SCHEDULES = isNightly ? 20_000 : 1000;
/** Reading one costs more than running it. */
const SCHEDULES_PER_PROCEDURE = 20;
const LIMIT_MS = isNightly ? 3_600_000 : 300_000;
/** More than the search for devices and the last late answer take. */
const AFTERWARDS_MS = 10_000;

/** A phase that is under way. */
interface Open {
  readonly run: string;
  readonly plugs: readonly string[];
}

interface Played {
  readonly procedure: Procedure;
  readonly records: readonly RunRecord[];
  readonly accepted: number;
  readonly world: WitnessBench;
  /** Zero of each run on the clock. */
  readonly beganMs: ReadonlyMap<string, number>;
  readonly emergencyAtMs: number | null;
  /** Phases that had a plug at the same time. */
  readonly crossings: readonly string[];
  /** Plugs that were on in a moment in which nothing was running. */
  readonly leftOn: readonly string[];
}

async function play(procedure: Procedure, chance: Chance): Promise<Played> {
  const clock = new FakeClock();
  const world = new WitnessBench({
    delayMs: () => (chance.isLucky(0.02) ? null : chance.isLucky(0.1) ? chance.below(1500) : chance.below(60)),
  });
  const bench = createBench({
    plugs: benchPlugs(procedure),
    ports: null,
    simulatedBench: world,
    simulated: true,
    clock,
  });
  await clock.advance(1000);
  const store = new MemoryStore();
  const open = new Map<string, Open>();
  const beganMs = new Map<string, number>();
  const running = new Set<string>();
  const crossings: string[] = [];
  const leftOn: string[] = [];
  let news = 0;
  const plugsOf = new Map(procedure.phases.map((phase) => [phase.key, plugsIn(phase.steps)]));
  const shared = new Set(procedure.plugs.filter(isShared).map(({ key }) => key));
  const onceForAll = new Set(procedure.phases.flatMap(({ key, scope }) => (scope ? key : [])));
  const runOf = new Map<string, string>();

  const hear = (told: StationNews) => {
    if (told.kind !== 'run') return;
    for (const event of told.events) {
      news += 1;
      if (event.kind === 'run-started') {
        runOf.set(told.slot, event.header.id);
        beganMs.set(event.header.id, clock.monotonicMs());
        running.add(event.header.id);
      }
      const run = runOf.get(told.slot)!;
      if (event.kind === 'run-ended') {
        running.delete(run);
        if (running.size === 0) leftOn.push(...world.powered);
      }
      // What is done for all is told to each; it is one phase all the same.
      const at = (key: string) => (onceForAll.has(key) ? key : `${run} ${key}`);
      if (event.kind === 'phase-started') {
        const plugs = (plugsOf.get(event.key) ?? []).filter((plug) => shared.has(plug));
        const others = [...open].filter(
          ([name, one]) => name !== at(event.key) && one.plugs.some((plug) => plugs.includes(plug)),
        );
        crossings.push(...others.map(([name]) => `${at(event.key)} began while ${name} had its plugs`));
        open.set(at(event.key), { run, plugs });
      }
      if (event.kind === 'phase-ended') open.delete(at(event.phase));
    }
  };
  const view = new View(hear);
  const setup: Setup = {
    procedure,
    release: 'sha256:00',
    development: true,
    simulated: true,
    bench,
    place: (serial, slot) => world.setUnit(serial, slot),
  };
  const desk = new RunDesk({
    store: store.asStore,
    view,
    clock,
    tell: hear,
    setup: () => setup,
    calibrations: calibrationStage().calibrations,
    stationClock: { offsetMs: 0, obstacle: () => null, note: () => undefined, watch: () => () => undefined },
    browser: 'none',
    onSealed: () => {},
    prompts: new Prompts(view, clock),
    turns: new Turns(),
    heldBy: () => null,
  });
  bench.onChange((plugs) => view.change({ plugs }));
  view.change({ plugs: bench.plugs, procedure: { startsTogether: startsTogether(procedure) } as never });
  desk.showSlots();

  let units = 0;
  const work: Promise<unknown>[] = [];
  for (let at = 0; at < 8 + chance.below(12); at += 1)
    work.push(clock.sleep(chance.below(3000)).then(() => desk.start(`SN-${(units += 1)}`)));
  for (let at = 0; at < chance.below(5); at += 1)
    work.push(clock.sleep(chance.below(6000)).then(() => desk.stop(chance.pick(SLOTS))));
  if (chance.isLucky(0.1)) work.push(clock.sleep(chance.below(6000)).then(() => desk.stop()));
  let emergencyAtMs: number | null = null;
  if (chance.isLucky(0.1))
    work.push(
      clock.sleep(chance.below(6000)).then(() => {
        emergencyAtMs = clock.monotonicMs();
        void bench.cutOff();
        desk.cut();
      }),
    );
  if (startsTogether(procedure))
    for (let at = 0; at < 3; at += 1)
      work.push(clock.sleep(500 + chance.below(20_000)).then(() => desk.startWaiting()));
  await clock.run(Promise.all(work));
  const accepted = store.begun.length;
  expect(desk.busy).toBe(startsTogether(procedure) && view.current.slots.some(({ serial }) => serial !== null));
  const told = news;
  await clock.advance(AFTERWARDS_MS);
  expect(news, 'nothing is told of a run that is over').toBe(told);
  expect(running.size).toBe(0);
  leftOn.push(...world.powered);
  await clock.run(bench.close());
  const records = store.sealed.map(({ record }) => record);
  return { procedure, records, accepted, world, beganMs, emergencyAtMs, crossings, leftOn };
}

function plugsIn(steps: readonly object[]): string[] {
  return [...new Set(steps.flatMap((step) => ('plug' in step ? String(step.plug) : [])))];
}

test(
  'rules 20 to 24: a thousand schedules of eight slots and two shared instruments',
  async () => {
    const seen = { runs: 0, passed: 0, answers: 0, stopped: 0, cut: 0, together: 0 };
    let procedure: Procedure | undefined;
    for (let seed = 0; seed < SCHEDULES; seed += 1) {
      const chance = new Chance(20261121 + seed);
      if (seed % SCHEDULES_PER_PROCEDURE === 0) procedure = anyProcedure(chance, chance.isLucky(0.3));
      const played = await play(procedure!, chance).catch((thrown: unknown) => {
        throw new Error(`schedule ${seed}`, { cause: thrown });
      });
      check(played, seed);
      seen.passed += played.records.filter(({ outcome }) => outcome === 'PASS').length;
      seen.runs += played.records.length;
      seen.answers += played.world.asked.length;
      seen.stopped += played.records.filter(({ outcome }) => outcome === 'ABORTED').length;
      seen.cut += played.emergencyAtMs === null ? 0 : 1;
      seen.together += startsTogether(procedure!) ? 1 : 0;
    }
    console.log(JSON.stringify(seen));
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(SCHEDULES / 20);
  },
  LIMIT_MS,
);

function check({ procedure, records, accepted, world, beganMs, ...played }: Played, seed: number): void {
  const { emergencyAtMs, crossings, leftOn } = played;
  expect(crossings, `schedule ${seed}: rule 21: no two phases have one plug`).toEqual([]);
  const isSaid = records.some(({ logs }) => logs.some(({ message }) => message.startsWith('The safe state of')));
  if (!isSaid) expect(leftOn, `schedule ${seed}: rule 22: nothing is on while nothing runs`).toEqual([]);
  expect(records.length, `schedule ${seed}: rule 20: what was begun was sealed`).toBe(accepted);
  expect(records.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(records.map((_, at) => at + 1));
  for (const record of records) {
    const where = `schedule ${seed}, ${record.serial_number} in ${record.slot}: ${record.reason ?? ''}`;
    const zeroMs = beganMs.get(record.id)!;
    const endMs = zeroMs + record.ended_ms!;
    const wasCut = emergencyAtMs !== null && emergencyAtMs >= zeroMs && emergencyAtMs <= endMs;
    expect(record.outcome, where).not.toBeNull();
    expect(new Set(record.phases.map(({ key }) => key)), where).toEqual(
      new Set(procedure.phases.map(({ key }) => key)),
    );
    for (const { key, section, measurements, started_ms, ended_ms, outcome } of record.phases) {
      if (section === 'teardown' && !wasCut)
        expect(outcome, `${where} ${key}: rule 7: teardown always`).not.toBe('SKIP');
      for (const { key: name, measured_value: value } of measurements) {
        if (value === null) continue;
        if (name.endsWith('_power')) {
          if (section === 'main' && !wasCut)
            expect(value, `${where} ${key} ${name}: rule 22: nobody switched it off`).toBe(1);
          continue;
        }
        const [whom, number] = String(value).split('#');
        const asked = world.asked[Number(number)]!;
        expect([whom, asked.plug], `${where} ${key}: no crossed answer`).toEqual([record.slot, name]);
        expect(asked.atMs).toBeGreaterThanOrEqual(zeroMs + started_ms - 0.01);
        expect(asked.atMs).toBeLessThanOrEqual(zeroMs + ended_ms! + 0.01);
      }
    }
    if (record.outcome === 'PASS')
      expect(
        record.phases.every(({ outcome }) => outcome === 'PASS'),
        where,
      ).toBe(true);
  }
  if (emergencyAtMs === null)
    for (const off of offs(world.heard)) expect(using(records, beganMs, off), `schedule ${seed}`).toBe(0);
}

/** Safe states of what all share, after the first run began. */
function offs(heard: readonly Heard[]): Heard[] {
  const first = heard.findIndex(({ command }) => command === 'OUTP ON');
  return heard.slice(first).filter(({ slot, command }) => slot === '' && command === 'OUTP OFF');
}

/** How many runs had still to do with the plugs when the shared one was switched off. */
function using(records: readonly RunRecord[], beganMs: ReadonlyMap<string, number>, { atMs }: Heard): number {
  return records.filter(({ id, phases }) => {
    const zeroMs = beganMs.get(id)!;
    const lastMs = zeroMs + Math.max(...phases.map(({ ended_ms }) => ended_ms!));
    return zeroMs < atMs && atMs < lastMs;
  }).length;
}
