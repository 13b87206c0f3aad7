import { describe, expect, test } from 'vitest';
import type { TransportEvent } from '#hardware/transport/transport.ts';
import { usbtmcFunctions } from '#hardware/transport/usb/usb-function.ts';
import { UsbtmcTransport, type UsbtmcOptions } from '#hardware/transport/usb/usbtmc/usbtmc-transport.ts';
import { transportContract, type TransportUnderTest } from '../../../contract/transport-contract.ts';
import { FakeClock, flush } from '../../fake-clock.ts';
import { joined } from './fake-usb-device.ts';
import { ascii, FakeUsbtmc, header, IN, OUT } from './fake-usbtmc.ts';

const never = new AbortController().signal;

function usbtmc(device: FakeUsbtmc, clock: FakeClock, options: Partial<UsbtmcOptions> = {}): UsbtmcTransport {
  const [fn] = usbtmcFunctions(device);
  return new UsbtmcTransport(device, fn!, 'usbtmc 2a8d:1301 MY1', {
    clock,
    system: 'linux',
    justPlugged: false,
    onUnplug: device.onUnplug,
    ...options,
  });
}

/** A clock whose short waits for the device are over at once. */
class QuickClock extends FakeClock {
  override sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return delayMs <= 10 ? Promise.resolve() : super.sleep(delayMs, signal);
  }
}

/** Nothing comes from an instrument that was not asked: what the contract lets come is asked for, one after the other. */
for (const isFast of [false, true]) {
  transportContract(`USBTMC at ${isFast ? 'high' : 'full'} speed`, () => wireUnderTest(new FakeUsbtmc({ isFast })));
}

function wireUnderTest(device: FakeUsbtmc): TransportUnderTest {
  const ASK = ascii('?ask\n');
  const transport = usbtmc(device, new QuickClock());
  let asking: Promise<void> = Promise.resolve();
  const settle = async () => {
    await asking;
    await flush();
  };
  const askFor = async (bytes: Uint8Array) => {
    await transport.write(ASK, never, true).catch(() => undefined);
    await flush();
    device.say(bytes);
    await flush();
  };
  return {
    transport,
    send: (bytes) => (asking = asking.then(() => askFor(bytes))),
    lineError: () => device.send(IN, ascii('garbage')),
    cut: () => device.unplug(),
    received: () =>
      device.outs.flatMap(({ bytes }) => {
        const isMessage = bytes[0] === 1 && !Buffer.from(bytes).includes('?ask');
        return isMessage ? Array.from(bytes.subarray(12, 12 + bytes[4]!)) : [];
      }),
    settle,
    isFree: () => device.isFree,
  };
}

function bench(options: Partial<UsbtmcOptions> = {}, device = new FakeUsbtmc()) {
  const clock = new QuickClock();
  const transport = usbtmc(device, clock, options);
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  const ask = async (text: string) => {
    await transport.write(ascii(`${text}\n`), never, true);
    await flush();
  };
  /** Messages that came whole, as text, and what went wrong, in order. */
  const heard = () => {
    const all: string[] = [];
    let text = '';
    for (const event of events) {
      if (event.kind === 'data') text += new TextDecoder('latin1').decode(event.bytes);
      if (event.kind === 'line-error') all.push(`(${event.error})`);
      if (event.kind === 'lost') all.push('(lost)');
      if (event.kind === 'data' && event.end) all.push(text);
      if (event.kind !== 'data' || event.end) text = '';
    }
    return all;
  };
  return { device, clock, transport, events, ask, heard };
}

