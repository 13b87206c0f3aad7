/**
 * The station's barcode scanners on serial ports, over the fake ports that pass the transport suite, beside a bench that
 * looks for its fixture on the same ports. Rules: hardware/bench/RULES.md (21, 22), bench-worker/RULES.md (16).
 */
import { describe, expect, test } from 'vitest';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { PortsApart } from '#hardware/bench/ports-apart.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { Scanners } from '../../src/bench-worker/scanners.ts';
import { View } from '../../src/bench-worker/view.ts';
import { FakeFixture } from '../hardware/bench/fake-fixture.ts';
import { FakeClock } from '../hardware/fake-clock.ts';
import { FakeSerial } from '../hardware/transport/serial/fake-serial.ts';
import { FakeSerialPort } from '../hardware/transport/serial/fake-serial-port.ts';
import { FIXTURE_WIRE } from '../hardware/bench/fixture-wire.ts';

const SCANNER = '0c2e:0901';
const ADAPTER = '0403:6001';
const plugOn = (...usb: string[]): BenchPlug => ({
  key: 'fixture',
  name: 'Fixture',
  driver: 'scpi',
  safeState: ['OUTP OFF'],
  resource: { ...FIXTURE_WIRE, usb },
});
const scannerPort = () => new FakeSerialPort(0x0c2e, 0x0901);
const adapterPort = () => new FakeSerialPort(0x0403, 0x6001);
const fixtureOn = () => new FakeFixture('ACME,FX-1,FX0001,1.0');

/** Time that everything needs to be found. */
const SOON_MS = 3000;

async function station(ports: FakeSerialPort[], kept: readonly string[] = [], plugs: readonly BenchPlug[] = []) {
  const clock = new FakeClock();
  const serial = new FakeSerial(ports);
  const apart = new PortsApart(serialPorts(serial, 'linux'), null);
  const scanned: string[] = [];
  const view = new View((news) => news.kind === 'scanned' && scanned.push(news.text));
  const settings = new Map<string, unknown>();
  settings.set(
    'scanners',
    kept.map((usb, at) => ({ id: `s${at + 1}`, usb, baudRate: 9600 })),
  );
  const store = {
    get: async <T>(key: string) => settings.get(key) as T | undefined,
    set: async (key: string, value: unknown) => void settings.set(key, value),
  };
  let ids = kept.length;
  const newId = () => `s${++ids}`;
  const isBadge = async (text: string) => text.startsWith('B-');
  const scanners = new Scanners({ store, view, ports: apart, clock, isBadge, newId });
  const procedure = (wanted: readonly BenchPlug[]) => {
    const { ports, usb } = apart;
    const bench = createBench({ plugs: wanted, ports, usb, simulatedBench: null, simulated: false, clock });
    const show = () => {
      view.change({ plugs: bench.plugs });
      scanners.look();
    };
    bench.onChange(show);
    show();
    return bench;
  };
  const bench = procedure(plugs);
  await scanners.start();
  await clock.advance(SOON_MS);
  return {
    clock,
    serial,
    scanned,
    scanners,
    bench,
    procedure,
    settings,
    states: () => view.current.scanners.map(({ state }) => state),
    shown: () => view.current.scanners,
    async send(port: FakeSerialPort, text: string) {
      port.send(text);
      await clock.advance(1);
    },
  };
}

