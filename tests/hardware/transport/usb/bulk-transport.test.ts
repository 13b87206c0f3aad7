import { describe, expect, test } from 'vitest';
import type { TransportEvent } from '#hardware/transport/transport.ts';
import { BulkTransport, type BulkOptions } from '#hardware/transport/usb/bulk-transport.ts';
import { oneWayPrinters, plainFunctions } from '#hardware/transport/usb/usb-function.ts';
import { transportContract } from '../../../contract/transport-contract.ts';
import { FakeClock, flush } from '../../fake-clock.ts';
import { BULK_PAIR, fakeInterface, FakeUsbDevice, joined, type FakeUsbOptions } from './fake-usb-device.ts';

const never = new AbortController().signal;
const OUT = 2;
const IN = 5;

function bulk(device: FakeUsbDevice, clock: FakeClock, options: Partial<BulkOptions> = {}): BulkTransport {
  const [fn] = plainFunctions(device);
  return new BulkTransport(device, fn!, 'usb 1209:0001 S1', {
    clock,
    system: 'linux',
    justPlugged: false,
    onUnplug: device.onUnplug,
    ...options,
  });
}

transportContract('WebUSB bulk', () => {
  const device = new FakeUsbDevice();
  return {
    transport: bulk(device, new FakeClock()),
    send: (bytes) => device.send(IN, bytes),
    lineError: () => device.halt('in', IN),
    cut: () => device.unplug(),
    received: () => [...joined(device.outs.map(({ bytes }) => bytes))],
    settle: flush,
    isFree: () => device.isFree,
  };
});

function bench(options: Partial<BulkOptions> = {}, deviceOptions: FakeUsbOptions = {}) {
  const device = new FakeUsbDevice(deviceOptions);
  const clock = new FakeClock();
  const transport = bulk(device, clock, options);
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  const kinds = () => events.map((event) => (event.kind === 'line-error' ? event.error : event.kind));
  const data = () => joined(events.flatMap((event) => (event.kind === 'data' ? [event.bytes] : [])));
  return { device, clock, transport, events, kinds, data };
}