describe('opening', () => {
  test('pitfall 51: its interface is found by class, and every request carries its number', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    expect([...device.claimed]).toEqual([3]);
    expect(device.requests.every(({ setup }) => setup.index === 3)).toBe(true);
    await transport.close();
  });

  test('rule 26, pitfall 35: what is there and is able is asked, it is cleared, and taken from its front panel', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    expect(device.asked).toEqual(['CAPABILITIES', 'CLEAR', 'CHECK_CLEAR', 'CHECK_CLEAR', 'REN']);
    expect(device.clearedHalts).toEqual([`out ${OUT}`]);
    await transport.close();
    expect(device.asked.slice(5)).toEqual(['LOCAL', 'REN']);
  });

  test('rule 19, pitfall 35: an answer to whoever was here before is not heard', async () => {
    const { device, transport, ask, heard } = bench();
    device.send(IN, joined([header(1, 3, 1), ascii('OLD')]));
    await transport.open(never);
    device.send(IN, joined([header(77, 3, 1), ascii('OLD')]));
    await flush();
    await ask('*IDN?');
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('an instrument that refuses everything but messages works', async () => {
    const { device, transport, ask, heard } = bench();
    device.onRequest = () => 'stall';
    await transport.open(never);
    await ask('*IDN?');
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('quirk: an instrument that hangs on a clear is never cleared', async () => {
    const { device, transport } = bench({}, new FakeUsbtmc({ vendorId: 0x1ab1, productId: 0x04ce }));
    await transport.open(never);
    expect(device.asked).not.toContain('CLEAR');
    await expect(transport.ieee488.clear(never)).rejects.toMatchObject({ code: 'unsupported' });
    await transport.close();
  });
});

describe('answers', () => {
  test('rule 23: a query is a message and a request, its answer a message with its end', async () => {
    const { device, transport, ask, events } = bench();
    await transport.open(never);
    await ask('*IDN?');
    expect(device.messages).toEqual(['*IDN?']);
    expect(events).toMatchObject([{ kind: 'data', end: true }]);
    await transport.close();
  });

  test('rule 23: what does not ask fetches nothing', async () => {
    const { device, transport, heard } = bench();
    await transport.open(never);
    await transport.write(ascii('OUTP ON\n'), never);
    await flush();
    expect(device.requested).toEqual([]);
    expect(heard()).toEqual([]);
    await transport.close();
  });

  test('pitfall 31: a binary answer is whole, whatever its bytes', async () => {
    const { device, transport, ask, events } = bench();
    const wave = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7919) >> 3);
    device.answers.set('CURV?', joined([ascii('#6200000'), wave, ascii('\n')]));
    await transport.open(never);
    await ask('CURV?');
    const data = events.flatMap((event) => (event.kind === 'data' ? [event.bytes] : []));
    expect(joined(data).slice(8, -1)).toEqual(wave);
    expect(events.filter((event) => event.kind === 'data' && event.end)).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ end: true });
    await transport.close();
  });

  test.each([1, 20, 50, 52, 53, 64, 116, 500])(
    'rule 24: an answer in transfers of %i bytes is asked on for, and is one message',
    async (chunk) => {
      const { device, transport, ask, heard } = bench();
      const text = 'x'.repeat(520);
      device.chunk = chunk;
      device.answers.set('LONG?', text);
      await transport.open(never);
      await ask('LONG?');
      for (let i = 0; i < 520 / chunk; i++) await flush();
      expect(heard()).toEqual([text]);
      expect(device.requested).toHaveLength(Math.ceil(520 / chunk));
      await transport.close();
    },
  );

  test.each([true, false])(
    'rule 24, pitfall 44: every length, alignment bytes %s, short packet or none',
    async (padded) => {
      for (const neverShort of [false, true]) {
        const device = new FakeUsbtmc(padded ? {} : { vendorId: 0x05e6, productId: 0x2450 });
        const { transport, ask, heard } = bench({}, device);
        Object.assign(device, { padded, neverShort });
        await transport.open(never);
        const lengths = [1, 2, 3, 4, 50, 51, 52, 53, 115, 116, 117, 180, 244];
        for (const length of lengths) {
          device.answers.set('N?', 'n'.repeat(length));
          await ask('N?');
        }
        expect(heard().map((text) => text.length)).toEqual(lengths);
        await transport.close();
      }
    },
  );

  /** Whole transfers of 512 bytes are among them. */
  const LENGTHS_AT_HIGH_SPEED = [1, 52, 499, 500, 501, 1011, 1012, 1013, 260_000, 262_132, 262_133, 300_000];

  test.each([
    ['ends each transfer with a short packet', {}, false],
    ['is known to end none with a short packet', { vendorId: 0x1ab1, productId: 0x0e11 }, true],
  ])('rule 24, pitfall 44: every length at high speed, of a device that %s', async (_name, options, neverShort) => {
    const device = new FakeUsbtmc({ ...options, isFast: true });
    const { transport, ask, heard } = bench({}, device);
    Object.assign(device, { neverShort });
    await transport.open(never);
    for (const length of LENGTHS_AT_HIGH_SPEED) {
      device.answers.set('N?', 'n'.repeat(length));
      await ask('N?');
    }
    expect(heard().map((text) => text.length)).toEqual(LENGTHS_AT_HIGH_SPEED);
    await transport.close();
  });

  test('rule 24, pitfall 44: of one that nobody knows to end none so, an answer may not come, and none is false', async () => {
    const device = new FakeUsbtmc({ isFast: true });
    const { transport, ask, heard } = bench({}, device);
    device.neverShort = true;
    await transport.open(never);
    for (const letter of ['a', 'b', 'c']) {
      device.answers.set('N?', letter.repeat(500));
      await ask('N?');
    }
    for (const text of heard()) expect(text, 'of one answer alone, or a complaint').toMatch(/^(a+|b+|c+|\(.*\))$/);
    await transport.close();
  });

  test('quirk: alignment bytes that are taken amiss are left out', async () => {
    const device = new FakeUsbtmc({ vendorId: 0x05e6, productId: 0x2450 });
    device.padded = false;
    const { transport } = bench({}, device);
    await transport.open(never);
    await transport.write(ascii('A\n'), never);
    expect(device.messages).toEqual(['A']);
    await transport.close();
  });

  test('quirk: one header for all, 500 bytes said to be all of a block', async () => {
    const { device, transport, ask, events } = bench({}, new FakeUsbtmc({ vendorId: 0x1ab1, productId: 0x04ce }));
    const block = joined([ascii('#41200'), new Uint8Array(1200).fill(0x0a)]);
    device.oneHeader = true;
    device.answers.set('WAV:DATA?', block);
    await transport.open(never);
    await ask('WAV:DATA?');
    expect(joined(events.flatMap((event) => (event.kind === 'data' ? [event.bytes] : [])))).toEqual(block);
    expect(events.at(-1)).toMatchObject({ end: true });
    expect(device.requested).toHaveLength(1);
    await ask('*IDN?');
    expect(events.at(-1)).toMatchObject({ end: true });
    await transport.close();
  });

  test('a device that never says the end is heard up to its term character, if it can', async () => {
    const { device, transport, ask, heard } = bench({ termChar: '\n' });
    device.neverEnds = true;
    await transport.open(never);
    await ask('*IDN?');
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('a device that gives nothing and no end is not asked for ever', async () => {
    const { device, transport, ask, heard } = bench();
    device.neverEnds = true;
    device.answers.set('N?', '');
    device.onOut = new Proxy(device.onOut, {
      apply: (take, self, args: [number, Uint8Array]) => {
        take.apply(self, args);
        if (args[1][0] === 2) device.say('');
      },
    });
    await transport.open(never);
    await ask('N?');
    for (let i = 0; i < 20; i++) await flush();
    expect(heard()).toEqual(['(framing)']);
    expect(device.requested.length).toBeLessThan(15);
    await transport.close();
  });
});