describe('rule 21: a scanner is opened at the start and after every re-plug', () => {
  test('its codes come with what the scanner puts around them taken away; what the code says is left alone', async () => {
    const port = scannerPort();
    const { send, scanned, states } = await station([port], [SCANNER]);
    expect(states()).toEqual(['ready']);
    expect(port.openings[0]).toMatchObject({ baudRate: 9600, dataBits: 8, stopBits: 1, parity: 'none' });
    await send(port, '\u0002SN-1\u0003');
    await send(port, ']C121A7\u001d10B2\r\n');
    await send(port, '\u0002\u001e\r');
    expect(scanned).toEqual(['SN-1', ']C121A7\u001d10B2']);
    expect(port.received, 'nothing is ever written to it').toEqual([]);
  });

  test('unplugged in the middle of a code: nothing; plugged in again, the next one is read', async () => {
    const port = scannerPort();
    const { send, scanned, states, serial, clock, shown } = await station([port], [SCANNER]);
    await send(port, 'SN-00');
    serial.leave(port);
    await clock.advance(1);
    expect([states(), shown()[0]?.message]).toEqual([['missing'], 'It is gone.']);
    const again = scannerPort();
    serial.arrive(again);
    await clock.advance(150);
    expect(states()).toEqual(['ready']);
    await send(again, '0001\r');
    await send(again, 'SN-2\r');
    expect(scanned).toEqual(['0001', 'SN-2']);
  });

  test('what comes in the first moment began before it was opened', async () => {
    const port = scannerPort();
    const { send, scanned, serial, clock } = await station([], [SCANNER]);
    serial.arrive(port);
    await clock.advance(20);
    await send(port, '00123\r');
    await send(port, 'BOOT 1.');
    await clock.advance(100);
    await send(port, '0\rSN-2\r');
    expect(scanned).toEqual(['SN-2']);
  });

  test('a line error takes the code that it was in', async () => {
    const port = scannerPort();
    const { send, scanned, clock } = await station([port], [SCANNER]);
    await send(port, 'SN-0');
    port.fail('FramingError');
    await clock.advance(1);
    await send(port, '123\r');
    await send(port, 'SN-2\r');
    expect(scanned).toEqual(['SN-2']);
  });

  test('a port that another program holds says so with what to do here, and is opened when it is free', async () => {
    const port = scannerPort();
    port.busyOpenings = 3;
    const { states, shown, clock } = await station([port], [SCANNER]);
    expect([states(), shown()[0]?.remedy]).toEqual([['busy'], expect.stringContaining('dialout')]);
    await clock.advance(2 * SOON_MS);
    expect(states()).toEqual(['ready']);
    expect(shown()[0]).toMatchObject({ message: '', remedy: '' });
  });

  test('a port whose line was lost without an unplug is opened again', async () => {
    const port = scannerPort();
    const { send, scanned, states, clock } = await station([port], [SCANNER]);
    port.fail('NetworkError');
    await clock.advance(SOON_MS);
    await send(port, 'SN-1\r');
    expect([states(), port.openings.length, scanned]).toEqual([['ready'], 2, ['SN-1']]);
  });

  test('a port with another USB id is left alone', async () => {
    const [port, other, without] = [scannerPort(), adapterPort(), new FakeSerialPort()];
    const { states } = await station([other, without, port], [SCANNER]);
    expect([states(), other.attempts, without.attempts]).toEqual([['ready'], 0, 0]);
  });

  test('one that is not on USB is found without an id', async () => {
    const [other, port] = [adapterPort(), new FakeSerialPort()];
    const { states, send, scanned } = await station([other, port], ['']);
    await send(port, 'SN-1\r');
    expect([states(), other.attempts, scanned]).toEqual([['ready'], 0, ['SN-1']]);
  });

  test('closed, its port is free and nothing is read any more', async () => {
    const port = scannerPort();
    const { send, scanners, scanned, states, clock } = await station([port], [SCANNER]);
    await scanners.forget('s1');
    await send(port, 'SN-1\r');
    expect([port.opened, states(), scanned, clock.timers]).toEqual([false, [], [], 0]);
  });
});

describe('rule 22: a port is one’s at a time', () => {
  test('a scanner’s port is never asked who it is, nor taken by a plug', async () => {
    const [port, fixture] = [scannerPort(), fixtureOn()];
    const { bench, states, send, scanned } = await station([port, fixture.port], [SCANNER], [plugOn(ADAPTER)]);
    expect([bench.plugs[0]?.state, states()]).toEqual(['ready', ['ready']]);
    expect([port.received, port.openings.length]).toEqual([[], 1]);
    await send(port, 'SN-1\r');
    expect(scanned).toEqual(['SN-1']);
  });

  test.each([
    ['exactly', ADAPTER, 'after'],
    ['exactly', ADAPTER, 'before'],
    ['by its maker', '0403:*', 'before'],
  ])(
    'of two ports with the id of a plug, stated %s (%s), the fixture has its own, %s the scanner',
    async (_, usb, order) => {
      const [port, fixture] = [adapterPort(), fixtureOn()];
      const ports = order === 'before' ? [fixture.port, port] : [port, fixture.port];
      const { bench, states, send, scanned, clock } = await station(ports, [ADAPTER], [plugOn(usb)]);
      await clock.advance(SOON_MS);
      expect([bench.plugs[0]?.state, states()]).toEqual(['ready', ['ready']]);
      const asked = port.received.length;
      await send(port, 'SN-1\r');
      bench.refresh();
      await clock.advance(SOON_MS);
      expect([scanned, port.received.length - asked, fixture.commands.at(-1)]).toEqual([['SN-1'], 0, '*IDN?']);
    },
  );

  test('while the fixture is not there the scanner waits, and says why; a port on which it has read a code stays its own', async () => {
    const [port, fixture] = [adapterPort(), fixtureOn()];
    const { bench, states, shown, serial, clock, send } = await station([port], [ADAPTER], [plugOn(ADAPTER)]);
    expect([states(), shown()[0]?.message]).toEqual([
      ['missing'],
      'Its port may be that of Fixture: both have this USB id.',
    ]);
    serial.arrive(fixture.port);
    await clock.advance(3 * SOON_MS);
    expect([bench.plugs[0]?.state, states()]).toEqual(['ready', ['ready']]);
    await send(port, 'SN-1\r');
    serial.leave(fixture.port);
    const { attempts } = port;
    await clock.advance(3 * SOON_MS);
    expect([bench.plugs[0]?.message, states(), port.attempts - attempts]).toEqual(['Fixture is gone.', ['ready'], 0]);
    serial.arrive(fixture.replugged().port);
    await clock.advance(SOON_MS);
    expect(bench.plugs[0]?.state).toBe('ready');
  });

  test('a port on which no code was read is given back when a procedure comes that may want it', async () => {
    const fixture = fixtureOn();
    const { states, clock, procedure } = await station([fixture.port], [ADAPTER]);
    expect([states(), fixture.commands]).toEqual([['ready'], []]);
    const bench = procedure([plugOn(ADAPTER)]);
    await clock.advance(SOON_MS);
    expect([bench.plugs[0]?.state, states()]).toEqual(['ready', ['missing']]);
    // Other plugs have nothing to do with it.
    await bench.close();
    procedure([plugOn('2a8d:*')]);
    await clock.advance(SOON_MS);
    expect(states()).toEqual(['ready']);
  });

  test('a scanner’s port is not visited either, and whoever is behind it in the list is still meant by its place', async () => {
    const [port, other] = [adapterPort(), fixtureOn()];
    const { bench, serial, clock } = await station([port], [ADAPTER]);
    serial.arrive(other.port);
    const place = (at: number) => ({ reach: 'serial', usb: ADAPTER, serialNumber: '', at }) as const;
    const never = new AbortController().signal;
    await expect(bench.visit(place(0), null, never)).rejects.toMatchObject({
      code: 'busy',
      message: 'This device is a scanner of this station.',
    });
    const visit = bench.visit(place(1), null, never);
    await clock.advance(60_000);
    expect([(await visit).visited.answer, port.attempts]).toEqual(['ACME,FX-1,FX0001,1.0', 1]);
    await bench.endVisit();
  });

  test('two scanners of a kind have a port each', async () => {
    const ports = [scannerPort(), scannerPort()];
    const { states, send, scanned } = await station(ports, [SCANNER, SCANNER]);
    expect(states()).toEqual(['ready', 'ready']);
    await send(ports[0]!, 'SN-1\r');
    await send(ports[1]!, 'SN-2\r');
    expect(scanned).toEqual(['SN-1', 'SN-2']);
  });
});

