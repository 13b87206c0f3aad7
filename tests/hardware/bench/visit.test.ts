/** Rule 20 of the bench: a device that no plug has is asked who it is, spoken to, and given back. */
import { describe, expect, test } from 'vitest';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import { BAUD_RATES } from '#hardware/bench/visit-way.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { FakeSerial } from '../transport/serial/fake-serial.ts';
import { FakeSerialPort } from '../transport/serial/fake-serial-port.ts';
import { FakeFixture } from './fake-fixture.ts';
import { FIXTURE_WIRE } from './fixture-wire.ts';

const never = new AbortController().signal;
const PLACE = { reach: 'serial', usb: '0403:6001', serialNumber: '', at: 0 } as const;

/** A device with a speed of its own: at any other it hears, and answers, nothing but noise. */
class Unknown {
  readonly port = new FakeSerialPort(0x0403, 0x6001);
  readonly said: string[] = [];
  readonly #answer: (line: string) => string | null;
  #line = '';

  constructor(baudRate: number, end: string, answer: (line: string) => string | null) {
    this.#answer = answer;
    this.port.onReceive = (bytes) => {
      const speed = this.port.openings.at(-1)?.baudRate;
      if (speed !== baudRate) return void this.port.send(String.fromCharCode(0x80, 0xfe, 0x00, 0x13));
      this.#line += String.fromCharCode(...bytes);
      const lines = this.#line.split(end);
      this.#line = lines.pop() ?? '';
      // White space about a command is none of it, but where a line feed alone ends it nobody expects a carriage return.
      for (const line of lines) this.#hear(end === '\n' ? line : line.trim());
    };
  }

  #hear(line: string): void {
    this.said.push(line);
    const answer = this.#answer(line);
    if (answer !== null) this.port.send(answer);
  }
}

function station(ports: readonly FakeSerialPort[], plugs: readonly BenchPlug[] = []) {
  const clock = new FakeClock();
  const serial = new FakeSerial([...ports]);
  const bench = createBench({ plugs, ports: serialPorts(serial), simulatedBench: null, simulated: false, clock });
  /** The result, with as much time as it takes. */
  const timed = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false;
    work.then(
      () => (isOver = true),
      () => (isOver = true),
    );
    for (let ms = 0; ms < 60_000 && !isOver; ms += 50) await clock.advance(50);
    return work;
  };
  return { bench, clock, serial, timed };
}

describe('rule 20: who it is', () => {
  test.each(BAUD_RATES)('found at %i baud, whatever ends its lines', async (baudRate) => {
    for (const end of ['\n', '\r\n', '\r'] as const) {
      const device = new Unknown(baudRate, end, (line) => (line === '*IDN?' ? `KEITHLEY,2000,42,A1${end}` : null));
      const { bench, timed } = station([device.port]);
      const { visited } = await timed(bench.visit(PLACE, null, never));
      expect(visited).toEqual({
        way: { kind: 'serial', baudRate, lineEnd: end, resetOnOpenMs: 0 },
        answer: 'KEITHLEY,2000,42,A1',
        printed: '',
        echoes: false,
      });
      await timed(bench.close());
      expect(device.port.opened).toBe(false);
    }
  });

  test('a console that sends back what it hears is told apart from an instrument', async () => {
    const device = new Unknown(115_200, '\r\n', (line) => `${line}\r\n-sh: ${line}: not found\r\n# `);
    const { bench, timed } = station([device.port]);
    const { visited } = await timed(bench.visit(PLACE, null, never));
    expect(visited.echoes).toBe(true);
    expect(visited.answer).toBe('');
    expect(visited.printed).toContain('not found');
    await timed(bench.close());
  });

  test('one that says nothing is left open, so that a person can try', async () => {
    const device = new Unknown(300, '\n', () => null);
    const { bench, timed } = station([device.port]);
    const { visited } = await timed(bench.visit(PLACE, null, never));
    expect(visited).toMatchObject({ answer: '', printed: '', way: { baudRate: 115_200 } });
    expect(device.port.opened).toBe(true);
    await timed(bench.close());
  });

  test('a board that restarts as its port is opened is waited for', async () => {
    const device = new Unknown(115_200, '\n', (line) => (line === '*IDN?' ? 'ACME,BOARD,1,1\n' : null));
    const { bench, clock, timed } = station([device.port]);
    const { onReceive } = device.port;
    const open = device.port.open.bind(device.port);
    let upMs = Infinity;
    device.port.open = (options) => ((upMs = clock.monotonicMs() + 2000), open(options));
    device.port.onReceive = (bytes) => clock.monotonicMs() >= upMs && onReceive(bytes);
    const { visited } = await timed(bench.visit(PLACE, null, never));
    expect(visited).toMatchObject({ answer: 'ACME,BOARD,1,1', way: { baudRate: 115_200, resetOnOpenMs: 2500 } });
    await timed(bench.close());
  });
});

