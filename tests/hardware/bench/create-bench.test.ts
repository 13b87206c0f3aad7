import { describe, expect, test } from 'vitest';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { createBench, type BenchOptions } from '#hardware/bench/create-bench.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { parseBench } from '#hardware/transport/simulated/simulated-bench.ts';
import type { Plug } from '#procedure/procedure.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { FakeSerial } from '../transport/serial/fake-serial.ts';
import { FakeFixture } from './fake-fixture.ts';
import { FIXTURE_WIRE } from './fixture-wire.ts';

/** Compiles only while a procedure's plugs can be handed in as they are. */
export const fits = (plugs: readonly Plug[]): readonly BenchPlug[] => plugs;

const never = new AbortController().signal;
const FIXTURE: BenchPlug = {
  key: 'fixture',
  name: 'Fixture',
  driver: 'scpi',
  resource: FIXTURE_WIRE,
  safeState: ['OUTP OFF'],
};
const DMM: BenchPlug = {
  key: 'dmm',
  name: 'Multimeter',
  driver: 'scpi-dmm',
  resource: { ...FIXTURE_WIRE, identity: '^ACME,DMM' },
  safeState: [],
};

function station(fixtures: readonly FakeFixture[], options: Partial<BenchOptions> = {}) {
  const clock = new FakeClock();
  const serial = new FakeSerial(fixtures.map(({ port }) => port));
  const bench = createBench({
    plugs: [FIXTURE],
    ports: serialPorts(serial),
    simulatedBench: null,
    simulated: false,
    clock,
    ...options,
  });
  const seen: string[] = [];
  bench.onChange((plugs) => seen.push(plugs.map(({ state }) => state).join(' ')));
  const state = (key = 'fixture') => bench.plugs.find((plug) => plug.key === key)?.state;
  return { bench, clock, serial, state, seen };
}

const fixture = (identity = 'ACME,FX-1,FX0001,1.0') => new FakeFixture(identity);

