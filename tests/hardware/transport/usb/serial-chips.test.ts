import { describe, expect, test } from 'vitest';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { TransportEvent } from '#hardware/transport/transport.ts';
import { lineCoding } from '#hardware/transport/usb/serial-chips/cdc-acm.ts';
import { ch34xDivisor } from '#hardware/transport/usb/serial-chips/ch34x.ts';
import { flowControlOf } from '#hardware/transport/usb/serial-chips/cp210x.ts';
import { findChip } from '#hardware/transport/usb/serial-chips/find-chip.ts';
import { ftdiDivisor } from '#hardware/transport/usb/serial-chips/ftdi.ts';
import { transportContract } from '../../../contract/transport-contract.ts';
import { FakeClock, flush } from '../../fake-clock.ts';
import { CDC, CH34X, CP210X, FTDI, ftdiPacket, IN, serialOver, SETTINGS, type FakeChip } from './fake-chips.ts';
import { BULK_PAIR, fakeInterface, FakeUsbDevice, INTERRUPT_IN, joined } from './fake-usb-device.ts';

const never = new AbortController().signal;

for (const chip of [CDC, FTDI, CP210X, CH34X]) {
  transportContract(`${chip.name} over WebUSB`, () => {
    const device = chip.make();
    return {
      transport: serialOver(device, new FakeClock()),
      send: (bytes) => chip.send(device, bytes),
      lineError: () => (chip.lineError ? chip.lineError(device) : device.halt('in', IN)),
      cut: () => device.unplug(),
      received: () => [...joined(device.outs.map(({ bytes }) => bytes))],
      settle: flush,
      isFree: () => device.isFree,
    };
  });
}

function bench(chip: FakeChip, settings: Partial<SerialSettings> = {}) {
  const device = chip.make();
  const clock = new FakeClock();
  const transport = serialOver(device, clock, settings);
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  /** Requests so far: number, value, index, data. */
  const asked = () =>
    device.requests.map(({ setup, data }) => [setup.request, setup.value, setup.index, ...(data.length ? [data] : [])]);
  /** Bytes, and line errors in their places. */
  const heard = () =>
    events.flatMap((event): (number | string)[] => {
      if (event.kind === 'line-error') return [event.error];
      return event.kind === 'data' ? [...event.bytes] : [];
    });
  return { device, clock, transport, asked, heard };
}

describe('which chip it is', () => {
  test.each([
    ['CDC-ACM', CDC],
    ['FTDI', FTDI],
    ['CP210x', CP210X],
    ['CH34x', CH34X],
  ])('%s', (name, chip) => {
    expect(findChip(chip.make())?.name).toBe(name);
  });

  test('by class before the maker: a CH9102 is CDC-ACM', () => {
    const interfaces = [fakeInterface(0, 0x02, 0x02, [INTERRUPT_IN]), fakeInterface(1, 0x0a, 0)];
    expect(findChip(new FakeUsbDevice({ vendorId: 0x1a86, productId: 0x55d4, interfaces }))?.name).toBe('CDC-ACM');
  });

  test('what is none is none', () => {
    expect(findChip(new FakeUsbDevice())).toBeNull();
    expect(findChip(new FakeUsbDevice({ vendorId: 0x0403, interfaces: [fakeInterface(0, 0x03, 0)] }))).toBeNull();
  });

  test('pitfall 15: a device of two ports has two, each with its own interfaces', () => {
    const second = BULK_PAIR.map((one) => ({ ...one, endpointNumber: one.endpointNumber + 8 }));
    const interfaces = [
      fakeInterface(0, 0x02, 0x02, [INTERRUPT_IN]),
      fakeInterface(1, 0x0a, 0),
      fakeInterface(2, 0x02, 0x02, [{ ...INTERRUPT_IN, endpointNumber: 12 }]),
      fakeInterface(3, 0x0a, 0, second),
    ];
    expect(findChip(new FakeUsbDevice({ interfaces }))?.ports).toMatchObject([
      { control: 0, data: 1 },
      { control: 2, data: 3 },
    ]);
  });
});