describe('opening', () => {
  test('rule 17, pitfall 51: interface and endpoints are found by what they are, and claimed by their real numbers', async () => {
    const hid = fakeInterface(0, 0x03, 0, [{ endpointNumber: 1, direction: 'in', type: 'interrupt', packetSize: 8 }]);
    const { device, transport } = bench({}, { interfaces: [hid, fakeInterface(4, 0xff, 0x42)] });
    await transport.open(never);
    expect([...device.claimed]).toEqual([4]);
    await transport.write(Uint8Array.of(1), never);
    expect(device.outs).toMatchObject([{ endpoint: OUT }]);
    await transport.close();
  });

  test('pitfall 51: an interface that a page may not claim is never chosen', () => {
    const storage = fakeInterface(0, 0x08, 0x06);
    expect(plainFunctions(new FakeUsbDevice({ interfaces: [storage] }))).toEqual([]);
    expect(plainFunctions(new FakeUsbDevice({ interfaces: [storage, fakeInterface(1, 0xff, 0)] }))).toHaveLength(1);
  });

  test('rule 17: a printer without a way back is written to, and never read', async () => {
    const [out] = BULK_PAIR;
    const device = new FakeUsbDevice({ interfaces: [fakeInterface(1, 0x07, 0x01, [out!])] });
    expect(plainFunctions(device)).toEqual([]);
    const [fn] = oneWayPrinters(device);
    const options = { clock: new FakeClock(), system: 'linux', justPlugged: false, onUnplug: device.onUnplug } as const;
    const transport = new BulkTransport(device, fn!, 'usb printer', options);
    await transport.open(never);
    await transport.write(Uint8Array.of(1, 2), never);
    expect(device.outs).toMatchObject([{ endpoint: OUT }]);
    expect(device.pendingReads).toBe(0);
    await transport.close();
    expect(device.isFree).toBe(true);
    // One that can answer is a function like any other; one that is no printer is none.
    expect(oneWayPrinters(new FakeUsbDevice({ interfaces: [fakeInterface(1, 0x07, 0x01)] }))).toEqual([]);
    expect(oneWayPrinters(new FakeUsbDevice({ interfaces: [fakeInterface(1, 0xff, 0x01, [out!])] }))).toEqual([]);
  });

  test('pitfall 49: a configuration is chosen only for a device that has none', async () => {
    const { device, transport } = bench();
    const chosen: number[] = [];
    const choose = device.selectConfiguration.bind(device);
    device.selectConfiguration = (value) => (chosen.push(value), choose(value));
    await transport.open(never);
    await transport.close();
    expect(chosen).toEqual([]);
    device.configuration = null;
    await transport.open(never);
    expect(chosen).toEqual([1]);
    await transport.close();
  });

  test('rule 17: a claim right after a close can fail, and is tried again after 5 ms', async () => {
    const { device, clock, transport } = bench();
    await transport.open(never);
    await transport.close();
    device.busyClaims = 2;
    const opening = transport.open(never);
    await clock.advance(15);
    await opening;
    expect(transport.state).toBe('open');
    await transport.close();
    expect(clock.timers).toBe(0);
  });

  test.each([
    ['linux', 'udev rule'],
    ['windows', 'VISA'],
    ['macos', 'serial port'],
    ['android', 'update Chrome'],
    ['chromeos', 'other apps'],
    ['unknown', 'other programs'],
  ] as const)(
    'rule 17, pitfall 50: a claim that is refused says what to do on %s, and no driver swap',
    async (system, word) => {
      const { device, clock, transport } = bench({ system });
      device.busyClaims = 99;
      const opening = expect(transport.open(never)).rejects.toMatchObject({
        code: 'busy',
        message: expect.stringContaining('a driver of the system'),
        remedy: expect.stringContaining(word),
      });
      await clock.advance(1000);
      await opening;
      await transport.close();
      expect(device.isFree).toBe(true);
      expect(clock.timers).toBe(0);
    },
  );

  test('pitfall 50: no remedy tells anyone to replace a driver', async () => {
    for (const system of ['windows', 'macos', 'linux', 'chromeos', 'android', 'unknown'] as const) {
      const { device, clock, transport } = bench({ system });
      device.busyClaims = 99;
      const opening = transport.open(never).catch((thrown: { remedy: string }) => thrown.remedy);
      await clock.advance(1000);
      expect(await opening).not.toMatch(/replace|install|zadig|swap/i);
    }
  });

  test.each([
    ['SecurityError', 'permission-needed'],
    ['NotFoundError', 'lost'],
    ['NetworkError', 'busy'],
  ])('pitfall 6: %s on opening means %s', async (name, code) => {
    const { device, transport } = bench();
    device.openError = name;
    await expect(transport.open(never)).rejects.toMatchObject({ code });
    await transport.close();
    expect(device.isFree).toBe(true);
  });

  test('pitfalls 11, 13: after a plug an opening that is refused is tried again after 100, 250, 500 and 1000 ms', async () => {
    const { device, clock, transport } = bench({ justPlugged: true });
    device.busyOpenings = 4;
    const opening = transport.open(never);
    await clock.advance(1849);
    expect(transport.state).toBe('opening');
    await clock.advance(1);
    await opening;
    await transport.close();
  });

  test('an opening that is stopped leaves the device free, even when the browser opens it later', async () => {
    const { device, transport } = bench();
    let release = () => {};
    device.heldOpening = new Promise((resolve) => (release = resolve));
    const stop = new AbortController();
    const opening = expect(transport.open(stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await opening;
    const closing = transport.close();
    release();
    await closing;
    expect(device.isFree).toBe(true);
  });

  test('an unplug while opening is a loss', async () => {
    const { device, clock, transport } = bench();
    device.busyClaims = 99;
    const opening = expect(transport.open(never)).rejects.toMatchObject({ code: 'lost' });
    await flush();
    device.unplug();
    await opening;
    await clock.advance(2000);
    await transport.close();
    expect(device.unplugListeners).toBe(0);
    expect(clock.timers).toBe(0);
  });

  test('rule 17: two functions of one device are opened once and closed with the last', async () => {
    const second = [
      { ...BULK_PAIR[0]!, endpointNumber: 8 },
      { ...BULK_PAIR[1]!, endpointNumber: 9 },
    ];
    const device = new FakeUsbDevice({ interfaces: [fakeInterface(0, 0xff, 0), fakeInterface(1, 0xff, 0, second)] });
    const clock = new FakeClock();
    const options = { clock, system: 'linux', justPlugged: false, onUnplug: device.onUnplug } as const;
    const ports = plainFunctions(device).map((fn) => new BulkTransport(device, fn, 'port', options));
    await Promise.all(ports.map((port) => port.open(never)));
    expect(device.openings).toBe(1);
    await ports[0]!.close();
    expect([...device.claimed]).toEqual([1]);
    await ports[1]!.write(Uint8Array.of(7), never);
    expect(device.outs).toMatchObject([{ endpoint: 8 }]);
    await ports[1]!.close();
    expect(device.isFree).toBe(true);
    expect(device.closings).toBe(1);
  });
});

describe('reading', () => {
  test('rule 19, pitfall 43: reads wait ahead, and a write adds none', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    expect(device.pendingReads).toBe(2);
    await transport.write(Uint8Array.of(1), never);
    expect(device.pendingReads).toBe(2);
    await transport.close();
  });

  test('rule 19, pitfall 44: what is read is a multiple of the packet size, so a full device does not babble', async () => {
    const { device, transport, data, kinds } = bench();
    await transport.open(never);
    const burst = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
    device.send(IN, burst);
    await flush();
    expect(data()).toEqual(burst);
    expect(kinds()).not.toContain('overrun');
    await transport.close();
  });

  test('pitfall 47: shared memory, which WebUSB refuses, is copied', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    shared.set([1, 2, 3, 4]);
    let given: unknown;
    const out = device.transferOut.bind(device);
    device.transferOut = (endpoint, data) => ((given = data.buffer), out(endpoint, data));
    await transport.write(shared.subarray(1, 3), never);
    expect(given).toBeInstanceOf(ArrayBuffer);
    expect([...joined(device.outs.map(({ bytes }) => bytes))]).toEqual([2, 3]);
    await transport.close();
  });

  test('pitfall 47: bytes at an offset of their buffer are read as they are', async () => {
    const { device, transport, data } = bench();
    await transport.open(never);
    device.send(IN, Uint8Array.of(1, 2, 3));
    await flush();
    expect([...data()]).toEqual([1, 2, 3]);
    await transport.close();
  });

  test('rule 20, pitfall 46: a halt is cleared once, told as a line error, and reading goes on', async () => {
    const { device, transport, kinds } = bench();
    await transport.open(never);
    device.halt('in', IN);
    await flush();
    device.send(IN, Uint8Array.of(9));
    await flush();
    expect(device.clearedHalts).toEqual([`in ${IN}`]);
    expect(kinds()).toEqual(['unknown', 'data']);
    expect(transport.counters).toMatchObject({ stalls: 1, lineErrors: 1 });
    await transport.close();
  });

  test('rule 20: an endpoint that halts again and again is lost, and does not spin (pitfall 5)', async () => {
    const { device, transport, kinds } = bench();
    device.onClearHalt = () => device.halt('in', IN);
    await transport.open(never);
    device.halt('in', IN);
    await flush();
    expect(kinds().at(-1)).toBe('lost');
    expect(device.clearedHalts).toHaveLength(5);
    await transport.close();
    expect(device.isFree).toBe(true);
  });

  test.each(['event-first', 'error-first', 'event-only', 'error-only'] as const)(
    'an unplug while idle is one loss, and the device is given up: %s',
    async (order) => {
      const { device, clock, transport, kinds } = bench();
      await transport.open(never);
      device.unplug(order);
      await clock.advance(200);
      // Where no word of it comes at all, the transfer that failed counts as a line error first.
      expect(kinds()).toEqual(order === 'error-only' ? ['unknown', 'lost'] : ['lost']);
      await transport.close();
      expect(device.isFree).toBe(true);
      expect(device.unplugListeners).toBe(0);
      expect(clock.timers).toBe(0);
    },
  );

  test('rule 21, pitfall 48: a transfer that fails before the word of the unplug is the unplug, if that comes within 100 ms', async () => {
    const { device, clock, transport, events } = bench();
    await transport.open(never);
    device.failReads('NetworkError');
    await clock.advance(99);
    expect(events).toEqual([]);
    device.unplug('event-only');
    await clock.advance(1);
    expect(events).toMatchObject([{ kind: 'lost', cause: 'it was unplugged' }]);
    await transport.close();
  });

  test('rule 21, pitfall 48: without that word it is a line error, and reading goes on', async () => {
    const { device, clock, transport, kinds } = bench();
    await transport.open(never);
    device.failReads('NetworkError');
    await clock.advance(250);
    device.send(IN, Uint8Array.of(5));
    await flush();
    expect(kinds()).toEqual(['unknown', 'data']);
    expect(transport.state).toBe('open');
    await transport.close();
  });

  test('a device that the browser has taken away is lost at once', async () => {
    const { device, transport, kinds } = bench();
    await transport.open(never);
    device.failReads('NotFoundError');
    await flush();
    expect(kinds()).toEqual(['lost']);
    await transport.close();
  });
});

