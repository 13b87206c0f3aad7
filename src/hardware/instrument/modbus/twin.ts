/**
 * The twin of `modbus`: the units of the plug's register map, with zero in every register until something is written.
 *
 * Reads requests and answers them as the units would, an unknown function or address by exception. `bench.yaml` answers by
 * command: `temperature?`, `holding 100 2?`.
 */
import { encodeAdu, ModbusRtuFramer, requestLength } from '#hardware/framing/modbus-rtu.ts';
import {
  codeOf,
  decodeRequest,
  encodeAnswer,
  encodeException,
  type ModbusRequest,
  type Table,
} from '#hardware/protocol/modbus/modbus-pdu.ts';
import {
  countOf,
  valueFrom,
  wordsFor,
  type ModbusMap,
  type ModbusRegister,
} from '#hardware/protocol/modbus/register-map.ts';
import type { Twin, TwinReply, TwinSpeech } from '#hardware/instrument/twin.ts';

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_VALUE = 3;

interface Pending {
  readonly unitId: number;
  readonly request: ModbusRequest | null;
  readonly code: number;
  /** The register that is read as a whole, when one is. */
  readonly register: ModbusRegister | undefined;
}

export class ModbusTwin implements Twin, TwinSpeech {
  readonly #map: ModbusMap;
  readonly #words = new Map<string, number>();
  #framer = new ModbusRtuFramer(requestLength);
  #pending: Pending[] = [];

  constructor(map: ModbusMap) {
    this.#map = map;
  }

  get speech(): TwinSpeech {
    return this;
  }

  begin(): void {
    this.#framer = new ModbusRtuFramer(requestLength);
    this.#pending = [];
  }

  hear(bytes: Uint8Array): string[] {
    const units = new Set([this.#map.unitId, ...this.#map.registers.map(({ unitId }) => unitId)]);
    return this.#framer.push(bytes).flatMap((frame) => {
      const unitId = frame[0]!;
      if (!units.has(unitId)) return [];
      const request = decodeRequest(frame.subarray(1));
      const register = request ? this.#registerOf(unitId, request) : undefined;
      const pending: Pending = { unitId, request, code: frame[1]!, register };
      this.#pending.push(pending);
      return [wordsOf(pending)];
    });
  }

  /** The command was heard by this twin and stands first among those that wait. */
  reply(): TwinReply {
    const pending = this.#pending[0];
    const request = pending?.request;
    if (!pending || !request) return {};
    if (request.kind === 'write') this.#write(pending.unitId, request.table, request.address, request.values);
    if (request.kind === 'exchange') this.#write(pending.unitId, 'holding', request.address, request.values);
    if (request.kind === 'write' || request.kind === 'echo') return {};
    const [table, address, count] =
      request.kind === 'read'
        ? [request.table, request.address, request.count]
        : (['holding', request.readAddress, request.readCount] as const);
    const words = Array.from(
      { length: count },
      (_, at) => this.#words.get(`${pending.unitId} ${table} ${address + at}`) ?? 0,
    );
    return { text: pending.register ? String(valueFrom(pending.register, words)) : words.join(',') };
  }

  say({ text, raw }: TwinReply): Uint8Array | null {
    const pending = this.#pending.shift();
    if (!pending || raw) return raw ?? null;
    const { unitId, request, code } = pending;
    if (!request) return bytesOfAdu(unitId, encodeException(code, ILLEGAL_FUNCTION));
    if (request.kind === 'write' || request.kind === 'echo') return bytesOfAdu(unitId, encodeAnswer(request, []));
    if (text === undefined) return null;
    try {
      return bytesOfAdu(unitId, encodeAnswer(request, this.#wordsIn(text, pending)));
    } catch {
      // What `bench.yaml` states does not fit into the register.
      return bytesOfAdu(unitId, encodeException(codeOf(request), ILLEGAL_VALUE));
    }
  }

  #wordsIn(text: string, { register, request }: Pending): readonly number[] {
    const numbers = text.split(',').map(Number);
    const words = register ? wordsFor(register, numbers[0]!) : numbers;
    const count = request?.kind === 'read' ? request.count : request?.kind === 'exchange' ? request.readCount : 0;
    if (words.length !== count) throw new RangeError(`${count} values are needed`);
    return words;
  }

  #write(unitId: number, table: Table, address: number, values: readonly number[]): void {
    for (const [at, value] of values.entries()) this.#words.set(`${unitId} ${table} ${address + at}`, value);
  }

  #registerOf(unitId: number, request: ModbusRequest): ModbusRegister | undefined {
    return this.#map.registers.find((register) => {
      if (register.unitId !== unitId) return false;
      if (request.kind === 'read')
        return (
          register.table === request.table &&
          register.address === request.address &&
          countOf(register) === request.count
        );
      if (request.kind !== 'write' || register.table !== request.table) return false;
      return register.address === request.address && countOf(register) === request.values.length;
    });
  }
}

function bytesOfAdu(unitId: number, pdu: Uint8Array): Uint8Array {
  return encodeAdu(Uint8Array.from([unitId, ...pdu]));
}

/** As the procedure would write it. */
function wordsOf({ request, register, code }: Pending): string {
  switch (request?.kind) {
    case 'read':
      return register ? `${register.name}?` : `${request.table} ${request.address} ${request.count}?`;
    case 'write':
      return register
        ? `${register.name} = ${valueFrom(register, request.values)}`
        : `${request.table} ${request.address} = ${request.values.join(', ')}`;
    case 'exchange':
      return `holding ${request.address} = ${request.values.join(', ')}; holding ${request.readAddress} ${request.readCount}?`;
    case 'echo':
      return 'echo';
    default:
      return `function ${code}`;
  }
}
