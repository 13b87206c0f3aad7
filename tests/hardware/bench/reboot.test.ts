/** Rule 18 of the bench: a reboot that the procedure expects is no loss, and never takes another device for the own. */
import { describe, expect, test } from 'vitest';
import type { ExpectedReboot } from '#hardware/bench/bench.ts';
import { createBench, type BenchOptions } from '#hardware/bench/create-bench.ts';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { parseBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { FakeSerial } from '../transport/serial/fake-serial.ts';
import { FakeFixture } from './fake-fixture.ts';
import { FIXTURE_WIRE } from './fixture-wire.ts';

const never = new AbortController().signal;
const nothing = () => Promise.resolve();
const DUT: BenchPlug = { key: 'dut', name: 'Board', driver: 'scpi', resource: FIXTURE_WIRE, safeState: ['OUTP OFF'] };
const OTHER: BenchPlug = {
  ...DUT,
  key: 'dmm',
  name: 'Multimeter',
  resource: { ...FIXTURE_WIRE, usb: ['2a8d:0101'], identity: '^DMM' },
};
const { identity: _, ...ANYBODY } = FIXTURE_WIRE;
const CONSOLE: BenchPlug = {
  key: 'dut',
  name: 'Console',
  driver: 'console',
  safeState: [],
  resource: { ...ANYBODY, identityQuery: '', usb: ['10c4:ea60'] },
  console: { prompt: '^root# $' },
};
const IDENTITY = 'ACME,FX-1,FX0001,1.0';

/** A bench on which everybody was checked, and a reboot of `dut` that is being waited for. */
async function station(fixtures: readonly FakeFixture[], options: Partial<BenchOptions> = {}) {
  const clock = new FakeClock();
  const serial = new FakeSerial(fixtures.map(({ port }) => port));
  const bench = createBench({
    plugs: [DUT],
    ports: serialPorts(serial),
    simulatedBench: null,
    simulated: false,
    clock,
    ...options,
  });
  await clock.advance(100);
  const run = bench.inSlot();
  const checked = run.check(never);
  await clock.advance(100);
  expect(await checked).toEqual([]);
  const seen: string[] = [];
  bench.onChange((plugs) => seen.push(plugs.map(({ state }) => state).join(' ')));
  const expectReboot = async (
    expected: Partial<ExpectedReboot> = {},
    cause: () => Promise<void> = nothing,
    signal = never,
  ) => {
    const ended = { how: 'waits' };
    run.reboot('dut', { withinMs: 20_000, ...expected }, cause, signal).then(
      () => (ended.how = 'back'),
      (fault) => (ended.how = `${fault.code}: ${fault.message}`),
    );
    await flush();
    return ended;
  };
  return { bench, run, clock, serial, seen, expectReboot };
}

/** Pulled out, and there again as another port after a while. */
async function replug(device: FakeFixture, { serial, clock }: { serial: FakeSerial; clock: FakeClock }, awayMs = 800) {
  serial.leave(device.port);
  await clock.advance(awayMs);
  const again = device.replugged();
  serial.arrive(again.port);
  await clock.advance(300);
  return again;
}

describe('rule 19: a device that leaves the bus', () => {
  test('may leave as soon as it is told to, is not lost meanwhile, and is the run’s own again when it is back', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const { run, seen, expectReboot } = stage;
    const ended = await expectReboot({}, () => run.instrument('dut').write('BOOT', never));
    expect(device.commands.at(-1), 'asked who it is until it leaves').toBe('*IDN?');
    expect(device.commands).toContain('BOOT');
    const again = await replug(device, stage);
    expect(ended.how).toBe('back');
    expect(seen, 'never lost').toEqual(['rebooting', 'ready']);
    expect(again.commands, 'safe first, as ever').toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
    again.answers.set('V?', '3.3');
    expect(await run.instrument('dut').query('V?', never)).toBe('3.3');
    expect(await run.check(never)).toEqual([]);
    await stage.bench.close();
    expect(stage.clock.timers).toBe(0);
  });

  test('a second reboot of the same run is one too; a loss between them is a loss', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    await stage.expectReboot();
    const once = await replug(device, stage);
    const second = await stage.expectReboot();
    const twice = await replug(once, stage);
    expect(second.how).toBe('back');
    stage.run.instrument('dut');
    await replug(twice, stage);
    expect(() => stage.run.instrument('dut')).toThrow('gone for a while');
    expect((await stage.expectReboot()).how).toContain('lost: Board was gone before its reboot was expected');
  });

  test('gone for good it is an error after its time, says so, and is looked for as ever', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot();
    stage.serial.leave(device.port);
    await stage.clock.advance(19_900);
    expect(ended.how).toBe('waits');
    await stage.clock.advance(100);
    expect(ended.how).toBe('lost: Board left and did not come back within 20 s.');
    expect(stage.bench.plugs[0]).toMatchObject({ state: 'lost', message: 'Board is gone.' });
    expect(await stage.run.makeSafe(never)).toMatchObject([{ key: 'dut', state: 'lost' }]);
    const again = device.replugged();
    stage.serial.arrive(again.port);
    await stage.clock.advance(300);
    expect(again.commands, 'and made safe when it comes').toContain('OUTP OFF');
    expect(() => stage.run.instrument('dut')).toThrow('gone for a while');
  });

  test('back and mute is said', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot();
    stage.serial.leave(device.port);
    const again = device.replugged();
    again.mute = true;
    stage.serial.arrive(again.port);
    await stage.clock.advance(20_000);
    expect(ended.how).toContain('did not come back within 20 s. Board: a device is plugged in, but it does not answer');
  });

  test('another device of the same kind in its place is no return, and is not switched', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot({ withinMs: 5000 });
    stage.serial.leave(device.port);
    const stranger = new FakeFixture('ACME,FX-1,FX0002,1.0');
    stage.serial.arrive(stranger.port);
    await stage.clock.advance(4900);
    expect(ended.how).toBe('waits');
    expect(stranger.commands).not.toContain('OUTP OFF');
    await stage.clock.advance(1000);
    expect(ended.how).toContain('identity-mismatch: Board came back as something else');
    expect(ended.how).toContain('FX0002');
  });

  test('a device that was there before does not come back, although it answers alike', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const twin = new FakeFixture(IDENTITY);
    stage.serial.arrive(twin.port);
    await stage.clock.advance(100);
    const ended = await stage.expectReboot();
    stage.serial.leave(device.port);
    await stage.clock.advance(3000);
    expect(ended.how).toBe('waits');
    expect(twin.port.openings, 'it is not even asked').toEqual([]);
    const again = device.replugged();
    stage.serial.arrive(again.port);
    await stage.clock.advance(300);
    expect(ended.how).toBe('back');
    again.answers.set('V?', '3.3');
    expect(await stage.run.instrument('dut').query('V?', never)).toBe('3.3');
  });

  test('two that come and answer alike are refused', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot({ withinMs: 3000 });
    stage.serial.leave(device.port);
    stage.serial.arrive(device.replugged().port);
    stage.serial.arrive(device.replugged().port);
    await stage.clock.advance(4000);
    expect(ended.how).toContain('identity-mismatch: Board came back and is not alone');
    expect(() => stage.run.instrument('dut'), 'neither of them is the run’s').toThrow('gone for a while');
  });

  test('another plug that is lost meanwhile is lost as ever', async () => {
    const [device, meter] = [new FakeFixture(IDENTITY), new FakeFixture('DMM,1', [0x2a8d, 0x0101])];
    const stage = await station([device, meter], { plugs: [DUT, OTHER] });
    const ended = await stage.expectReboot();
    stage.serial.leave(meter.port);
    await flush();
    expect(stage.bench.plugs.map(({ state }) => state)).toEqual(['ready', 'lost']);
    await replug(device, stage);
    expect(ended.how).toBe('back');
    expect(() => stage.run.instrument('dmm')).toThrow('gone');
  });

  test('a stop ends it at once: what comes later is not the run’s, and is made safe', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const stop = new AbortController();
    const ended = await stage.expectReboot({}, nothing, stop.signal);
    stage.serial.leave(device.port);
    await flush();
    stop.abort();
    await flush();
    expect(ended.how).not.toBe('waits');
    expect(stage.bench.plugs[0]).toMatchObject({ state: 'lost' });
    const again = device.replugged();
    stage.serial.arrive(again.port);
    await stage.clock.advance(300);
    expect(() => stage.run.instrument('dut')).toThrow('gone for a while');
    expect(await stage.run.makeSafe(never)).toEqual([]);
    await stage.bench.close();
    expect(stage.clock.timers).toBe(0);
  });

  test('an emergency stop in the middle of it waits for the safe state as ever', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const stop = new AbortController();
    await stage.expectReboot({}, nothing, stop.signal);
    device.commands.length = 0;
    const over = stage.bench.cutOff();
    stop.abort();
    expect(stage.bench.plugs[0]).toMatchObject({ state: 'lost', message: expect.stringContaining('emergency stop') });
    await stage.clock.advance(2000);
    expect(await over).toEqual([]);
    expect(device.commands).toContain('OUTP OFF');
  });

  test('what makes it reboot may fail, and then that is what is said', async () => {
    const stage = await station([new FakeFixture(IDENTITY)]);
    const ended = await stage.expectReboot({}, () => Promise.reject(new Error('no power')));
    expect(ended.how).toContain('no power');
    expect(stage.bench.plugs[0]).toMatchObject({ state: 'ready' });
  });
});

