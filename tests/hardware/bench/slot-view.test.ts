/** Rule 14 of the bench: what one run sees of it, beside others. */
import { describe, expect, test } from 'vitest';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { parseBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { FakeSerial } from '../transport/serial/fake-serial.ts';
import { FakeFixture } from './fake-fixture.ts';
import { FIXTURE_WIRE } from './fixture-wire.ts';

const never = new AbortController().signal;
const plug = (key: string, identity: string, slot?: string): BenchPlug => ({
  key,
  name: slot === undefined ? key : `${key} (${slot})`,
  driver: 'scpi',
  safeState: ['OUTP OFF'],
  resource: { ...FIXTURE_WIRE, identity },
  ...(slot === undefined ? {} : { slot }),
});

async function station() {
  const clock = new FakeClock();
  const devices = { psu: new FakeFixture('PSU'), left: new FakeFixture('FX,L'), right: new FakeFixture('FX,R') };
  const serial = new FakeSerial(Object.values(devices).map(({ port }) => port));
  const bench = createBench({
    plugs: [plug('psu', '^PSU'), plug('fixture', '^FX,L', 'left'), plug('fixture', '^FX,R', 'right')],
    ports: serialPorts(serial),
    simulatedBench: null,
    simulated: false,
    clock,
  });
  await flush();
  for (const device of Object.values(devices)) device.commands.length = 0;
  return { bench, clock, serial, devices };
}

describe('rule 16: slots', () => {
  test('each sees its own plugs and what all share; together they see only the latter', async () => {
    const { bench } = await station();
    expect(bench.plugs.map(({ key, slot, state }) => [key, slot, state])).toEqual([
      ['psu', undefined, 'ready'],
      ['fixture', 'left', 'ready'],
      ['fixture', 'right', 'ready'],
    ]);
    expect(bench.inSlot('left').plugs.map(({ name }) => name)).toEqual(['psu', 'fixture (left)']);
    expect(bench.inSlot().plugs.map(({ name }) => name)).toEqual(['psu']);
    expect(() => bench.inSlot().instrument('fixture')).toThrow('no plug');
    await bench.close();
  });

  test('each asks its own device, and makes its own safe', async () => {
    const { bench, devices } = await station();
    const left = bench.inSlot('left');
    expect(await left.check(never)).toEqual([]);
    await left.instrument('fixture').write('ON', never);
    expect(await left.makeSafe(never, new Set(['psu']))).toEqual([]);
    expect(devices.left.commands).toEqual(['*IDN?', 'ON', 'OUTP OFF', '*IDN?']);
    expect(devices.right.commands).toEqual([]);
    expect(devices.psu.commands, 'it stays as it is').toEqual(['*IDN?']);
    await bench.close();
  });

  test('a plug that another run is using is not asked again, unless it is another connection since then', async () => {
    const { bench, devices, serial, clock } = await station();
    const [left, right] = [bench.inSlot('left'), bench.inSlot('right')];
    const inUse = new Set(['psu']);
    expect(await left.check(never)).toEqual([]);
    expect(await right.check(never, inUse)).toEqual([]);
    expect(devices.psu.commands).toEqual(['*IDN?']);
    right.instrument('psu');
    serial.leave(devices.psu.port);
    const again = devices.psu.replugged();
    serial.arrive(again.port);
    await clock.advance(200);
    const third = bench.inSlot('left');
    again.commands.length = 0;
    expect(await third.check(never, inUse)).toEqual([]);
    expect(again.commands).toEqual(['*IDN?']);
    third.instrument('psu');
    for (const run of [left, right])
      expect(() => run.instrument('psu'), 'what happened in between is not known').toThrow('gone for a while');
    await bench.close();
  });

  test('a plug of another slot that is missing stands in nobody’s way', async () => {
    const { bench, devices, serial, clock } = await station();
    serial.leave(devices.right.port);
    await clock.advance(100);
    expect(await bench.inSlot('left').check(never)).toEqual([]);
    const checked = bench.inSlot('right').check(never);
    await clock.advance(2000);
    expect(await checked).toMatchObject([{ key: 'fixture', slot: 'right', message: 'fixture (right) is gone.' }]);
    await bench.close();
  });
});

describe('rule 11: a simulated bench with slots', () => {
  const world = () =>
    parseBench({
      dmm: { 'V?': ['1', '2'], 'CH?': '0' },
      fixture: { 'V?': '5', 'BOOM?': { lost: true } },
      units: { '13$': { dmm: { 'V?': '13' }, fixture: { 'V?': '13' } } },
      slots: { right: { fixture: { 'V?': '6' }, dmm: { 'CH?': '2' } } },
    });
  async function simulated() {
    const simulatedBench = world();
    const clock = new FakeClock();
    const { resource: _, ...own } = plug('fixture', '', 'left');
    const { resource: __, ...dmm } = plug('dmm', '');
    const bench = createBench({
      plugs: [dmm, own, { ...own, slot: 'right', name: 'fixture (right)' }],
      ports: null,
      simulatedBench,
      simulated: true,
      clock,
    });
    await clock.advance(100);
    const [left, right] = [bench.inSlot('left'), bench.inSlot('right')];
    return { bench, simulatedBench, clock, left, right };
  }

  test('an own wire answers for the unit of its slot, a shared one for that of the slot that asks', async () => {
    const { bench, simulatedBench, left, right } = await simulated();
    simulatedBench.setUnit('SN-1', 'left');
    simulatedBench.setUnit('SN-13', 'right');
    const ask = (of: typeof left, key: string, query: string) => of.instrument(key).query(query, never);
    expect(await ask(left, 'fixture', 'V?')).toBe('5');
    expect(await ask(right, 'fixture', 'V?')).toBe('13');
    expect(await ask(right, 'dmm', 'V?')).toBe('13');
    expect(await ask(left, 'dmm', 'V?'), 'lists are taken in turn by each slot').toBe('1');
    expect([await ask(left, 'dmm', 'CH?'), await ask(right, 'dmm', 'CH?')]).toEqual(['0', '2']);
    simulatedBench.setUnit('SN-2', 'right');
    expect(await ask(right, 'fixture', 'V?'), 'the unit goes before the slot').toBe('6');
    expect([await ask(right, 'dmm', 'V?'), await ask(left, 'dmm', 'V?')]).toEqual(['1', '2']);
    await bench.close();
  });

  test('a wire that is cut is there again with the next unit of its slot', async () => {
    const { bench, simulatedBench, clock, left, right } = await simulated();
    const gone = expect(left.instrument('fixture').query('BOOM?', never)).rejects.toMatchObject({ code: 'lost' });
    await clock.advance(100);
    await gone;
    simulatedBench.setUnit('SN-1', 'right');
    await clock.advance(5000);
    expect(bench.plugs.map(({ state }) => state)).toEqual(['ready', 'lost', 'ready']);
    simulatedBench.setUnit('SN-2', 'left');
    await clock.advance(5000);
    expect(await left.check(never)).toEqual([]);
    expect(await right.check(never)).toEqual([]);
    await bench.close();
  });

  test('what is no map is pointed at', () => {
    expect(() => parseBench({ slots: { left: 5 } })).toThrow('slots, left');
    expect(() => parseBench({ slots: { left: { dmm: { 'V?': [] } } } })).toThrow("slots, left, dmm, 'V?'");
  });
});