describe('what nobody waits for', () => {
  test('rule 25, pitfalls 32, 42: the next message aborts the answer before it, and only its own is heard', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    device.asked.length = 0;
    await ask('*IDN?');
    expect(device.asked).toEqual(['ABORT_IN', 'CHECK_ABORT_IN']);
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('pitfall 32: a late answer that comes before the next message is heard as what it is: unasked by then', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    device.say('LATE\n');
    await flush();
    expect(heard()).toEqual(['LATE\n']);
    device.asked.length = 0;
    await ask('*IDN?');
    expect(device.asked).toEqual([]);
    await transport.close();
  });

  test('pitfall 43: a read that was never ended is kept, and hears the next answer', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    device.abortStatus = 0x80;
    const reads = device.pendingReads;
    await ask('*IDN?');
    expect(device.pendingReads).toBe(reads);
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('rule 25: an abort that fails is followed by a clear', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    device.abortStatus = 0x81;
    device.asked.length = 0;
    await ask('*IDN?');
    expect(device.asked).toEqual(['ABORT_IN', 'CLEAR', 'CHECK_CLEAR', 'CHECK_CLEAR']);
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('rule 25: a device that takes neither is lost, so that another opening begins anew', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    device.abortStatus = 0x81;
    device.clearStatus = 0x80;
    await expect(ask('*IDN?')).rejects.toMatchObject({ code: 'lost' });
    expect(heard()).toEqual(['(lost)']);
    await transport.close();
    expect(device.isFree).toBe(true);
  });

  test('rule 25, pitfall 42: half an answer and then silence: the rest is not taken for the next', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    const [, tag] = device.outs.at(-1)!.bytes;
    device.send(IN, joined([header(tag!, 300, 1), new Uint8Array(52).fill(0x31)]), { short: false });
    await flush();
    device.abortStatus = 0x81;
    await ask('*IDN?');
    expect(heard()).toEqual(['(unknown)', 'ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('a message that is stopped while the device does not take it is taken back', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    device.stopTaking();
    device.outStatus = 1;
    const stop = new AbortController();
    const stuck = expect(transport.write(ascii('OUTP ON\n'), stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await stuck;
    await flush();
    expect(device.asked.slice(-2)).toEqual(['ABORT_OUT', 'CHECK_ABORT_OUT']);
    device.halt('out', OUT);
    device.takeAgain();
    await ask('*IDN?');
    expect(device.messages).toEqual(['*IDN?']);
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });
});

describe('what goes wrong on the wire', () => {
  test('rule 23: noise is told as damage, and the answer behind it by its tag', async () => {
    const { device, transport, ask, heard } = bench();
    device.noise = ascii('garbage garbage garbage garbage garbage');
    await transport.open(never);
    await ask('*IDN?');
    expect(heard()).toEqual(['(framing)', 'ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('noise of several packets is skipped to its end', async () => {
    const { device, transport, ask, heard } = bench();
    device.noise = new Uint8Array(200).fill(0xff);
    await transport.open(never);
    await ask('*IDN?');
    expect(heard()).toEqual(['(framing)', 'ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });

  test('an answer that claims more than was asked for is noise', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    const [, tag] = device.outs.at(-1)!.bytes;
    device.send(IN, joined([header(tag!, 0xffff_ffff, 1), ascii('x')]));
    await flush();
    expect(heard()).toEqual(['(framing)']);
    await transport.close();
  });

  test('a transfer that ends before its size is damage, not an answer', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    const [, tag] = device.outs.at(-1)!.bytes;
    device.send(IN, joined([header(tag!, 30, 1), ascii('3.3')]));
    await flush();
    expect(heard()).toEqual(['(framing)']);
    await transport.close();
  });

  test('rule 23: an answer under another tag is nobody’s', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    const [, tag] = device.outs.at(-1)!.bytes;
    device.send(IN, joined([header((tag! % 255) + 1, 4, 1), ascii('9.9\n')]));
    await flush();
    expect(heard()).toEqual([]);
    device.say('3.3\n');
    await flush();
    expect(heard()).toEqual(['3.3\n']);
    await transport.close();
  });

  test('rule 20, pitfall 46: both endpoints halted while an answer is awaited: cleared, and it is asked for once more', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    device.halt('out', OUT);
    device.halt('in', IN);
    await flush();
    device.say('1.5\n');
    await flush();
    expect(heard()).toEqual(['1.5\n']);
    expect(transport.counters.lineErrors).toBe(0);
    await transport.close();
  });

  test('rule 20, pitfall 46: halted in the middle of an answer: damage, since what was handed on cannot be asked for again', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    const [, tag] = device.outs.at(-1)!.bytes;
    device.send(IN, joined([header(tag!, 300, 1), new Uint8Array(52)]), { short: false });
    await flush();
    device.halt('in', IN);
    await flush();
    expect(heard()).toEqual(['(unknown)']);
    await ask('*IDN?');
    expect(heard().at(-1)).toBe('ACME,TMC-1,S1,1.0\n');
    await transport.close();
  });

  test('pitfall 46: a message to a halted endpoint is sent once more', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    device.halt('out', OUT);
    await transport.write(ascii('OUTP OFF\n'), never);
    expect(device.messages).toEqual(['OUTP OFF']);
    await transport.close();
  });

  test('pitfall 46: a device that halts on every message refuses it', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    device.onClearHalt = (direction) => direction === 'out' && device.halt('out', OUT);
    device.halt('out', OUT);
    await expect(transport.write(ascii('X\n'), never)).rejects.toMatchObject({ code: 'line-error' });
    await transport.close();
  });

  test.each(['event-first', 'error-first', 'event-only'] as const)(
    'unplugged while an answer comes: %s',
    async (order) => {
      const { device, clock, transport, ask, heard } = bench();
      await transport.open(never);
      await ask('SLOW?');
      device.unplug(order);
      await clock.advance(100);
      expect(heard()).toEqual(['(lost)']);
      await transport.close();
      expect(device.isFree).toBe(true);
    },
  );
});

describe('beside the messages', () => {
  test('a status byte comes by the interrupt endpoint, under its own tag', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    device.statusByte = 0x44;
    const bytes = [];
    for (let i = 0; i < 130; i++) bytes.push(await transport.ieee488.statusByte(never));
    expect(new Set(bytes)).toEqual(new Set([0x44]));
    const tags = device.requests.filter(({ setup }) => setup.request === 128).map(({ setup }) => setup.value);
    expect([tags[0], tags[125], tags[126]]).toEqual([2, 127, 2]);
    await transport.close();
  });

  test('a service request is told with its status byte', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    const told: number[] = [];
    transport.ieee488.onServiceRequest((statusByte) => told.push(statusByte));
    device.requestService(0x41);
    await flush();
    expect(told).toEqual([0x41]);
    await transport.close();
  });

  test('a trigger is a message of its own; who cannot take it says so', async () => {
    const { device, transport } = bench();
    await transport.open(never);
    await transport.ieee488.trigger(never);
    expect(device.triggers).toBe(1);
    await transport.close();
    const other = bench();
    other.device.capabilities = { termChar: false, remoteLocal: false, trigger: false };
    await other.transport.open(never);
    await expect(other.transport.ieee488.trigger(never)).rejects.toMatchObject({
      code: 'unsupported',
      remedy: expect.stringContaining('*TRG'),
    });
    await expect(other.transport.ieee488.goToLocal(never)).rejects.toMatchObject({ code: 'unsupported' });
    await other.transport.close();
    expect(other.device.asked).not.toContain('REN');
  });

  test('a clear forgets the answer that was awaited', async () => {
    const { device, transport, ask, heard } = bench();
    await transport.open(never);
    await ask('SLOW?');
    await transport.ieee488.clear(never);
    device.asked.length = 0;
    await ask('*IDN?');
    expect(device.asked).toEqual([]);
    expect(heard()).toEqual(['ACME,TMC-1,S1,1.0\n']);
    await transport.close();
  });
});
