/** The bench over WebUSB: rules as for serial ports (src/hardware/bench/RULES.md), and what only USB knows. */
import { describe, expect, test } from 'vitest';
import { createBench, type BenchOptions } from '#hardware/bench/create-bench.ts';
import type { BenchPlug, UsbtmcResource } from '#hardware/bench/plug.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { usbDevices } from '#hardware/transport/usb/usb-devices.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { FakeSerial } from '../transport/serial/fake-serial.ts';
import { ascii } from '../transport/usb/fake-usbtmc.ts';
import { CDC, FTDI, IN as SERIAL_IN, SETTINGS } from '../transport/usb/fake-chips.ts';
import { FakeUsb } from '../transport/usb/fake-usb.ts';
import type { FakeUsbDevice } from '../transport/usb/fake-usb-device.ts';
import { FakeUsbtmc } from '../transport/usb/fake-usbtmc.ts';
import { FakeFixture } from './fake-fixture.ts';

const never = new AbortController().signal;
const USBTMC: UsbtmcResource = {
  kind: 'usbtmc',
  usb: ['2a8d:*'],
  terminator: '\n',
  identity: '^ACME,TMC-1,',
  identityQuery: '*IDN?',
  resetOnOpenMs: 0,
};
const METER: BenchPlug = { key: 'dmm', name: 'Multimeter', driver: 'scpi-dmm', resource: USBTMC, safeState: [] };
const SERIAL = { ...SETTINGS, usb: ['1209:0002'], terminator: '\n', identityQuery: '*IDN?', resetOnOpenMs: 0 };
const PORT: BenchPlug = {
  key: 'fixture',
  name: 'Fixture',
  driver: 'scpi',
  resource: { kind: 'serial', ...SERIAL },
  safeState: ['OUTP OFF'],
};

interface StationOptions extends Partial<BenchOptions> {
  readonly system?: HostSystem;
  readonly serial?: FakeSerial;
}

function station(devices: readonly FakeUsbDevice[], { system = 'linux', serial, ...options }: StationOptions = {}) {
  const clock = new FakeClock();
  const usb = new FakeUsb([...devices]);
  const bench = createBench({
    plugs: [METER],
    ports: serialPorts(serial),
    usb: usbDevices(usb, system),
    simulatedBench: null,
    simulated: false,
    clock,
    ...options,
  });
  const states = () => bench.plugs.map(({ state }) => state);
  return { bench, clock, usb, states };
}

function meter(serialNumber = 'MY1', identity = `ACME,TMC-1,${serialNumber},1.0`): FakeUsbtmc {
  const device = new FakeUsbtmc({ serialNumber });
  device.answers.set('*IDN?', `${identity}\n`);
  return device;
}

/** A fixture behind CDC-ACM that says who it is. */
function serialFixture(identity = 'ACME,FX-1,FX0001,1.0') {
  const device = CDC.make();
  let line = '';
  const commands: string[] = [];
  device.onOut = (_endpoint, bytes) => {
    line += String.fromCharCode(...bytes);
    const lines = line.split('\n');
    line = lines.pop() ?? '';
    for (const command of lines) {
      commands.push(command);
      if (command === '*IDN?') device.send(SERIAL_IN, ascii(`${identity}\n`));
    }
  };
  return { device, commands };
}