describe('writing', () => {
  test.each([
    [64, [64, 0]],
    [63, [63]],
    [128, [128, 0]],
  ])('pitfall 45: %i bytes to a device that wants an end go as %j', async (length, transfers) => {
    const { device, transport } = bench({ zeroLengthPacket: true });
    await transport.open(never);
    await transport.write(new Uint8Array(length), never);
    expect(device.outs.map(({ bytes }) => bytes.length)).toEqual(transfers);
    await transport.close();
  });

  test('pitfall 45: without that wish nothing is added', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    await transport.write(new Uint8Array(64), never);
    expect(device.outs.map(({ bytes }) => bytes.length)).toEqual([64]);
    await transport.close();
  });

  test('pitfalls 24, 52: a resolved write was handed over and means no more; those behind it wait', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    device.stopTaking();
    const done: number[] = [];
    const writes = [1, 2].map((byte) => transport.write(Uint8Array.of(byte), never).then(() => done.push(byte)));
    await flush();
    expect(done).toEqual([]);
    device.takeAgain();
    await Promise.all(writes);
    expect(done).toEqual([1, 2]);
    await transport.close();
  });

  test('rule 18, pitfall 42: a write that is stopped ends at once; what the device holds of it still comes before the next', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    device.stopTaking();
    const stop = new AbortController();
    const stuck = expect(transport.write(Uint8Array.of(1), stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    const waiting = expect(transport.write(Uint8Array.of(2), stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await stuck;
    await waiting;
    const next = transport.write(Uint8Array.of(3), never);
    device.takeAgain();
    await next;
    expect([...joined(device.outs.map(({ bytes }) => bytes))]).toEqual([1, 3]);
    await transport.close();
  });

  test('rule 20, pitfall 46: a write to a halted endpoint is made once more after the halt was cleared', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    device.halt('out', OUT);
    await transport.write(Uint8Array.of(4), never);
    expect(device.clearedHalts).toEqual([`out ${OUT}`]);
    expect([...joined(device.outs.map(({ bytes }) => bytes))]).toEqual([4]);
    await transport.close();
  });

  test('rule 20, pitfall 46: a device that halts again refuses the bytes, and the next write is its own', async () => {
    const { device, transport } = bench();
    device.onClearHalt = () => device.halt('out', OUT);
    await transport.open(never);
    device.halt('out', OUT);
    await expect(transport.write(Uint8Array.of(4), never)).rejects.toMatchObject({ code: 'line-error' });
    device.onClearHalt = () => {};
    await transport.write(Uint8Array.of(5), never);
    expect([...joined(device.outs.map(({ bytes }) => bytes))]).toEqual([5]);
    await transport.close();
  });

  test('rule 20, pitfalls 46, 52: of several packets a halted device may have taken some, so they are not sent again', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    device.halt('out', OUT);
    await expect(transport.write(new Uint8Array(65), never)).rejects.toMatchObject({ code: 'line-error' });
    expect(device.outs).toEqual([]);
    await transport.close();
  });

  test.each(['event-only', 'error-only'] as const)('an unplug while writing is a loss: %s', async (order) => {
    const { device, clock, transport } = bench();
    await transport.open(never);
    device.stopTaking();
    const write = expect(transport.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'lost' });
    await flush();
    device.unplug(order);
    await clock.advance(100);
    await write;
    await transport.close();
  });
});