describe('CDC-ACM', () => {
  /** Table 17 of USB CDC PSTN 1.2: dwDTERate, bCharFormat, bParityType, bDataBits. */
  test.each([
    [{}, [0x00, 0xc2, 0x01, 0x00, 0, 0, 8]],
    [{ baudRate: 9600, parity: 'even', dataBits: 7 }, [0x80, 0x25, 0, 0, 0, 2, 7]],
    [{ baudRate: 9600, parity: 'odd', stopBits: 2 }, [0x80, 0x25, 0, 0, 2, 1, 8]],
  ] as const)('line coding of %j', (change, bytes) => {
    expect([...lineCoding({ ...SETTINGS, ...change })]).toEqual(bytes);
  });

  test('rule 22, pitfalls 21, 51: opened as Web Serial opens, DTR and RTS on, at its own interface; closed with both off', async () => {
    const { device, transport, asked } = bench(CDC);
    await transport.open(never);
    expect([...device.claimed]).toEqual([2, 3]);
    expect(asked()).toEqual([
      [0x20, 0, 2, [0x00, 0xc2, 0x01, 0x00, 0, 0, 8]],
      [0x22, 3, 2],
    ]);
    await transport.close();
    expect(asked().at(-1)).toEqual([0x22, 0, 2]);
  });

  test('a device without a line refuses the requests, and works', async () => {
    const { device, transport, heard } = bench(CDC);
    device.onRequest = () => 'stall';
    await transport.open(never);
    device.send(IN, Uint8Array.of(1));
    await flush();
    expect(heard()).toEqual([1]);
    await transport.close();
  });

  test.each([
    [1 << 2, 'break'],
    [1 << 4, 'framing'],
    [1 << 5, 'parity'],
    [1 << 6, 'overrun'],
    [0x03, undefined],
  ])('pitfall 2: state %i is told as %s', async (state, error) => {
    const { device, transport, heard } = bench(CDC);
    await transport.open(never);
    device.send(6, Uint8Array.of(0xa1, 0x20, 0, 0, 2, 0, 2, 0, state, 0));
    await flush();
    expect(heard()).toEqual(error ? [error] : []);
    await transport.close();
  });
});