describe('rule 20: spoken to, and given back', () => {
  const answers = (line: string) =>
    ({ '*IDN?': 'ACME,X,1,1\n', 'READ?': '+1.25E-3\n', 'LIST?': 'one\ntwo\n' })[line] ?? null;

  test('a question has an answer, of several lines too; a command has none; one without an answer is a time-out', async () => {
    const device = new Unknown(9600, '\n', answers);
    const { bench, timed } = station([device.port]);
    const visit = await timed(bench.visit(PLACE, null, never));
    expect(await timed(visit.say('READ?', never))).toBe('+1.25E-3');
    expect(await timed(visit.say('LIST?', never))).toBe('one\ntwo');
    expect(await timed(visit.say('OUTP ON', never))).toBeNull();
    await expect(timed(visit.say('BAD?', never))).rejects.toMatchObject({ code: 'timeout' });
    expect(device.said.slice(-4)).toEqual(['READ?', 'LIST?', 'OUTP ON', 'BAD?']);
    expect(visit.recording(-Infinity).entries.some((entry) => entry.kind === 'out')).toBe(true);
    await timed(bench.close());
  });

  test('what a plug has is left to its card; what is visited no plug takes until it is given back', async () => {
    const plug: BenchPlug = {
      key: 'fixture',
      name: 'Fixture',
      driver: 'scpi',
      safeState: [],
      resource: { ...FIXTURE_WIRE, baudRate: 9600, identity: '^ACME,' },
    };
    const fixture = new FakeFixture('ACME,FX,1,1');
    const { bench, timed, clock, serial } = station([fixture.port], [plug]);
    await clock.advance(2000);
    expect(bench.plugs[0]?.state).toBe('ready');
    await expect(timed(bench.visit(PLACE, null, never))).rejects.toMatchObject({ code: 'busy' });

    fixture.identity = 'OTHER,THING,1,1';
    serial.leave(fixture.port);
    await flush();
    const other = new FakeFixture('OTHER,THING,1,1');
    serial.arrive(other.port);
    const visit = await timed(bench.visit(PLACE, null, never));
    expect(visit.visited.answer).toBe('OTHER,THING,1,1');
    other.identity = 'ACME,FX,1,1';
    const { attempts } = other.port;
    await clock.advance(10_000);
    expect(other.port.attempts, 'the search does not even try to open it').toBe(attempts);
    expect(bench.plugs[0]?.state, 'nobody else asks it meanwhile').not.toBe('ready');
    await timed(bench.endVisit());
    await clock.advance(5000);
    expect(bench.plugs[0]?.state).toBe('ready');
    await timed(bench.close());
  });

  test('an emergency stop ends its wire at once, a pulled cable the talk', async () => {
    const device = new Unknown(115_200, '\n', answers);
    const { bench, timed, serial } = station([device.port]);
    const visit = await timed(bench.visit(PLACE, null, never));
    void bench.cutOff();
    expect(visit.isLost).toBe(true);
    await expect(visit.say('READ?', never)).rejects.toMatchObject({ code: expect.stringMatching(/lost|not-open/) });
    const again = await timed(bench.visit(PLACE, null, never));
    serial.leave(device.port);
    await flush();
    await expect(again.say('READ?', never)).rejects.toMatchObject({ code: expect.stringMatching(/lost|not-open/) });
    await expect(timed(bench.visit(PLACE, null, never))).rejects.toMatchObject({ code: 'lost' });
    await timed(bench.close());
  });

  test('one that is still being asked is given back at once: to a unit, to whoever closes the talk, at an emergency stop', async () => {
    for (const how of ['endVisit', 'cutOff', 'close'] as const) {
      const device = new Unknown(300, '\n', () => null);
      const { bench, clock, timed } = station([device.port]);
      const asking = bench.visit(PLACE, null, never).catch((thrown: unknown) => thrown);
      await clock.advance(1000);
      expect(device.port.opened, how).toBe(true);
      const openings = device.port.openings.length;
      await timed<unknown>(bench[how]());
      expect(device.port.opened, how).toBe(false);
      expect(await asking, how).toMatchObject({ code: 'aborted' });
      await clock.advance(20_000);
      expect(device.port.openings, `${how}: nobody goes on asking`).toHaveLength(openings);
      await timed(bench.close());
    }
  });

  test('in a stated way it is asked once, in this one', async () => {
    const device = new Unknown(4800, '\r', answers);
    const { bench, timed } = station([device.port]);
    const way = { kind: 'serial', baudRate: 4800, lineEnd: '\r', resetOnOpenMs: 0 } as const;
    const visit = await timed(bench.visit(PLACE, way, never));
    expect([visit.visited.answer, device.said]).toEqual(['ACME,X,1,1', ['*IDN?']]);
    expect(await timed(visit.say('READ?', never))).toBe('+1.25E-3');
    await timed(bench.close());
    const other = station([device.port]);
    const noise = await other.timed(other.bench.visit(PLACE, { ...way, baudRate: 9600 }, never));
    expect(noise.visited, 'noise is no answer').toMatchObject({ answer: '', printed: '', way: { baudRate: 9600 } });
    await other.timed(other.bench.close());
  });
});
