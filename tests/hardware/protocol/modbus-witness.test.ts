/**
 * An outside witness: modbus-serial, the master that most of the field uses, agrees on every byte in both directions.
 *
 * Ours asks its test slave, which also answers short, with a wrong CRC, as another unit, by exception and not at all; it
 * asks a slave that reads and answers with our code.
 */
import { EventEmitter } from 'node:events';
import ModbusRTU from 'modbus-serial';
import { describe, expect, test } from 'vitest';
import { encodeAdu } from '#hardware/framing/modbus-rtu.ts';
import { encodeRequest, type ModbusRequest } from '#hardware/protocol/modbus/modbus-pdu.ts';
import { ModbusSession } from '#hardware/protocol/modbus/modbus-session.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock } from '../fake-clock.ts';
import { randomFrom, shown } from '../framing/streams.ts';
import { Bus, MAP, never } from './modbus-bus.ts';

/** Its test slave as the far end of a wire of ours. */
async function ours() {
  const slave = new ModbusRTU.TestPort();
  const clock = new FakeClock();
  let end: PeerEnd | null = null;
  slave.on('data', (answer: Uint8Array) => end?.send(Uint8Array.from(answer)));
  const peer = {
    attach: (peerEnd: PeerEnd) => void (end = peerEnd),
    receive: (bytes: Uint8Array) => slave.write(Buffer.from(bytes)),
  };
  const transport = new SimulatedTransport('witness', peer, clock);
  const session = new ModbusSession({ transport, clock, baudRate: 115_200, map: MAP, identityQuery: '' });
  await transport.open(never);
  const ask = async (unit: number, request: ModbusRequest) => {
    const asked = session.request(unit, request, never, 200).catch((fault: { code: string }) => fault.code);
    await clock.advance(5);
    await clock.advance(1500);
    return asked;
  };
  return { ask };
}

/** Its master on a wire to units of ours. */
function theirs() {
  const bus = new Bus();
  const wire: string[] = [];
  const port = Object.assign(new EventEmitter(), {
    isOpen: true,
    open: (done: (error: null) => void) => done(null),
    close: (done: () => void) => done(),
    write: (bytes: Uint8Array) => {
      wire.push(shown(bytes));
      bus.receive(Uint8Array.from(bytes));
    },
  });
  bus.attach({
    send: (bytes) => void port.emit('data', Buffer.from(bytes)),
    lineError: () => undefined,
    cut: () => undefined,
  });
  const master = new ModbusRTU(port);
  master.open();
  const ask = (call: (done: (error: Error | null, result?: object) => void) => void) =>
    new Promise<unknown>((resolve, reject) =>
      call((error, result) => (error ? reject(error) : resolve((result as { data?: unknown } | undefined)?.data))),
    );
  return { bus, wire, master, ask };
}

describe('our master and its slave', () => {
  test('rule 16: reads and writes of every function that its slave has', async () => {
    const { ask } = await ours();
    expect(await ask(1, { kind: 'read', table: 'holding', address: 8, count: 3 })).toEqual([0xa12b, 0xffff, 0xb21a]);
    expect(await ask(1, { kind: 'read', table: 'input', address: 2, count: 4 })).toEqual([2, 3, 4, 5]);
    expect(await ask(1, { kind: 'write', table: 'holding', address: 3, values: [0xbeef] })).toEqual([]);
    expect(await ask(1, { kind: 'write', table: 'holding', address: 4, values: [1, 0xffff] })).toEqual([]);
    expect(await ask(1, { kind: 'read', table: 'holding', address: 3, count: 3 })).toEqual([0xbeef, 1, 0xffff]);
    expect(await ask(1, { kind: 'write', table: 'coil', address: 2, values: [1] })).toEqual([]);
    expect(await ask(1, { kind: 'write', table: 'coil', address: 4, values: [1, 0, 1, 1] })).toEqual([]);
    expect(await ask(1, { kind: 'read', table: 'coil', address: 0, count: 9 })).toEqual([0, 0, 1, 0, 1, 0, 1, 1, 0]);
    expect(await ask(1, { kind: 'read', table: 'discrete', address: 2, count: 1 })).toEqual([1]);
    expect(await ask(1, { kind: 'write', table: 'coil', address: 2, values: [0] })).toEqual([]);
    expect(await ask(1, { kind: 'read', table: 'coil', address: 2, count: 1 })).toEqual([0]);
  });

  test.each([
    [2, 'answers short', 'timeout'],
    [3, 'answers with a wrong CRC', 'timeout'],
    [4, 'answers as another unit', 'timeout'],
    [5, 'answers with an exception', 'instrument-error'],
    [6, 'does not answer', 'timeout'],
  ])('rule 16: its unit %d, which %s, gives no value', async (unit, _, code) => {
    const { ask } = await ours();
    expect(await ask(unit, { kind: 'read', table: 'holding', address: 8, count: 3 })).toBe(code);
    // Whatever is asked next is answered rightly, or not at all.
    expect(await ask(1, { kind: 'read', table: 'input', address: 2, count: 1 })).toEqual([2]);
  });
});

