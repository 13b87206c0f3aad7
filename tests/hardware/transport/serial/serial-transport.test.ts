import { describe, expect, test } from 'vitest';
import { bufferSizeFor } from '#hardware/transport/serial/buffer-size.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import { SerialTransport } from '#hardware/transport/serial/serial-transport.ts';
import type { TransportEvent } from '#hardware/transport/transport.ts';
import { transportContract } from '../../../contract/transport-contract.ts';
import { FakeClock, flush } from '../../fake-clock.ts';
import { FakeSerialPort } from './fake-serial-port.ts';

const SETTINGS: SerialSettings = { baudRate: 115_200, dataBits: 8, stopBits: 1, parity: 'none', flowControl: 'none' };
const never = new AbortController().signal;

transportContract('Web Serial', () => {
  const port = new FakeSerialPort(0x0403, 0x6001);
  return {
    transport: new SerialTransport(port, SETTINGS, { clock: new FakeClock(), justPlugged: false }),
    send: (bytes) => port.send(bytes),
    lineError: () => port.fail('ParityError'),
    cut: () => port.unplug(),
    received: () => port.received,
    settle: flush,
    isFree: () => !port.opened,
  };
});

function bench({ justPlugged = false } = {}) {
  const port = new FakeSerialPort(0x0403, 0x6001);
  const clock = new FakeClock();
  const transport = new SerialTransport(port, SETTINGS, { clock, justPlugged });
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  const text = () =>
    events
      .flatMap((event) => (event.kind === 'data' ? [...event.bytes] : []))
      .map((byte) => String.fromCharCode(byte))
      .join('');
  const kinds = () => events.map((event) => (event.kind === 'line-error' ? event.error : event.kind));
  return { port, clock, transport, events, text, kinds };
}

describe('opening', () => {
  test('pitfall 1: the buffer holds two seconds of line rate, at least 64 KiB and at most 16 MiB', async () => {
    const { port, transport } = bench();
    await transport.open(never);
    expect(port.openings).toEqual([{ ...SETTINGS, bufferSize: 65_536 }]);
    expect(bufferSizeFor({ ...SETTINGS, baudRate: 3_000_000 })).toBe(600_000);
    expect(bufferSizeFor({ ...SETTINGS, baudRate: 3_000_000, parity: 'even', stopBits: 2 })).toBe(500_000);
    expect(bufferSizeFor({ ...SETTINGS, baudRate: 1e9 })).toBe(16 * 1024 * 1024);
    await transport.close();
  });

  test('pitfall 1: a burst of 60 kB that nobody reads for a while is whole', async () => {
    const { port, transport, text } = bench();
    await transport.open(never);
    const burst = 'x'.repeat(60_000);
    for (let at = 0; at < burst.length; at += 1000) port.send(burst.slice(at, at + 1000));
    await flush();
    expect(text()).toBe(burst);
    expect(port.lostBytes).toBe(0);
    await transport.close();
  });

  test('pitfalls 11, 13, 41: after a plug a refused opening is tried again after 100, 250, 500 and 1000 ms', async () => {
    const { port, clock, transport } = bench({ justPlugged: true });
    port.busyOpenings = 4;
    let opened = false;
    const opening = transport.open(never).then(() => (opened = true));
    await clock.advance(1849);
    expect(opened).toBe(false);
    await clock.advance(1);
    await opening;
    expect(transport.state).toBe('open');
    await transport.close();
  });

  test('pitfalls 11, 34: a port that stays held is busy, in words that say what to do', async () => {
    const { port, clock, transport } = bench({ justPlugged: true });
    port.busyOpenings = 5;
    const opening = expect(transport.open(never)).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('another program or tab'),
      remedy: expect.stringContaining('Close other programs'),
    });
    await clock.advance(1850);
    await opening;
    expect(transport.state).toBe('closed');
    expect(clock.timers).toBe(0);
  });

  test('pitfall 34: without a plug just before, a refusal is final at once', async () => {
    const { port, transport } = bench();
    port.busyOpenings = 1;
    await expect(transport.open(never)).rejects.toMatchObject({ code: 'busy' });
  });

  test.each([
    ['SecurityError', 'permission-needed'],
    ['InvalidStateError', 'busy'],
    ['NotFoundError', 'lost'],
  ])('pitfall 6: %s on opening means %s', async (name, code) => {
    const { port, transport } = bench({ justPlugged: true });
    port.openError = name;
    await expect(transport.open(never)).rejects.toMatchObject({ code });
  });

  test('an opening that is stopped leaves the port free, even when the browser opens it later', async () => {
    const { port, transport } = bench();
    let release = () => {};
    port.heldOpening = new Promise((resolve) => (release = resolve));
    const stop = new AbortController();
    const opening = expect(transport.open(stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await opening;
    const closing = transport.close();
    release();
    await closing;
    expect(port.opened).toBe(false);
    expect(port.closings).toBe(1);
  });

  test('closing while opening stops the back-off', async () => {
    const { port, clock, transport } = bench({ justPlugged: true });
    port.busyOpenings = 9;
    const opening = expect(transport.open(never)).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(50);
    await transport.close();
    await opening;
    expect(transport.state).toBe('closed');
    expect(clock.timers).toBe(0);
  });
});