describe('rule 19: a device that stays on its wire', () => {
  test('has left when it did not answer, and is back when it says who it is', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot();
    await stage.clock.advance(500);
    expect(ended.how, 'it has not gone down yet').toBe('waits');
    device.mute = true;
    await stage.clock.advance(3000);
    device.port.send('boot v2\nloading\n');
    device.mute = false;
    await stage.clock.advance(3000);
    expect(ended.how).toBe('back');
    expect(stage.seen, 'it was never away').toEqual([]);
    device.answers.set('V?', '3.3');
    expect(await stage.run.instrument('dut').query('V?', never)).toBe('3.3');
    expect(device.port.openings).toHaveLength(1);
  });

  test('one that answers all the time never left', async () => {
    const stage = await station([new FakeFixture(IDENTITY)]);
    const ended = await stage.expectReboot({ withinMs: 2000 });
    await stage.clock.advance(2100);
    expect(ended.how).toBe('timeout: Board was expected to reboot and never left within 2 s.');
    stage.run.instrument('dut');
  });

  test('one that falls silent for good did not come back', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot({ withinMs: 4000 });
    device.mute = true;
    await stage.clock.advance(5000);
    expect(ended.how).toBe('lost: Board fell silent and did not come back within 4 s.');
  });

  test('one that answers otherwise afterwards is another', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot({ withinMs: 3000 });
    device.identity = 'ACME,LOADER,1';
    await stage.clock.advance(4000);
    expect(ended.how).toContain('came back as something else: it answers “ACME,LOADER,1”');
  });

  test('a console is not asked, and is back when it has printed what is waited for since then', async () => {
    const device = new FakeFixture('', [0x10c4, 0xea60]);
    const stage = await station([device], { plugs: [CONSOLE] });
    device.port.send('board login: ');
    await stage.clock.advance(100);
    const ended = await stage.expectReboot({ until: 'login: ?$' }, () =>
      stage.run.instrument('dut').write('reboot', never),
    );
    await stage.clock.advance(2000);
    expect(ended.how, 'what stood there before does not count').toBe('waits');
    expect(device.commands).toEqual(['reboot']);
    device.port.send('U-Boot 2026.01\nHit any key to stop autoboot\nboard login: ');
    await stage.clock.advance(200);
    expect(ended.how).toBe('back');
    expect(await stage.run.instrument('dut').read('log', never)).toContain('Hit any key');
    expect(stage.run.instrument('dut').takeLines?.()).toContain('Hit any key to stop autoboot');
    expect(device.commands, 'no key was pressed').toEqual(['reboot']);
  });

  test('a console that says nothing of the kind is told with its last line', async () => {
    const device = new FakeFixture('', [0x10c4, 0xea60]);
    const stage = await station([device], { plugs: [CONSOLE] });
    const ended = await stage.expectReboot({ until: 'login:', withinMs: 3000 });
    device.port.send('Kernel panic\n=> ');
    await stage.clock.advance(3000);
    expect(ended.how).toContain('did not print what was waited for within 3 s; last was “=> ”');
  });
});