describe('rule 16: what a person sets up stays', () => {
  test('added, it is ready at once and after the next start; added again, it has another baud rate', async () => {
    const port = scannerPort();
    const { scanners, states, settings, clock } = await station([port]);
    expect([states(), port.openings]).toEqual([[], []]);
    await scanners.add({ usb: SCANNER, baudRate: 9600 });
    await clock.advance(SOON_MS);
    expect(states()).toEqual(['ready']);
    await scanners.add({ usb: SCANNER, baudRate: 115_200 });
    await clock.advance(SOON_MS);
    expect(states()).toEqual(['ready']);
    expect(port.openings.map(({ baudRate }) => baudRate)).toEqual([9600, 115_200]);
    expect(settings.get('scanners')).toEqual([{ id: 's1', usb: SCANNER, baudRate: 115_200 }]);
  });

  test('a second port of the kind is a second scanner, and forgetting one leaves the other', async () => {
    const ports = [scannerPort(), scannerPort()];
    const { scanners, states, settings, clock } = await station(ports, [SCANNER]);
    await scanners.add({ usb: SCANNER, baudRate: 9600 });
    await clock.advance(SOON_MS);
    expect(states()).toEqual(['ready', 'ready']);
    await scanners.forget('s1');
    await clock.advance(SOON_MS);
    expect([states(), ports.filter(({ opened }) => opened).length]).toEqual([['ready'], 1]);
    expect(settings.get('scanners')).toEqual([{ id: 's2', usb: SCANNER, baudRate: 9600 }]);
  });

  test('the last code is shown with its time, and a badge’s is not', async () => {
    const port = scannerPort();
    const { send, shown, scanned, clock } = await station([port], [SCANNER]);
    expect(shown()[0]?.last).toBeNull();
    await send(port, 'SN-1\r');
    expect(shown()[0]?.last).toEqual({ text: 'SN-1', atMs: clock.nowMs() - 1 });
    await send(port, 'B-007\r');
    expect([scanned.at(-1), shown()[0]?.last?.text]).toEqual(['B-007', null]);
  });

  test('without Web Serial and WebUSB it says what is needed', async () => {
    const clock = new FakeClock();
    const view = new View(() => {});
    const store = { get: async <T>() => [{ id: 's1', usb: SCANNER, baudRate: 9600 }] as T, set: async () => {} };
    const scanners = new Scanners({
      store,
      view,
      ports: new PortsApart(null, null),
      clock,
      isBadge: async () => false,
      newId: () => '',
    });
    await scanners.start();
    await clock.advance(1);
    expect(view.current.scanners[0]).toMatchObject({ state: 'permission', remedy: expect.stringContaining('Chrome') });
  });
});