describe('its master and our slave', () => {
  test('rule 16: five hundred requests at random: the same bytes as ours, and the values that were there', async () => {
    const { bus, wire, master, ask } = theirs();
    const random = randomFrom(502);
    for (let i = 0; i < 500; i++) {
      const unit = 1 + random.below(2);
      const address = random.below(500);
      const count = 1 + random.below(20);
      const words = Array.from({ length: count }, () => random.below(0x10000));
      const bits = Array.from({ length: count }, () => random.below(2));
      const there = (table: string, values: readonly number[]) => {
        for (const [at, value] of values.entries()) bus.values.set(`${unit} ${table} ${address + at}`, value);
      };
      const kept = (table: string) =>
        Array.from({ length: count }, (_, at) => bus.values.get(`${unit} ${table} ${address + at}`));
      const flags = bits.map((bit) => bit === 1);
      const cases: Record<number, () => Promise<[ModbusRequest, unknown, unknown]>> = {
        1: async () => {
          there('coil', bits);
          const got = (await ask((done) => master.writeFC1(unit, address, count, done))) as boolean[];
          return [{ kind: 'read', table: 'coil', address, count }, got.slice(0, count), flags];
        },
        2: async () => {
          there('discrete', bits);
          const got = (await ask((done) => master.writeFC2(unit, address, count, done))) as boolean[];
          return [{ kind: 'read', table: 'discrete', address, count }, got.slice(0, count), flags];
        },
        3: async () => {
          there('holding', words);
          const got = await ask((done) => master.writeFC3(unit, address, count, done));
          return [{ kind: 'read', table: 'holding', address, count }, got, words];
        },
        4: async () => {
          there('input', words);
          const got = await ask((done) => master.writeFC4(unit, address, count, done));
          return [{ kind: 'read', table: 'input', address, count }, got, words];
        },
        5: async () => {
          await ask((done) => master.writeFC5(unit, address, flags[0]!, done));
          return [{ kind: 'write', table: 'coil', address, values: bits.slice(0, 1) }, kept('coil')[0], bits[0]];
        },
        6: async () => {
          await ask((done) => master.writeFC6(unit, address, words[0]!, done));
          return [
            { kind: 'write', table: 'holding', address, values: words.slice(0, 1) },
            kept('holding')[0],
            words[0],
          ];
        },
        15: async () => {
          if (count === 1) return cases[5]!();
          await ask((done) => master.writeFC15(unit, address, flags, done));
          return [{ kind: 'write', table: 'coil', address, values: bits }, kept('coil'), bits];
        },
        16: async () => {
          if (count === 1) return cases[6]!();
          await ask((done) => master.writeFC16(unit, address, words, done));
          return [{ kind: 'write', table: 'holding', address, values: words }, kept('holding'), words];
        },
        23: async () => {
          const got = await ask((done) => master.writeFC23(unit, address, count, address, count, words, done));
          return [{ kind: 'exchange', address, values: words, readAddress: address, readCount: count }, got, words];
        },
      };
      const codes = Object.keys(cases);
      const [request, got, expected] = await cases[Number(codes[i % codes.length])]!();
      expect(wire.at(-1)).toBe(shown(encodeAdu(Uint8Array.from([unit, ...encodeRequest(request)]))));
      expect(got).toEqual(expected);
    }
  });

  test('rule 16: our exceptions are exceptions to it', async () => {
    const { master, ask } = theirs();
    await expect(ask((done) => master.writeFC3(1, 1000, 1, done))).rejects.toMatchObject({ modbusCode: 2 });
  });
});