describe('an instrument over USBTMC', () => {
  test('rule 1: is ready when its identity matched; its USB serial number is shown', async () => {
    const { bench, clock, states } = station([meter('MY54321')]);
    await clock.advance(100);
    expect(states()).toEqual(['ready']);
    expect(bench.plugs[0]).toMatchObject({
      identity: 'ACME,TMC-1,MY54321,1.0',
      serialNumber: 'MY54321',
      reach: 'usb',
      usb: ['2a8d:*'],
    });
    await bench.close();
  });

  test('a reading goes through driver, session and wire', async () => {
    const device = meter();
    device.answers.set('MEAS:VOLT:DC?', '3.301\n');
    const { bench, clock } = station([device]);
    await clock.advance(100);
    expect(await bench.instrument('dmm').read('voltage_dc', never)).toBe('3.301');
    await bench.close();
    expect(device.isFree).toBe(true);
  });

  test('rule 2: who is not of the class, or has another id, is not opened', async () => {
    const [other, port] = [new FakeUsbtmc({ vendorId: 0x1ab1 }), CDC.make()];
    const { clock, states } = station([other, port], {
      plugs: [{ ...METER, resource: { ...USBTMC, usb: ['2a8d:*', '1209:*'] } }],
    });
    await clock.advance(5000);
    expect(states()).toEqual(['missing']);
    expect([other.openings, port.openings]).toEqual([0, 0]);
  });

  test('rules 6, 7: pulled and plugged in again it is ready by itself', async () => {
    const device = meter();
    const { clock, usb, states } = station([device]);
    await clock.advance(100);
    usb.leave(device);
    await flush();
    expect(states()).toEqual(['lost']);
    usb.arrive(meter());
    await clock.advance(300);
    expect(states()).toEqual(['ready']);
  });

  test('rule 13: an emergency stop cuts it, and it is ready again after its safe state', async () => {
    const device = meter();
    const { bench, clock, states } = station([device], { plugs: [{ ...METER, safeState: ['OUTP OFF'] }] });
    await clock.advance(200);
    device.messages.length = 0;
    const cut = bench.cutOff();
    expect(states()).toEqual(['lost']);
    await clock.advance(7000);
    expect(await cut).toEqual([]);
    expect(device.messages).toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
    expect(states()).toEqual(['ready']);
    await bench.close();
  });

  test('pitfall 50: a claim that is refused is told with what to do on this system', async () => {
    const device = meter();
    device.busyClaims = 999;
    const { bench, clock } = station([device], { system: 'windows' });
    await clock.advance(300);
    expect(bench.plugs[0]).toMatchObject({
      state: 'missing',
      message: 'Multimeter cannot be used: a driver of the system, another program or another tab holds it.',
      remedy: expect.stringContaining('VISA'),
    });
  });

  test('rule 5: a browser without WebUSB, and one that refuses it, say so', async () => {
    const without = createBench({
      plugs: [METER],
      ports: null,
      usb: null,
      simulatedBench: null,
      simulated: false,
      clock: new FakeClock(),
    });
    await flush();
    expect(without.plugs[0]).toMatchObject({ state: 'permission', message: expect.stringContaining('USB devices') });
    const { bench, usb, clock } = station([]);
    usb.refusal = 'SecurityError';
    await clock.advance(100);
    expect(bench.plugs[0]).toMatchObject({ state: 'permission', remedy: expect.stringContaining('USB devices') });
  });
});

describe('two equal devices', () => {
  const byNumber = (key: string, serialNumber: string): BenchPlug => ({
    ...METER,
    key,
    name: key,
    resource: { ...USBTMC, serialNumber },
  });

  test('pitfall 14: told apart by their USB serial numbers, unopened', async () => {
    const [one, two, three] = [meter('MY1'), meter('MY2'), meter('MY3')];
    const { bench, clock } = station([one, two, three], { plugs: [byNumber('b', 'MY2'), byNumber('a', 'MY1')] });
    await clock.advance(100);
    expect(bench.plugs.map(({ state, serialNumber }) => [state, serialNumber])).toEqual([
      ['ready', 'MY2'],
      ['ready', 'MY1'],
    ]);
    expect(three.openings).toBe(0);
  });

  test('pitfall 14: told apart by identity', async () => {
    const plug = (key: string, identity: string): BenchPlug => ({
      ...METER,
      key,
      name: key,
      resource: { ...USBTMC, identity },
    });
    const { bench, clock } = station([meter('MY1'), meter('MY2')], { plugs: [plug('a', 'MY2'), plug('b', 'MY1')] });
    await clock.advance(100);
    expect(bench.plugs.map(({ state, serialNumber }) => [state, serialNumber])).toEqual([
      ['ready', 'MY2'],
      ['ready', 'MY1'],
    ]);
  });

  test('rule 14: neither tells them apart: refused with both named, and no run begins', async () => {
    const { bench, clock } = station([meter('MY1'), meter('MY2')]);
    await clock.advance(100);
    expect(bench.plugs[0]).toMatchObject({
      state: 'wrong',
      message: expect.stringContaining('“ACME,TMC-1,MY1,1.0” and “ACME,TMC-1,MY2,1.0”'),
      remedy: expect.stringContaining('MY1, MY2'),
    });
    const refused = bench.check(never);
    await clock.advance(1000);
    expect(await refused).toMatchObject([{ key: 'dmm', state: 'wrong' }]);
    await clock.advance(10_000);
    expect(bench.plugs[0]?.state).toBe('wrong');
  });

  test('rule 14: one of them unplugged, whichever it is, the other is the plug', async () => {
    for (const at of [0, 1]) {
      const devices = [meter('MY1'), meter('MY2')];
      const { bench, clock, usb } = station(devices);
      await clock.advance(100);
      usb.leave(devices[at]!);
      await clock.advance(500);
      expect(bench.plugs[0]).toMatchObject({ state: 'ready', serialNumber: at === 0 ? 'MY2' : 'MY1' });
      expect(await bench.check(never)).toEqual([]);
      await bench.close();
    }
  });

  test('rule 14: what is in doubt can still be made safe', async () => {
    const devices = [meter('MY1'), meter('MY2')];
    const { bench, clock } = station(devices, { plugs: [{ ...METER, safeState: ['OUTP OFF'] }] });
    await clock.advance(200);
    expect(bench.plugs[0]?.state).toBe('wrong');
    for (const device of devices) device.messages.length = 0;
    const safe = bench.makeSafe(never);
    await clock.advance(2000);
    expect(await safe).toEqual([]);
    expect(devices.flatMap(({ messages }) => messages)).toContain('OUTP OFF');
  });

  test('rule 14: two serial adapters as well', async () => {
    const fixtures = [new FakeFixture('ACME,FX-1,A'), new FakeFixture('ACME,FX-1,B')];
    const plug = { ...PORT, resource: { kind: 'serial', ...SERIAL, usb: ['0403:6001'] } } as const;
    const serial = new FakeSerial(fixtures.map(({ port }) => port));
    const { bench, clock } = station([], { plugs: [plug], serial });
    await clock.advance(100);
    expect(bench.plugs[0]).toMatchObject({ state: 'wrong', message: expect.stringContaining('Two devices') });
    serial.leave(fixtures[1]!.port);
    await clock.advance(100);
    expect(bench.plugs[0]?.state).toBe('ready');
  });

  test('rule 14: a check waits for a device that is just being looked at', async () => {
    const slow = meter('MY2');
    slow.clearPending = 3;
    const { bench, clock } = station([meter('MY1'), slow]);
    await clock.advance(12);
    expect(bench.plugs[0]?.state).toBe('ready');
    const checked = bench.check(never);
    await clock.advance(1000);
    expect(await checked).toMatchObject([{ state: 'wrong' }]);
  });
});

