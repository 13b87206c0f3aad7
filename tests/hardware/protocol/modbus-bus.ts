/**
 * Modbus units on one line, in the test's hand: they keep registers and answer as the specification says, unless told otherwise.
 */
import { encodeAdu, ModbusRtuFramer, requestLength } from '#hardware/framing/modbus-rtu.ts';
import {
  decodeRequest,
  encodeAnswer,
  encodeException,
  type ModbusRequest,
} from '#hardware/protocol/modbus/modbus-pdu.ts';
import { ModbusSession, type ModbusSessionOptions } from '#hardware/protocol/modbus/modbus-session.ts';
import type { ModbusMap } from '#hardware/protocol/modbus/register-map.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock } from '../fake-clock.ts';
import { shown } from '../framing/streams.ts';

export const never = new AbortController().signal;

/** What a unit does with a request: its answer goes out when `say` is called, or never. */
export type Temper = (answer: Uint8Array, say: (bytes: Uint8Array) => void, request: ModbusRequest) => void;

export class Bus {
  readonly requests: string[] = [];
  /** Registers and coils by `unit table address`. */
  readonly values = new Map<string, number>();
  readonly knowsEcho: boolean;
  readonly units = new Set([1, 2]);
  temper: Temper = (answer, say) => say(answer);
  #end: PeerEnd | null = null;
  readonly #framer = new ModbusRtuFramer(requestLength);

  constructor(knowsEcho = true) {
    this.knowsEcho = knowsEcho;
  }

  attach(end: PeerEnd): void {
    this.#end = end;
  }

  receive(bytes: Uint8Array): void {
    for (const frame of this.#framer.push(bytes)) {
      this.requests.push(shown(frame));
      const request = decodeRequest(frame.subarray(1));
      if (!this.units.has(frame[0]!) || !request || (request.kind === 'echo' && !this.knowsEcho)) continue;
      const answer = encodeAdu(Uint8Array.from([frame[0]!, ...this.#answer(frame[0]!, request)]));
      this.temper(answer, (said) => this.#end?.send(said), request);
    }
  }

  say(bytes: Uint8Array): void {
    this.#end?.send(bytes);
  }

  lineError(): void {
    this.#end?.lineError('parity');
  }

  cut(): void {
    this.#end?.cut('pulled');
  }

  #answer(unit: number, request: ModbusRequest): Uint8Array {
    const read = (table: string, address: number, count: number) =>
      Array.from({ length: count }, (_, at) => this.values.get(`${unit} ${table} ${address + at}`) ?? 0);
    const write = (table: string, address: number, values: readonly number[]) => {
      for (const [at, value] of values.entries()) this.values.set(`${unit} ${table} ${address + at}`, value);
    };
    switch (request.kind) {
      case 'read':
        if (request.address >= 1000) return encodeException(request.table === 'coil' ? 1 : 3, 2);
        return encodeAnswer(request, read(request.table, request.address, request.count));
      case 'write':
        write(request.table, request.address, request.values);
        return encodeAnswer(request, []);
      case 'exchange':
        write('holding', request.address, request.values);
        return encodeAnswer(request, read('holding', request.readAddress, request.readCount));
      case 'echo':
        return encodeAnswer(request, []);
    }
  }
}

export const MAP: ModbusMap = {
  unitId: 1,
  registers: [
    { name: 'model', unitId: 1, table: 'holding', address: 0, type: 'uint16', wordOrder: 'big', scale: 1 },
    { name: 'relay', unitId: 1, table: 'coil', address: 0, type: 'uint16', wordOrder: 'big', scale: 1 },
    { name: 'level', unitId: 2, table: 'holding', address: 1, type: 'uint16', wordOrder: 'big', scale: 0.1 },
  ],
};

export async function talk(bus = new Bus(), options: Partial<ModbusSessionOptions> = {}) {
  const clock = new FakeClock();
  const transport = new SimulatedTransport('bus', bus, clock);
  const session = new ModbusSession({
    transport,
    clock,
    baudRate: 19_200,
    map: MAP,
    identityQuery: 'model?',
    ...options,
  });
  const unsolicited: string[] = [];
  session.onUnsolicited((frame) => unsolicited.push(frame));
  await transport.open(never);
  return { bus, clock, session, transport, unsolicited };
}