describe('reading', () => {
  test('pitfalls 4, 6: each recoverable error of table 1.4 is an event by name, and the bytes around it arrive', async () => {
    const { port, clock, transport, text, kinds } = bench();
    await transport.open(never);
    const names = ['BufferOverrunError', 'FramingError', 'ParityError', 'BreakError', 'UnknownError'] as const;
    for (const [i, name] of names.entries()) {
      port.send(String(i));
      port.fail(name);
      await clock.advance(300);
    }
    port.send('5');
    await flush();
    expect(text()).toBe('012345');
    expect(kinds().filter((kind) => kind !== 'data')).toEqual(['overrun', 'framing', 'parity', 'break', 'unknown']);
    expect(transport.counters).toMatchObject({ bytes: 6, restarts: 5, lineErrors: 5 });
    await transport.close();
  });

  test('pitfall 5: the sixth restart within one second is one too many', async () => {
    const { port, transport, kinds } = bench();
    await transport.open(never);
    for (let i = 0; i < 5; i++) {
      port.fail('UnknownError');
      await flush();
    }
    expect(transport.state).toBe('open');
    port.fail('UnknownError');
    await flush();
    expect(transport.state).toBe('lost');
    expect(kinds().at(-1)).toBe('lost');
    expect(port.opened).toBe(false);
  });

  test.each(['event-first', 'error-first', 'event-only', 'error-only'] as const)(
    'an unplug while idle is one loss, and the port is closed: %s',
    async (order) => {
      const { port, transport, kinds } = bench();
      await transport.open(never);
      port.unplug(order);
      await flush();
      expect(kinds()).toEqual(['lost']);
      expect(transport.state).toBe('lost');
      await transport.close();
      expect(port.opened).toBe(false);
      expect(port.listeners).toBe(0);
    },
  );

  test('pitfall 9: a port that the browser has closed already is closed', async () => {
    const { port, clock, transport, kinds } = bench();
    await transport.open(never);
    port.forceClosed();
    await flush();
    await transport.close();
    expect(kinds()).toEqual(['lost']);
    expect(clock.timers).toBe(0);
  });
});

describe('writing', () => {
  test('pitfall 24: a write that the device does not take waits, and those behind it wait too', async () => {
    const { port, transport } = bench();
    await transport.open(never);
    port.stalled = true;
    const done: number[] = [];
    const writes = [1, 2].map((byte) => transport.write(Uint8Array.of(byte), never).then(() => done.push(byte)));
    await flush();
    expect(done).toEqual([]);
    port.takeAgain();
    await Promise.all(writes);
    expect(done).toEqual([1, 2]);
    expect(port.received).toEqual([1, 2]);
    await transport.close();
  });

  test('a write that is stopped is thrown away, and the next one goes out', async () => {
    const { port, transport } = bench();
    await transport.open(never);
    port.stalled = true;
    const stop = new AbortController();
    const stuck = expect(transport.write(Uint8Array.of(1), stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    const waiting = expect(transport.write(Uint8Array.of(2), stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await stuck;
    await waiting;
    port.stalled = false;
    await transport.write(Uint8Array.of(3), never);
    await flush();
    expect(port.received).toEqual([3]);
    await transport.close();
  });

  test('rule 4: a write that is stopped while it waits leaves the one before it alone', async () => {
    const { port, transport } = bench();
    await transport.open(never);
    port.stalled = true;
    const stop = new AbortController();
    const first = transport.write(Uint8Array.of(1), never);
    const second = expect(transport.write(Uint8Array.of(2), stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await second;
    const third = transport.write(Uint8Array.of(3), never);
    port.takeAgain();
    await Promise.all([first, third]);
    await flush();
    expect(port.received).toEqual([1, 3]);
    await transport.close();
  });

  test('an unplug while writing rejects the write as lost at once', async () => {
    const { port, transport } = bench();
    await transport.open(never);
    port.stalled = true;
    const write = expect(transport.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'lost' });
    await flush();
    port.unplug('event-only');
    await write;
    await transport.close();
  });
});

describe('cutting', () => {
  test('rule 16: what the device does not take is thrown away at once, and the port is free without waiting for it', async () => {
    const { port, transport, kinds } = bench();
    await transport.open(never);
    port.stalled = true;
    const writes = [1, 2].map((byte) => transport.write(Uint8Array.of(byte), never).catch(({ code }) => code));
    await flush();
    transport.cut('emergency');
    expect(kinds()).toEqual(['lost']);
    expect(await Promise.all(writes)).toEqual(['lost', 'lost']);
    await transport.close();
    expect(port.opened).toBe(false);
    port.takeAgain();
    await flush();
    expect(port.received).toEqual([]);
  });
});

describe('closing', () => {
  test('pitfall 8: a close with a read pending frees both streams and the port, once', async () => {
    const { port, clock, transport } = bench();
    await transport.open(never);
    await transport.write(Uint8Array.of(1), never);
    await Promise.all([transport.close(), transport.close()]);
    expect(port.closings).toBe(1);
    expect(port.opened).toBe(false);
    expect(clock.timers).toBe(0);
  });

  test('pitfall 24: what was written before closing reaches the device, if it takes it in time', async () => {
    const { port, clock, transport } = bench();
    await transport.open(never);
    port.stalled = true;
    const write = transport.write(Uint8Array.of(7), never);
    await flush();
    const closing = transport.close();
    await clock.advance(100);
    port.takeAgain();
    await closing;
    await write;
    expect(port.received).toEqual([7]);
    expect(port.opened).toBe(false);
  });

  test('a device that takes nothing does not hold up closing for more than its limits', async () => {
    const { port, clock, transport } = bench();
    await transport.open(never);
    port.stalled = true;
    const write = transport.write(Uint8Array.of(1), never).catch(() => undefined);
    await flush();
    const closing = transport.close();
    await clock.advance(2000);
    await closing;
    await write;
    expect(transport.state).toBe('closed');
    expect(port.opened).toBe(false);
  });

  test('an unplug while closing ends closed or lost, never hanging', async () => {
    const { port, clock, transport } = bench();
    await transport.open(never);
    const closing = transport.close();
    port.unplug();
    await clock.advance(2000);
    await closing;
    expect(port.listeners).toBe(0);
    expect(['closed', 'lost']).toContain(transport.state);
  });
});