describe('closing', () => {
  test('rule 18, pitfall 8: closing with reads and a write pending frees the device, once', async () => {
    const { device, clock, transport } = bench();
    await transport.open(never);
    device.stopTaking();
    const write = transport.write(Uint8Array.of(1), never).catch(({ code }: { code: string }) => code);
    const closing = Promise.all([transport.close(), transport.close()]);
    await clock.advance(3000);
    await closing;
    expect(await write).toBe('not-open');
    expect(device.closings).toBe(1);
    expect(device.isFree).toBe(true);
    expect(clock.timers).toBe(0);
  });

  test('pitfall 24: what was written before closing reaches the device, if it takes it in time', async () => {
    const { device, clock, transport } = bench();
    await transport.open(never);
    device.stopTaking();
    const write = transport.write(Uint8Array.of(7), never);
    await flush();
    const closing = transport.close();
    await clock.advance(100);
    device.takeAgain();
    await closing;
    await write;
    expect([...joined(device.outs.map(({ bytes }) => bytes))]).toEqual([7]);
  });

  test('an unplug while closing ends closed, never hanging', async () => {
    const { device, clock, transport } = bench();
    await transport.open(never);
    const closing = transport.close();
    device.unplug();
    await clock.advance(3000);
    await closing;
    expect(transport.state).toBe('closed');
    expect(device.unplugListeners).toBe(0);
  });

  test('rule 16: what a cut wire holds back is thrown away, and the device is free without waiting for it', async () => {
    const { device, clock, transport, kinds } = bench();
    await transport.open(never);
    device.stopTaking();
    const writes = [1, 2].map((byte) =>
      transport.write(Uint8Array.of(byte), never).catch(({ code }: { code: string }) => code),
    );
    await flush();
    transport.cut('emergency');
    expect(kinds()).toEqual(['lost']);
    expect(await Promise.all(writes)).toEqual(['lost', 'lost']);
    await transport.close();
    expect(device.isFree).toBe(true);
    device.takeAgain();
    await flush();
    expect(device.outs).toEqual([]);
    expect(clock.timers).toBe(0);
  });
});
