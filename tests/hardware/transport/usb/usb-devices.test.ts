import { describe, expect, test } from 'vitest';
import { usbDevices } from '#hardware/transport/usb/usb-devices.ts';
import { FakeClock } from '../../fake-clock.ts';
import { CDC, FTDI, SETTINGS } from './fake-chips.ts';
import { FakeUsb } from './fake-usb.ts';
import { BULK_PAIR, fakeInterface, FakeUsbDevice } from './fake-usb-device.ts';
import { FakeUsbtmc } from './fake-usbtmc.ts';

const never = new AbortController().signal;
const KINDS = ['usbtmc', 'serial', 'bulk'] as const;

async function kindsOf(device: FakeUsbDevice) {
  const found = await usbDevices(new FakeUsb([device]), 'linux')!.list();
  return found.map((one) => [one.interfaceNumber, KINDS.filter((kind) => one.canBe(kind)).join(' ')]);
}

describe('what a device can be', () => {
  test('by its classes; one candidate an interface', async () => {
    expect(await kindsOf(new FakeUsbtmc())).toEqual([[3, 'usbtmc bulk']]);
    expect(await kindsOf(CDC.make())).toEqual([[3, 'serial bulk']]);
    expect(await kindsOf(FTDI.make())).toEqual([[3, 'serial bulk']]);
    expect(await kindsOf(new FakeUsbDevice())).toEqual([[3, 'bulk']]);
    expect(await kindsOf(new FakeUsbDevice({ interfaces: [fakeInterface(0, 0x03, 0)] }))).toEqual([]);
  });

  test('pitfall 15: a device of two functions is two candidates, the first of them told', async () => {
    const second = BULK_PAIR.map((one) => ({ ...one, endpointNumber: one.endpointNumber + 8 }));
    const device = new FakeUsbDevice({ interfaces: [fakeInterface(0, 0xff, 0), fakeInterface(1, 0xff, 0, second)] });
    const found = await usbDevices(new FakeUsb([device]), 'linux')!.list();
    expect(found.map(({ interfaceNumber, isFirst }) => [interfaceNumber, isFirst])).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  test('its serial number is known without opening it, and named on its wire', async () => {
    const device = new FakeUsbtmc({ serialNumber: 'MY123' });
    const [found] = await usbDevices(new FakeUsb([device]), 'linux')!.list();
    expect(found?.serialNumber).toBe('MY123');
    expect(found?.transport({ kind: 'usbtmc' }, new FakeClock()).label).toBe('usbtmc 2a8d:1301 MY123');
    expect(device.openings).toBe(0);
  });
});

describe('coming and going', () => {
  test('pitfall 10: the same device is the same candidate, a re-plugged one another', async () => {
    const usb = new FakeUsb([new FakeUsbtmc()]);
    const devices = usbDevices(usb, 'linux')!;
    const [first] = await devices.list();
    expect((await devices.list())[0]).toBe(first);
    usb.leave(usb.devices[0]!);
    usb.arrive(new FakeUsbtmc());
    expect((await devices.list())[0]).not.toBe(first);
  });

  test('both are told, and an open transport of the device is lost', async () => {
    const device = CDC.make();
    const usb = new FakeUsb([device]);
    const devices = usbDevices(usb, 'linux')!;
    let changes = 0;
    devices.onChange(() => changes++);
    const [found] = await devices.list();
    const transport = found!.transport({ kind: 'serial', settings: SETTINGS }, new FakeClock());
    await transport.open(never);
    usb.arrive(new FakeUsbtmc());
    expect(transport.state).toBe('open');
    usb.leave(device);
    expect(transport.state).toBe('lost');
    expect(changes).toBe(2);
    await transport.close();
  });

  test('pitfall 13: a device that has just arrived is opened with patience', async () => {
    const usb = new FakeUsb();
    const devices = usbDevices(usb, 'android')!;
    await devices.list();
    const device = new FakeUsbtmc();
    device.busyOpenings = 1;
    device.clearPending = 0;
    usb.arrive(device);
    const clock = new FakeClock();
    const [found] = await devices.list();
    const opening = found!.transport({ kind: 'usbtmc' }, clock).open(never);
    await clock.advance(100);
    await opening;
    expect(device.openings).toBe(2);
  });

  test('a browser without WebUSB has none; one that refuses says so', async () => {
    expect(usbDevices(undefined, 'linux')).toBeNull();
    const usb = new FakeUsb();
    usb.refusal = 'SecurityError';
    await expect(usbDevices(usb, 'linux')!.list()).rejects.toMatchObject({ code: 'permission-needed' });
    usb.refusal = 'UnknownError';
    await expect(usbDevices(usb, 'linux')!.list()).rejects.toMatchObject({ code: 'internal' });
  });
});