describe('binding', () => {
  test('rule 1: ready when the identity matched and the safe state was sent and confirmed', async () => {
    const device = fixture();
    const { bench, state } = station([device]);
    expect(state()).toBe('missing');
    await flush();
    expect(bench.plugs).toEqual([
      {
        key: 'fixture',
        name: 'Fixture',
        state: 'ready',
        simulated: false,
        identity: 'ACME,FX-1,FX0001,1.0',
        message: '',
        remedy: '',
        usb: ['0403:6001'],
        reach: 'serial',
      },
    ]);
    expect(device.commands).toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
    await bench.close();
  });

  test('everything since a moment is kept with how the wire was opened, also of a wire that was lost since', async () => {
    const device = fixture();
    const { bench, clock, serial } = station([device]);
    await flush();
    expect(bench.wires(clock.monotonicMs() + 1), 'nothing has happened since').toEqual([]);
    await clock.advance(1000);
    const sinceMs = clock.monotonicMs();
    device.answers.set('V?', '3.3');
    expect(await bench.inSlot().instrument('fixture').query('V?', never)).toBe('3.3');
    const sent = (at: number) =>
      (bench.wires(sinceMs)[at]?.recording.entries ?? []).flatMap((entry) =>
        entry.kind === 'out' ? String.fromCharCode(...entry.bytes) : [],
      );
    expect(sent(0).join('')).toBe('*IDN?\nOUTP OFF\n*IDN?\nV?\n');
    serial.leave(device.port);
    const again = device.replugged();
    serial.arrive(again.port);
    bench.refresh();
    await clock.advance(1000);
    expect(bench.wires(sinceMs).map(({ plug }) => plug)).toEqual(['fixture', 'fixture']);
    expect(bench.wires(sinceMs)[0]!.recording.entries.at(-1)).toMatchObject({ kind: 'lost' });
    expect(sent(1).join('')).toBe('*IDN?\nOUTP OFF\n*IDN?\n');
    await bench.close();
  });

  test('rule 1: a device that says who it is and then nothing more is not ready', async () => {
    const device = fixture();
    const receive = device.port.onReceive;
    device.port.onReceive = (bytes) => {
      receive(bytes);
      device.mute = true;
    };
    const { bench, clock, state } = station([device]);
    await clock.advance(1500);
    expect(state()).not.toBe('ready');
    expect(bench.plugs[0]?.message).toContain('safe state');
    await clock.advance(0);
    expect(() => bench.instrument('fixture')).toThrow(expect.objectContaining({ code: 'lost' }));
  });

  test('rules 2, 5: nothing plugged in is missing, with words for the operator', async () => {
    const { bench, clock, state } = station([]);
    await clock.advance(0);
    expect(state()).toBe('missing');
    expect(bench.plugs[0]).toMatchObject({
      message: 'Fixture is not connected.',
      remedy: expect.stringContaining('Plug it in'),
    });
    await expect(bench.check(never)).resolves.toMatchObject([{ key: 'fixture', state: 'missing' }]);
  });

  test('rule 2: a port of another USB id is not opened', async () => {
    const other = new FakeFixture('ACME,FX-1,X', [0x0403, 0x6002]);
    const { clock, state } = station([other]);
    await clock.advance(5000);
    expect(state()).toBe('missing');
    expect(other.port.openings).toEqual([]);
  });

  test('rule 2: a vendor wildcard takes every product of that vendor', async () => {
    const device = new FakeFixture('ACME,FX-1,X', [0x2a8d, 0x0101]);
    const plug = { ...FIXTURE, resource: { ...FIXTURE_WIRE, usb: ['2a8d:*'] } };
    const { state } = station([device], { plugs: [plug] });
    await flush();
    expect(state()).toBe('ready');
  });

  test('rules 4, 5: another device behind the right adapter is wrong, and released, untouched by the safe state', async () => {
    const other = fixture('OTHER,THING,1,1');
    const { bench, clock, state } = station([other]);
    await clock.advance(300);
    expect(state()).toBe('wrong');
    expect(bench.plugs[0]?.message).toContain('OTHER,THING,1,1');
    await clock.advance(250);
    expect(other.port.closings).toBeGreaterThan(0);
    expect(other.commands.every((command) => command === '*IDN?')).toBe(true);
  });

  test('rule 5, pitfall 3: a device that does not answer is missing, with a hint at the baud rate', async () => {
    const device = fixture();
    device.mute = true;
    const { bench, clock, state } = station([device]);
    await clock.advance(2050);
    expect(state()).toBe('missing');
    expect(bench.plugs[0]).toMatchObject({
      message: expect.stringContaining('does not answer'),
      remedy: expect.stringContaining('baud rate'),
    });
    expect(device.commands).toEqual(['*IDN?', '*IDN?']);
    device.mute = false;
    await clock.advance(2500);
    expect(state()).toBe('ready');
  });

  test('rules 2, 5, pitfall 34: a port that another program holds is said to be held, and taken when it is free', async () => {
    const device = fixture();
    device.port.busyOpenings = 3;
    const { bench, clock, state } = station([device], {
      ports: serialPorts(new FakeSerial([device.port]), 'linux'),
    });
    await clock.advance(10);
    expect(state()).toBe('missing');
    expect(bench.plugs[0]).toMatchObject({
      message: expect.stringContaining('another program or browser tab'),
      remedy: expect.stringContaining('dialout'),
    });
    await clock.advance(1000);
    expect(state()).toBe('ready');
  });

  test('rule 5: no Web Serial and a refusal to list ports are a matter of permission, each with a remedy', async () => {
    const none = station([], { ports: null });
    expect(none.state()).toBe('permission');
    expect(none.bench.plugs[0]?.remedy).toContain('Chrome');
    await none.clock.advance(10_000);
    expect(none.clock.timers).toBe(0);
    const refused = station([], {
      ports: serialPorts({
        getPorts: () => Promise.reject(new DOMException('', 'SecurityError')),
        addEventListener: () => {},
      }),
    });
    await refused.clock.advance(0);
    expect(refused.state()).toBe('permission');
    await refused.bench.close();
  });

  test('rule 2, pitfall 14: two equal adapters are told apart by identity, in either order of plugging', async () => {
    for (const reverse of [false, true]) {
      const [one, two] = [fixture('ACME,FX-1,FX0001,1.0'), fixture('ACME,DMM-2,D7,1.0')];
      const { bench, clock } = station(reverse ? [two, one] : [one, two], { plugs: [FIXTURE, DMM] });
      await clock.advance(0);
      expect(bench.plugs.map(({ state }) => state)).toEqual(['ready', 'ready']);
      expect(bench.plugs.map(({ identity }) => identity)).toEqual(['ACME,FX-1,FX0001,1.0', 'ACME,DMM-2,D7,1.0']);
      expect(two.commands).not.toContain('OUTP OFF');
      expect([one.port.openings.length, two.port.openings.length]).toEqual([1, 1]);
    }
  });

  test('rule 2: a port that is bound to one plug is not touched while another plug is looked for', async () => {
    const device = fixture();
    const { clock, serial, state } = station([device], { plugs: [FIXTURE, DMM] });
    await clock.advance(10_000);
    expect([state('fixture'), state('dmm')]).toEqual(['ready', 'missing']);
    expect(device.port.attempts).toBe(1);
    const meter = fixture('ACME,DMM-2,D7,1.0');
    serial.arrive(meter.port);
    await clock.advance(100);
    expect(state('dmm')).toBe('ready');
    expect(device.port.attempts).toBe(1);
  });

  test('rule 2: a mute device does not hold up another', async () => {
    const mute = fixture();
    mute.mute = true;
    const { clock, state } = station([mute, fixture()]);
    await clock.advance(10);
    expect(state()).toBe('ready');
  });

  test('rule 3: an answer that fits two plugs binds neither', async () => {
    const twin = { ...FIXTURE, key: 'twin', name: 'Twin' };
    const { bench, clock } = station([fixture()], { plugs: [FIXTURE, twin] });
    await clock.advance(500);
    expect(bench.plugs.map(({ state }) => state)).toEqual(['wrong', 'wrong']);
    expect(bench.plugs[0]?.message).toContain('Fixture, Twin');
  });

  test('rule 2: a plug without a pattern takes any answer, but not one that names another plug', async () => {
    const { identity: _, ...anyone } = FIXTURE_WIRE;
    const any = { ...DMM, resource: anyone };
    const { clock, bench } = station([fixture()], { plugs: [any, FIXTURE] });
    await clock.advance(0);
    expect(bench.plugs.map(({ state }) => state)).toEqual(['missing', 'ready']);
  });

  test('pitfall 21: a device that resets on opening is given its time, and its boot text is dropped', async () => {
    const device = fixture();
    const { clock, state } = station([device], {
      plugs: [{ ...FIXTURE, resource: { ...FIXTURE_WIRE, resetOnOpenMs: 1500 } }],
    });
    await clock.advance(1400);
    device.port.send('boot v1.0\nready\n');
    await clock.advance(99);
    expect(device.commands).toEqual([]);
    await clock.advance(60);
    expect(state()).toBe('ready');
  });

  test('rule 12: a plug with an unknown driver is never ready and says so; the others are', async () => {
    const { bench, clock } = station([fixture()], { plugs: [{ ...DMM, driver: 'python' }, FIXTURE] });
    await clock.advance(100);
    expect(bench.plugs.map(({ state }) => state)).toEqual(['missing', 'ready']);
    expect(bench.plugs[0]?.message).toContain("'python'");
    await expect(bench.check(never)).resolves.toMatchObject([{ key: 'dmm' }]);
  });

  test('rule 23: of two devices that fit, a person may choose one; the other is no stand-in', async () => {
    const [one, other] = [fixture('ACME,FX-1,FX0001,1.0'), fixture('ACME,FX-1,FX0002,1.0')];
    const before = station([one, other]);
    await before.clock.advance(3000);
    expect(before.bench.plugs[0]).toMatchObject({ state: 'wrong' });
    expect(before.bench.plugs[0]?.alike?.toSorted()).toEqual(['ACME,FX-1,FX0001,1.0', 'ACME,FX-1,FX0002,1.0']);
    await before.bench.close();

    const chosen = 'ACME,FX-1,FX0002,1.0';
    const { bench, clock, serial, state } = station([one, other], { plugs: [{ ...FIXTURE, chosen }] });
    await clock.advance(3000);
    expect(bench.plugs[0]).toMatchObject({ state: 'ready', identity: chosen, chosen });
    expect(bench.plugs[0]?.alike).toBeUndefined();
    serial.leave(other.port);
    await clock.advance(5000);
    expect(state()).not.toBe('ready');
    await bench.close();
  });

  test('rule 23: two that answer the same cannot be chosen between', async () => {
    const { bench, clock } = station([fixture(), fixture()]);
    await clock.advance(3000);
    expect([bench.plugs[0]?.state, bench.plugs[0]?.alike]).toEqual(['wrong', undefined]);
    await bench.close();
  });
});