describe('rule 19: a device that becomes another', () => {
  const loader = () => new FakeFixture('ACME,LOADER,9', [0x0483, 0xdf11]);
  const as = { usb: ['0483:df11'], identity: '^ACME,LOADER' };

  test('is bound as what the procedure says, and back again; the next run finds it as it should be', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const there = await stage.expectReboot({ as });
    stage.serial.leave(device.port);
    const boot = loader();
    stage.serial.arrive(boot.port);
    await stage.clock.advance(300);
    expect(there.how).toBe('back');
    boot.answers.set('ERASE?', 'OK');
    expect(await stage.run.instrument('dut').query('ERASE?', never)).toBe('OK');
    const home = await stage.expectReboot({ as: { identity: '^ACME,FX-1,.*,2.0$' } });
    stage.serial.leave(boot.port);
    const updated = new FakeFixture('ACME,FX-1,FX0001,2.0');
    stage.serial.arrive(updated.port);
    await stage.clock.advance(300);
    expect(home.how).toBe('back');
    expect(await stage.bench.inSlot().check(never)).toEqual([]);
  });

  test('is refused where the procedure does not say it, and named', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot({ withinMs: 2000 });
    stage.serial.leave(device.port);
    stage.serial.arrive(loader().port);
    await stage.clock.advance(2100);
    expect(ended.how).toBe(
      'identity-mismatch: Board came back as something else: what came within 2 s is USB 0483:df11.',
    );
  });

  test('that comes back as it was is refused too, and made safe all the same', async () => {
    const device = new FakeFixture(IDENTITY);
    const stage = await station([device]);
    const ended = await stage.expectReboot({ as, withinMs: 2000 });
    const again = await replug(device, stage);
    await stage.clock.advance(2000);
    expect(ended.how).toContain('came back as something else: what came within 2 s is USB 0403:6001');
    expect(again.commands).toContain('OUTP OFF');
    expect(() => stage.run.instrument('dut')).toThrow('gone for a while');
  });

  test('and stays it, is found to be made safe, and no further run begins with it', async () => {
    const stage = await station([new FakeFixture(IDENTITY)]);
    await stage.expectReboot({ as });
    stage.serial.leave(stage.serial.ports[0]!);
    const boot = loader();
    stage.serial.arrive(boot.port);
    await stage.clock.advance(300);
    stage.serial.leave(boot.port);
    const again = loader();
    stage.serial.arrive(again.port);
    await stage.clock.advance(300);
    expect(again.commands).toContain('OUTP OFF');
    const checked = stage.bench.inSlot().check(never);
    await stage.clock.advance(2000);
    expect(await checked).toMatchObject([
      { state: 'wrong', message: 'Board is still USB 0483:df11, which it became by a reboot in an earlier run.' },
    ]);
  });
});

test('rule 19: a simulated device is away for as long as its bench says', async () => {
  const stage = await station([], {
    simulated: true,
    simulatedBench: parseBench({ dut: { '*IDN?': IDENTITY, BOOT: { reboot: '800ms' }, 'V?': '3.3' } }),
  });
  const ended = await stage.expectReboot({}, () =>
    // It is gone before the command was handed over whole.
    stage.run
      .instrument('dut')
      .write('BOOT', never)
      .catch(() => undefined),
  );
  await stage.clock.advance(700);
  expect([ended.how, stage.bench.plugs[0]?.state]).toEqual(['waits', 'rebooting']);
  await stage.clock.advance(300);
  expect(ended.how).toBe('back');
  expect(await stage.run.instrument('dut').query('V?', never)).toBe('3.3');
  await stage.bench.close();
  expect(stage.clock.timers).toBe(0);
});
