import { describe, expect, test } from 'vitest';
import type { SerialLike, SerialPortLike } from '#hardware/transport/serial/serial-port.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { FakeClock, flush } from '../../fake-clock.ts';
import { FakeSerial } from './fake-serial.ts';
import { FakeSerialPort } from './fake-serial-port.ts';

const SETTINGS = { baudRate: 9600, dataBits: 8, stopBits: 1, parity: 'none', flowControl: 'none' } as const;

/** Compiles only while the browser's own types have the shape that the room states. */
export const fits = (serial: Serial): SerialLike => serial;
export const portFits = (port: SerialPort): SerialPortLike => port;

describe('serial ports of the host', () => {
  test('no Web Serial is null, not an empty list', () => {
    expect(serialPorts(undefined)).toBeNull();
  });

  test('ids are lower-case hexadecimal with leading zeros; a port off USB has none', async () => {
    const serial = new FakeSerial([
      new FakeSerialPort(0x0403, 0x6001),
      new FakeSerialPort(0x2a8d, 0x00b),
      new FakeSerialPort(),
    ]);
    const ports = await serialPorts(serial)?.list();
    expect(ports?.map(({ usb }) => usb)).toEqual(['0403:6001', '2a8d:000b', '']);
  });

  test('pitfall 10: the same port is the same candidate, a re-plugged one is another', async () => {
    const serial = new FakeSerial([new FakeSerialPort(0x0403, 0x6001)]);
    const host = serialPorts(serial);
    const [first] = (await host?.list()) ?? [];
    expect((await host?.list())?.[0]).toBe(first);
    serial.leave(serial.ports[0]!);
    serial.arrive(new FakeSerialPort(0x0403, 0x6001));
    expect((await host?.list())?.[0]).not.toBe(first);
  });

  test('pitfall 12: of overlapping lists that end out of order, each gives the answer to the last call', async () => {
    const old = new FakeSerialPort(1, 1);
    const young = new FakeSerialPort(2, 2);
    const answers: ((ports: FakeSerialPort[]) => void)[] = [];
    const host = serialPorts({
      getPorts: () => new Promise((resolve) => answers.push(resolve)),
      addEventListener: () => {},
    });
    const first = host?.list();
    const second = host?.list();
    answers[1]?.([young]);
    await flush();
    answers[0]?.([old]);
    expect((await first)?.map(({ usb }) => usb)).toEqual(['0002:0002']);
    expect((await second)?.map(({ usb }) => usb)).toEqual(['0002:0002']);
  });

  test('arrivals and departures name the candidate', async () => {
    const serial = new FakeSerial([]);
    const host = serialPorts(serial);
    const heard: string[] = [];
    host?.onArrive(({ usb }) => heard.push(`+${usb}`));
    const stop = host?.onLeave(({ usb }) => heard.push(`-${usb}`));
    const port = new FakeSerialPort(0x0403, 0x6001);
    serial.arrive(port);
    serial.leave(port);
    stop?.();
    serial.leave(port);
    expect(heard).toEqual(['+0403:6001', '-0403:6001']);
  });

  test('pitfall 13: only the first opening after an arrival is patient', async () => {
    const serial = new FakeSerial([]);
    const clock = new FakeClock();
    const host = serialPorts(serial);
    const port = new FakeSerialPort(0x0403, 0x6001);
    serial.arrive(port);
    const [candidate] = (await host?.list()) ?? [];
    port.busyOpenings = 1;
    const signal = new AbortController().signal;
    const transport = candidate?.transport(SETTINGS, clock);
    const opening = transport?.open(signal);
    await clock.advance(100);
    await opening;
    await transport?.close();
    port.busyOpenings = 1;
    await expect(candidate?.transport(SETTINGS, clock).open(signal)).rejects.toMatchObject({ code: 'busy' });
  });

  test.each([
    ['windows', 'COM port'],
    ['macos', 'twice'],
    ['linux', 'dialout'],
    ['chromeos', 'settings of ChromeOS'],
    ['android', 'other apps'],
    ['unknown', 'plug the device in again'],
  ] as const)(
    'pitfalls 18, 34, 41: a held port on %s is told with what mostly holds it there',
    async (system, word) => {
      const port = new FakeSerialPort(0x0403, 0x6001);
      port.busyOpenings = 1;
      const [candidate] = (await serialPorts(new FakeSerial([port]), system)?.list()) ?? [];
      const opening = candidate?.transport(SETTINGS, new FakeClock()).open(new AbortController().signal);
      await expect(opening).rejects.toMatchObject({ code: 'busy', remedy: expect.stringContaining(word) });
    },
  );

  test('a browser that refuses to list ports needs permission', async () => {
    const host = serialPorts({
      getPorts: () => Promise.reject(new DOMException('no', 'SecurityError')),
      addEventListener: () => {},
    });
    await expect(host?.list()).rejects.toMatchObject({ code: 'permission-needed' });
  });
});