describe('a serial plug without Web Serial', () => {
  test('pitfall 39: is reached over WebUSB, by its chip', async () => {
    const { device, commands } = serialFixture();
    const { bench, clock, states } = station([device], { plugs: [PORT], system: 'chromeos' });
    await clock.advance(100);
    expect(states()).toEqual(['ready']);
    expect(bench.plugs[0]?.reach).toBe('usb');
    expect(commands).toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
    await bench.close();
    expect(device.isFree).toBe(true);
  });

  test('pitfall 39: on Android as well, where Web Serial is there and shows no wired port', async () => {
    const { device } = serialFixture();
    const { clock, states } = station([device], { plugs: [PORT], system: 'android', serial: new FakeSerial([]) });
    await clock.advance(100);
    expect(states()).toEqual(['ready']);
  });

  test('where Web Serial is there a serial plug is its alone; `usb_serial` is always WebUSB', async () => {
    const { device } = serialFixture();
    const options = { system: 'linux', serial: new FakeSerial([]) } as const;
    const serial = station([device], { plugs: [PORT], ...options });
    await serial.clock.advance(1000);
    expect(serial.states()).toEqual(['missing']);
    expect(serial.bench.plugs[0]?.reach).toBe('serial');
    await serial.bench.close();
    const plug: BenchPlug = { ...PORT, resource: { ...SERIAL, kind: 'usb_serial' } };
    const own = station([device], { plugs: [plug], ...options });
    await own.clock.advance(100);
    expect(own.states()).toEqual(['ready']);
    expect(own.bench.plugs[0]?.reach).toBe('usb');
  });

  test('a rate that its chip cannot do is told in its words', async () => {
    const device = FTDI.make();
    const plug: BenchPlug = { ...PORT, resource: { kind: 'serial', ...SERIAL, usb: ['0403:*'], baudRate: 2_500_000 } };
    const { bench, clock } = station([device], { plugs: [plug], system: 'chromeos' });
    await clock.advance(100);
    expect(bench.plugs[0]).toMatchObject({ state: 'missing', message: expect.stringContaining('2500000 baud') });
  });
});

describe('a bulk device of its own', () => {
  test('is asked as any other, on the interface that is named', async () => {
    const { device } = serialFixture();
    const plug = (interfaceNumber?: number): BenchPlug => ({
      ...PORT,
      resource: {
        kind: 'usb',
        usb: ['1209:0002'],
        terminator: '\n',
        identityQuery: '*IDN?',
        resetOnOpenMs: 0,
        zeroLengthPacket: false,
        ...(interfaceNumber === undefined ? {} : { interfaceNumber }),
      },
    });
    const first = station([device], { plugs: [plug()] });
    await first.clock.advance(100);
    expect(first.states()).toEqual(['ready']);
    await first.bench.close();
    const named = station([device], { plugs: [plug(3)] });
    await named.clock.advance(100);
    expect(named.states()).toEqual(['ready']);
    await named.bench.close();
    const wrong = station([device], { plugs: [plug(7)] });
    await wrong.clock.advance(100);
    expect(wrong.states()).toEqual(['missing']);
  });
});