describe('loss and return', () => {
  test('rules 6, 7: pulled in the middle of a query, the query is lost at once and the plug before it', async () => {
    const device = fixture();
    const { bench, clock, serial, state } = station([device]);
    await clock.advance(0);
    let stateAtFault: string | undefined;
    const asked = bench
      .instrument('fixture')
      .query('MEAS?', never)
      .catch((fault) => {
        stateAtFault = state();
        return fault.code;
      });
    await flush();
    serial.leave(device.port);
    expect(await asked).toBe('lost');
    expect(stateAtFault).toBe('lost');
    expect(bench.plugs[0]).toMatchObject({ message: 'Fixture is gone.', identity: 'ACME,FX-1,FX0001,1.0' });
    await bench.close();
  });

  test('rule 6, pitfalls 10, 13: plugged in again it is bound again with no reload, made safe first', async () => {
    const device = fixture();
    const { clock, serial, state, seen } = station([device]);
    await clock.advance(0);
    serial.leave(device.port);
    await clock.advance(30_000);
    const again = device.replugged();
    again.port.busyOpenings = 2;
    serial.arrive(again.port);
    await clock.advance(100 + 250);
    expect(state()).toBe('ready');
    expect(seen).toEqual(['ready', 'lost', 'ready']);
    expect(again.commands).toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
  });

  test('rule 6: without any event it is found by looking again, at most 2 s later', async () => {
    const { clock, serial, state } = station([]);
    await clock.advance(20_000);
    serial.ports.push(fixture().port);
    await clock.advance(2000);
    expect(state()).toBe('ready');
    expect(clock.timers).toBe(0);
  });

  test('rule 7: what was bound again in the middle of a run is not handed out to it', async () => {
    const device = fixture();
    const { bench, clock, serial, state } = station([device]);
    expect(await bench.check(never)).toEqual([]);
    bench.instrument('fixture');
    serial.leave(device.port);
    serial.arrive(device.replugged().port);
    await clock.advance(100);
    expect(state()).toBe('ready');
    expect(() => bench.instrument('fixture')).toThrow(expect.objectContaining({ code: 'lost' }));
    expect(await bench.check(never)).toEqual([]);
    bench.instrument('fixture');
  });

  test('pitfall 5: a line that fails again and again is a loss, and the port is tried anew', async () => {
    const device = fixture();
    const { clock, state, seen } = station([device]);
    await clock.advance(0);
    for (let i = 0; i < 6; i++) {
      device.port.fail('UnknownError');
      await flush();
    }
    await clock.advance(200);
    expect(seen).toEqual(['ready', 'lost', 'ready']);
    expect(state()).toBe('ready');
    expect(device.port.openings).toHaveLength(2);
  });
});