describe('FTDI', () => {
  /** Divisors as FTDI lists them in AN232B-05 (the table of FTDIPORT.INF, and its example of 53.625). */
  test.each([
    [300, 0x2710],
    [600, 0x1388],
    [1200, 0x09c4],
    [2400, 0x04e2],
    [4800, 0x0271],
    [9600, 0x4138],
    [19_200, 0x809c],
    [38_400, 0xc04e],
    [115_200, 0x001a],
    [230_400, 0x000d],
    [460_800, 0x4006],
    [921_600, 0x8003],
    [55_944, 0x1_4035],
    [3_000_000, 0],
    [2_000_000, 1],
  ])('pitfall 3: %i baud', (baudRate, code) => {
    expect(ftdiDivisor(baudRate, false).code).toBe(code);
  });

  /** The fast chips divide 120 MHz by ten and not by sixteen (AN_120): 12 MBd is divisor 1. */
  test.each([
    [12_000_000, 0x2_0000, 12_000_000],
    [115_200, 0x2_0000 | 104 | (3 << 14), 115_246],
    [300, 0x2710, 300],
  ])('%i baud on a fast chip', (baudRate, code, actual) => {
    const divisor = ftdiDivisor(baudRate, true);
    expect(divisor.code).toBe(code);
    expect(divisor.actual).toBeCloseTo(actual, -1);
  });

  test('pitfall 38: set up with a short latency, a line feed sent at once; and let go', async () => {
    const { transport, asked } = bench(FTDI, { parity: 'even', dataBits: 7, flowControl: 'hardware' });
    await transport.open(never);
    expect(asked()).toEqual([
      [0, 0, 0],
      [3, 0x001a, 0],
      [4, 7 | (2 << 8), 0],
      [2, 0, 0x0100],
      [9, 4, 0],
      [6, 0x010a, 0],
      [1, 0x0303, 0],
    ]);
    await transport.close();
    expect(asked().at(-1)).toEqual([1, 0x0300, 0]);
  });

  test('pitfall 15: the second port of an FT2232H is asked as the second, its divisor beside it', async () => {
    const second = BULK_PAIR.map((one) => ({ ...one, endpointNumber: one.endpointNumber + 1 }));
    const interfaces = [fakeInterface(0, 0xff, 0xff), fakeInterface(1, 0xff, 0xff, second)];
    const device = new FakeUsbDevice({ vendorId: 0x0403, productId: 0x6010, version: [7, 0], interfaces });
    const chip = findChip(device)!;
    const sent: number[][] = [];
    const control = {
      write: async (one: { value: number; index?: number }) => void sent.push([one.value, one.index ?? -1]),
    };
    await chip.make(control as never, { ...SETTINGS, baudRate: 3_000_000 }, chip.ports[1]!).start();
    expect(sent[1]).toEqual([4, (2 << 8) | 2]);
    expect(sent.slice(2).every(([, index]) => (index! & 0xff) === 2)).toBe(true);
  });

  test('two status bytes head every packet, also inside a transfer of several packets', async () => {
    const { device, transport, heard } = bench(FTDI);
    await transport.open(never);
    const bytes = Uint8Array.from({ length: 150 }, (_, at) => at);
    const packets = [bytes.slice(0, 62), bytes.slice(62, 124), bytes.slice(124)].map((part) => ftdiPacket(part));
    device.send(IN, joined(packets));
    device.send(IN, ftdiPacket(new Uint8Array()));
    await flush();
    expect(heard()).toEqual([...bytes]);
    await transport.close();
  });

  test.each([
    [1 << 1, 'overrun'],
    [1 << 2, 'parity'],
    [1 << 3, 'framing'],
    [1 << 4, 'break'],
  ])('pitfall 2: line state %i is told as %s, behind its bytes', async (state, error) => {
    const { device, transport, heard } = bench(FTDI);
    await transport.open(never);
    device.send(IN, ftdiPacket(Uint8Array.of(7), 0x60 | state));
    await flush();
    expect(heard()).toEqual([7, error]);
    await transport.close();
  });

  test('rule 22, pitfall 3: a rate that it cannot do is refused with its nearest', async () => {
    const { transport } = bench(FTDI, { baudRate: 2_500_000 });
    await expect(transport.open(never)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('3000000'),
    });
    await transport.close();
  });
});

describe('CP210x', () => {
  test('set up by AN571, and let go', async () => {
    const { transport, asked } = bench(CP210X, { parity: 'odd', stopBits: 2 });
    await transport.open(never);
    expect(asked()).toEqual([
      [0x00, 1, 3],
      [0x1e, 0, 3, [0x00, 0xc2, 0x01, 0x00]],
      [0x03, 0x0812, 3],
      [0x13, 0, 3, [1, 0, 0, 0, 0x40, 0, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0]],
      [0x07, 0x0303, 3],
      [0x15, 0xec, 3],
    ]);
    await transport.close();
    expect(asked().slice(-3)).toEqual([
      [0x07, 0x0300, 3],
      [0x12, 0x000f, 3],
      [0x00, 0, 3],
    ]);
  });

  test('hardware flow control', () => {
    const flow = flowControlOf({ ...SETTINGS, flowControl: 'hardware' });
    expect([flow[0], flow[4]]).toEqual([0x09, 0x80]);
  });

  test('without parity every byte is itself', async () => {
    const { device, transport, asked, heard } = bench(CP210X);
    await transport.open(never);
    expect(asked().at(-1)).toEqual([0x15, 0, 3]);
    device.send(IN, Uint8Array.of(0xec, 0x01, 0x04));
    await flush();
    expect(heard()).toEqual([0xec, 0x01, 0x04]);
    await transport.close();
  });

  test('pitfall 2: with parity an error is told in its place, however the packets are cut', async () => {
    const stream = [1, 0xec, 0, 0xec, 1, 1 << 2, 0xec, 2, 0xec, 2, 1 << 1, 3, 0xec, 3, 0xff, 4];
    for (let cut = 0; cut < stream.length; cut++) {
      const { device, transport, heard } = bench(CP210X, { parity: 'even' });
      await transport.open(never);
      device.send(IN, Uint8Array.from(stream.slice(0, cut)));
      device.send(IN, Uint8Array.from(stream.slice(cut)));
      await flush();
      expect(heard()).toEqual([1, 0xec, 'parity', 0xec, 2, 'overrun', 3, 4]);
      await transport.close();
    }
  });
});

describe('CH34x', () => {
  /** Values that Linux's ch341.c and WCH's own driver write; 921600 as usb-serial-for-android states it. */
  test.each([
    [9600, 0xb202],
    [115_200, 0xcc03],
    [921_600, 0xf307],
    [3_000_000, 0xfe03],
  ])('pitfall 3: %i baud', (baudRate, code) => {
    expect(ch34xDivisor(baudRate, false)?.code).toBe(code);
  });

  test('the equation holds, within 3 % from 50 baud to 2 MBd', () => {
    for (let baudRate = 50; baudRate < 2_000_000; baudRate = Math.ceil(baudRate * 1.07)) {
      const { code, actual } = ch34xDivisor(baudRate, false)!;
      const [prescale, factor, divisor] = [code & 3, (code >> 2) & 1, 256 - (code >> 8)];
      expect(actual).toBeCloseTo(48e6 / (2 ** (12 - 3 * prescale - factor) * divisor), 6);
      if (baudRate < 500_000) expect(Math.abs(actual - baudRate) / baudRate).toBeLessThan(0.03);
    }
  });

  test('set up, and let go: the lines are written inverted', async () => {
    const { transport, asked } = bench(CH34X, { parity: 'even', dataBits: 7 });
    await transport.open(never);
    expect(asked()).toEqual([
      [0x5f, 0, 0],
      [0x95, 0x05, 0],
      [0xa1, 0, 0],
      [0x9a, 0x1312, 0xcc83],
      [0x9a, 0x2518, 0xda],
      [0xa4, 0xff9f, 0],
    ]);
    await transport.close();
    expect(asked().at(-1)).toEqual([0xa4, 0xffff, 0]);
  });

  test('an old chip sends at once as it is, and does 8N1 only', async () => {
    const { device, transport, asked } = bench(CH34X);
    device.onRequest = ({ request }) => (request === 0x5f ? Uint8Array.of(0x27, 0) : Uint8Array.of(0, 0));
    await transport.open(never);
    expect(asked()).toContainEqual([0x9a, 0x1312, 0xcc03]);
    expect(asked().some(([, value]) => value === 0x2518)).toBe(false);
    await transport.close();
    const seven = bench(CH34X, { dataBits: 7 });
    seven.device.onRequest = device.onRequest;
    await expect(seven.transport.open(never)).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('a chip without a break register takes the fast clock only with the largest prescale', async () => {
    const { device, transport, asked } = bench(CH34X, { baudRate: 2400 });
    device.onRequest = ({ request, value }) => (request === 0x95 && value === 5 ? 'stall' : Uint8Array.of(0x31, 0));
    await transport.open(never);
    const [, , index] = asked().find(([request, value]) => request === 0x9a && value === 0x1312)!;
    expect(Number(index) & 4).toBe(0);
    await transport.close();
  });

  test('hardware flow control is refused with what to do', async () => {
    const { transport } = bench(CH34X, { flowControl: 'hardware' });
    await expect(transport.open(never)).rejects.toMatchObject({
      code: 'unsupported',
      remedy: expect.stringContaining('flow_control'),
    });
  });
});

test('rule 18: a device whose control pipe does not answer is given up on after one second', async () => {
  const { device, clock, transport } = bench(CDC);
  device.onRequest = () => null;
  const opening = expect(transport.open(never)).rejects.toMatchObject({ code: 'timeout' });
  await clock.advance(1000);
  await opening;
  await transport.close();
  expect(device.isFree).toBe(true);
  expect(clock.timers).toBe(0);
});

test('rule 22: a cut wire lets go of DTR and RTS: some fixtures use them as a release', async () => {
  const { transport, asked } = bench(CDC);
  await transport.open(never);
  transport.cut('emergency');
  await transport.close();
  expect(asked().at(-1)).toEqual([0x22, 0, 2]);
});