describe('before, after and at the end of a run', () => {
  test('rule 8: check is empty when everybody is there, and waits for one that is just being looked at', async () => {
    const { bench } = station([fixture()]);
    expect(await bench.check(never)).toEqual([]);
  });

  test('rule 8: a fixture that went mute is found out within its second, and found again when it talks', async () => {
    const device = fixture();
    const { bench, clock, state } = station([device]);
    await clock.advance(100);
    device.mute = true;
    const checked = bench.check(never);
    await clock.advance(1000);
    expect(await checked).toMatchObject([{ key: 'fixture', state: 'lost' }]);
    device.mute = false;
    await clock.advance(3000);
    expect(state()).toBe('ready');
  });

  test('rule 8: another fixture of the same kind is made safe and named; one of another kind is wrong', async () => {
    const device = fixture();
    const { bench, clock } = station([device]);
    await clock.advance(100);
    device.commands.length = 0;
    device.identity = 'ACME,FX-1,FX0002,1.0';
    expect(await bench.check(never)).toEqual([]);
    expect(device.commands).toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
    expect(bench.plugs[0]?.identity).toBe('ACME,FX-1,FX0002,1.0');
    device.identity = 'OTHER,1';
    const checked = bench.check(never);
    await clock.advance(100);
    expect(await checked).toMatchObject([{ state: 'wrong' }]);
    expect(() => bench.instrument('fixture')).toThrow();
  });

  test('rule 8: a check that is stopped says that nothing was checked', async () => {
    const device = fixture();
    const { bench, clock, state } = station([device]);
    await clock.advance(100);
    device.mute = true;
    const stop = new AbortController();
    const checked = bench.check(stop.signal);
    await flush();
    stop.abort();
    expect(await checked).toMatchObject([{ key: 'fixture', message: expect.stringContaining('not checked') }]);
    expect(state()).toBe('ready');
  });

  test('rule 9: the safe state is sent, confirmed, and stops a query that is under way', async () => {
    const device = fixture();
    const { bench, clock } = station([device]);
    await clock.advance(100);
    device.commands.length = 0;
    expect(await bench.makeSafe(never)).toEqual([]);
    expect(device.commands).toEqual(['OUTP OFF', '*IDN?']);
    const asked = bench
      .instrument('fixture')
      .query('SLOW?', never)
      .catch((fault) => fault.code);
    const safe = bench.makeSafe(never);
    expect(await asked).toBe('aborted');
    await clock.advance(1000);
    expect(await safe).toEqual([]);
  });

  test('rule 9: a plug that does not confirm is lost, says that power may be on, and is ready only after it was made safe', async () => {
    const device = fixture();
    const { bench, clock, state } = station([device]);
    await clock.advance(100);
    device.commands.length = 0;
    device.mute = true;
    const safe = bench.makeSafe(never);
    await clock.advance(1000);
    expect(await safe).toMatchObject([{ key: 'fixture', state: 'lost', remedy: expect.stringContaining('powered') }]);
    expect(device.commands[0]).toBe('OUTP OFF');
    await clock.advance(5000);
    expect(bench.plugs[0]?.remedy).toContain('powered');
    device.mute = false;
    device.commands.length = 0;
    await clock.advance(5000);
    expect(state()).toBe('ready');
    expect(device.commands.slice(-2)).toEqual(['OUTP OFF', '*IDN?']);
  });

  test('rule 9: a device that takes nothing any more ends makeSafe by its own deadline', async () => {
    const device = fixture();
    const { bench, clock } = station([device]);
    await clock.advance(100);
    device.port.stalled = true;
    const safe = bench.makeSafe(never);
    await clock.advance(6000);
    expect(await safe).toMatchObject([{ state: 'lost' }]);
  });

  test('rule 9: a plug that is gone did not reach its safe state; one without a safe state has nothing to reach', async () => {
    const { bench, clock } = station([], { plugs: [FIXTURE, DMM] });
    await clock.advance(100);
    expect(await bench.makeSafe(never)).toMatchObject([{ key: 'fixture', state: 'missing' }]);
  });

  test('rule 10, pitfall 35: close makes safe before its first wait, frees the port and looks no further', async () => {
    const device = fixture();
    const { bench, clock } = station([device], { plugs: [FIXTURE, DMM] });
    await clock.advance(100);
    device.commands.length = 0;
    const closing = bench.close();
    await Promise.resolve();
    await clock.advance(100);
    await closing;
    expect(device.commands[0]).toBe('OUTP OFF');
    expect(device.port.opened).toBe(false);
    await clock.advance(60_000);
    expect(device.port.openings).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  test('rule 10: closing in the middle of a probe frees its port as well', async () => {
    const device = fixture();
    device.mute = true;
    const { bench, clock } = station([device]);
    await flush();
    expect(device.port.opened).toBe(true);
    await bench.close();
    await clock.advance(60_000);
    expect(device.port.opened).toBe(false);
    expect(clock.timers).toBe(0);
  });
});

describe('emergency stop', () => {
  const idle = async (options: Partial<BenchOptions> = {}) => {
    const device = fixture();
    const all = station([device], options);
    await all.clock.advance(100);
    expect(await all.bench.check(never)).toEqual([]);
    device.commands.length = 0;
    return { ...all, device };
  };

  test('rule 13: what is in flight is lost at once, the wire is closed, and opened again to make it safe', async () => {
    const { bench, clock, state, device } = await idle();
    device.port.stalled = true;
    const asked = bench
      .instrument('fixture')
      .query('SLOW?', never)
      .catch((fault) => fault.code);
    await flush();
    const over = bench.cutOff();
    expect(state()).toBe('lost');
    expect(() => bench.instrument('fixture')).toThrow(expect.objectContaining({ code: 'lost' }));
    expect(await asked).toBe('lost');
    await flush();
    device.port.takeAgain();
    await clock.advance(500);
    expect(await over).toEqual([]);
    expect(device.port.closings).toBe(1);
    expect(device.commands).toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
    expect(state()).toBe('ready');
    expect(() => bench.instrument('fixture'), 'not for the run that was stopped').toThrow();
    expect(await bench.check(never)).toEqual([]);
    bench.instrument('fixture');
  });

  test('rule 13: without a confirmed safe state it says that power may be on, and no run begins until it came', async () => {
    const { bench, clock, state, device } = await idle();
    device.mute = true;
    const over = bench.cutOff();
    await clock.advance(6000);
    expect(await over).toMatchObject([{ key: 'fixture', state: 'lost', remedy: expect.stringContaining('powered') }]);
    const checked = bench.check(never);
    await clock.advance(1000);
    expect(await checked).toMatchObject([{ key: 'fixture', message: expect.stringContaining('emergency stop') }]);
    device.mute = false;
    device.commands.length = 0;
    await clock.advance(5000);
    expect(state()).toBe('ready');
    expect(device.commands.slice(-2)).toEqual(['OUTP OFF', '*IDN?']);
    expect(await bench.check(never)).toEqual([]);
  });

  test('rule 13: pressed again, the safe state that is on its way is not cut off', async () => {
    const { bench, clock, device } = await idle();
    const over = bench.cutOff();
    expect(bench.cutOff()).toBe(over);
    await clock.advance(500);
    expect(await over).toEqual([]);
    expect(device.port.closings).toBe(1);
    void bench.cutOff();
    await clock.advance(500);
    expect(device.port.closings, 'later it is another one').toBe(2);
  });

  test.each(['before', 'after'])('rule 13: the safe state of the run waits for it, asked for %s it', async (when) => {
    const { bench, clock, device } = await idle();
    const earlier = when === 'before' ? bench.makeSafe(never) : null;
    void bench.cutOff();
    const safe = earlier ?? bench.makeSafe(never);
    await clock.advance(2000);
    expect(await safe).toEqual([]);
    expect(device.commands.at(-2)).toBe('OUTP OFF');
  });

  test('rule 13: a plug that is just being made ready is left to it', async () => {
    const device = fixture();
    device.port.onReceive = ((receive) => (bytes: Uint8Array) => {
      receive(bytes);
      // Its safe state has been heard, and is not confirmed yet.
      if (device.commands.at(-1) === 'OUTP OFF') device.mute = true;
    })(device.port.onReceive);
    const { bench, clock, state } = station([device]);
    await flush();
    expect(device.commands.at(-1)).toBe('*IDN?');
    const over = bench.cutOff();
    device.mute = false;
    device.port.send(`${device.identity}\n`);
    await clock.advance(0);
    expect(await over).toEqual([]);
    expect(state()).toBe('ready');
    expect(device.port.closings).toBe(0);
  });

  test('rule 13: every plug is cut, real and simulated; one without a safe state has none to confirm', async () => {
    const psu: BenchPlug = { key: 'psu', name: 'Supply', driver: 'scpi', safeState: ['OUTP OFF'] };
    const { bench, clock, state } = await idle({
      plugs: [FIXTURE, psu, { ...psu, key: 'dmm', name: 'Multimeter', safeState: [] }],
      simulatedBench: parseBench({ psu: { '*IDN?': 'ACME,PSU' } }),
    });
    const over = bench.cutOff();
    expect([state(), state('psu'), state('dmm')]).toEqual(['lost', 'lost', 'lost']);
    expect(bench.plugs.at(-1)?.message).toBe('Multimeter was cut off by the emergency stop.');
    await clock.advance(2000);
    expect(await over).toEqual([]);
    expect([state(), state('psu'), state('dmm')]).toEqual(['ready', 'ready', 'ready']);
  });

  test('rule 13: closing lets it finish', async () => {
    const { bench, clock, device } = await idle();
    void bench.cutOff();
    const closing = bench.close();
    await clock.advance(1000);
    await closing;
    expect(device.commands).toContain('OUTP OFF');
    expect(device.port.opened).toBe(false);
    expect(clock.timers).toBe(0);
  });
});

describe('simulated plugs', () => {
  const BENCH = {
    fixture: { '*IDN?': 'ACME,FX-1,SIM,1', 'V?': ['1', '2'], 'BOOM?': { lost: true } },
    units: { '13$': { fixture: { 'V?': '9' } } },
  };

  test('rule 11: with `simulated` every plug is, without any clock, and no port is opened', async () => {
    const device = fixture();
    const { bench } = station([device], { simulated: true, simulatedBench: parseBench(BENCH), plugs: [FIXTURE, DMM] });
    await flush();
    expect(bench.plugs).toMatchObject([
      { state: 'ready', simulated: true, identity: 'ACME,FX-1,SIM,1' },
      { state: 'ready', simulated: true, identity: 'SIMULATED,DMM,0,0' },
    ]);
    expect(await bench.instrument('fixture').query('V?', never)).toBe('1');
    expect(device.port.openings).toEqual([]);
  });

  test('rule 11: a plug without a resource is simulated beside real ones', async () => {
    const { resource: _, ...loose } = DMM;
    const { bench, clock } = station([fixture()], { simulatedBench: parseBench(BENCH), plugs: [FIXTURE, loose] });
    await clock.advance(0);
    expect(bench.plugs).toMatchObject([
      { state: 'ready', simulated: false },
      { state: 'ready', simulated: true },
    ]);
  });

  test('rule 11: an identity that the bench states and that does not match is wrong', async () => {
    const { clock, state } = station([], {
      simulated: true,
      simulatedBench: parseBench({ fixture: { '*IDN?': 'OTHER' } }),
    });
    await clock.advance(200);
    expect(state()).toBe('wrong');
  });

  test('rule 11: without a bench plugs are there, and no query is answered: nothing can pass', async () => {
    const unknown: string[] = [];
    const { bench, clock } = station([], {
      simulated: true,
      onUnknownQuery: (key, query) => unknown.push(`${key} ${query}`),
    });
    expect(await bench.check(never)).toEqual([]);
    const asked = expect(bench.instrument('fixture').query('V?', never)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(2000);
    await asked;
    expect(unknown).toEqual(['fixture V?']);
  });

  test('rule 11: the unit on the fixture decides the answers, and a cut wire is mended for the next unit', async () => {
    const simulatedBench = parseBench(BENCH);
    const { bench, clock, state } = station([], { simulated: true, simulatedBench });
    simulatedBench.setUnit('SN-000113');
    expect(await bench.check(never)).toEqual([]);
    expect(await bench.instrument('fixture').query('V?', never)).toBe('9');
    await expect(bench.instrument('fixture').query('BOOM?', never)).rejects.toMatchObject({ code: 'lost' });
    await clock.advance(10_000);
    expect(state()).toBe('lost');
    expect(await bench.makeSafe(never)).toMatchObject([{ key: 'fixture' }]);
    simulatedBench.setUnit('SN-000002');
    expect(await bench.check(never)).toEqual([]);
    expect(await bench.instrument('fixture').query('V?', never)).toBe('1');
    await bench.close();
    expect(clock.timers).toBe(0);
  });

  test('an unknown plug is a fault, not silence', () => {
    const { bench } = station([]);
    expect(() => bench.instrument('nobody')).toThrow(expect.objectContaining({ code: 'lost' }));
  });
});
