/**
 * Modbus in the words of a procedure: `temperature?`, `relay_1 = 1`, `holding 100 2?`, `holding 100 = 1, 2`.
 *
 * A name stands for a register of the map and is read and written as the number that it stands for; a table with an
 * address is what goes over the wire. `…= …; …?` writes and reads in one exchange (function 23). Pure.
 */
import { Fault } from '#base/fault.ts';
import type { ModbusRequest, Table } from '#hardware/protocol/modbus/modbus-pdu.ts';
import {
  countOf,
  isWritable,
  valueFrom,
  wordsFor,
  type ModbusMap,
  type ModbusRegister,
} from '#hardware/protocol/modbus/register-map.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export interface ModbusCommand {
  readonly unitId: number;
  readonly request: ModbusRequest;
  /** The answer to a query, as text. */
  readonly textOf: (values: readonly number[]) => string;
}

interface Place {
  readonly table: Table;
  readonly address: number;
  readonly count: number;
  readonly register?: ModbusRegister;
}

const RAW = /^(coil|discrete|holding|input)\s+(\d{1,5})(?:\s+(\d{1,4}))?$/;

/** @throws {HardwareFault} `protocol-error` */
export function queryFrom(command: string, map: ModbusMap): ModbusCommand {
  const [first = '', second] = command.split(';');
  if (second !== undefined) return exchangeFrom(command, first, second, map);
  const place = placeIn(command, askedIn(command, command), map);
  const { register, table, address, count } = place;
  return {
    unitId: register?.unitId ?? map.unitId,
    request: { kind: 'read', table, address, count },
    textOf: (values) => (register ? String(valueFrom(register, values)) : values.join(',')),
  };
}

/** @throws {HardwareFault} `protocol-error` */
export function writeFrom(command: string, map: ModbusMap): ModbusCommand {
  const { place, values } = writtenIn(command, command, map);
  const { table, address, register } = place;
  if (table !== 'coil' && table !== 'holding') throw refused(command, `nothing can be written to a ${table} register`);
  return {
    unitId: register?.unitId ?? map.unitId,
    request: { kind: 'write', table, address, values },
    textOf: () => '',
  };
}

function exchangeFrom(command: string, written: string, asked: string, map: ModbusMap): ModbusCommand {
  const write = writtenIn(command, written, map);
  const read = placeIn(command, askedIn(command, asked), map);
  const units = new Set([write.place, read].map(({ register }) => register?.unitId ?? map.unitId));
  if (write.place.table !== 'holding' || read.table !== 'holding' || units.size > 1)
    throw refused(command, 'only holding registers of one device are written and read in one exchange');
  const { address } = write.place;
  const { address: readAddress, count: readCount, register } = read;
  return {
    unitId: register?.unitId ?? map.unitId,
    request: { kind: 'exchange', address, values: write.values, readAddress, readCount },
    textOf: (values) => (register ? String(valueFrom(register, values)) : values.join(',')),
  };
}

function askedIn(command: string, part: string): string {
  const asked = part.trim();
  if (asked.endsWith('?')) return asked.slice(0, -1).trim();
  throw refused(command, 'a query ends in “?”');
}

function writtenIn(command: string, part: string, map: ModbusMap): { place: Place; values: number[] } {
  const [target = '', list, ...rest] = part.split('=');
  if (list === undefined || rest.length > 0) throw refused(command, 'it is written as “name = value”');
  const numbers = list.split(',').map((text) => numberIn(command, text.trim()));
  const place = placeIn(command, target.trim(), map);
  const { register } = place;
  if (!register) return { place, values: numbers };
  if (!isWritable(register)) throw refused(command, `“${register.name}” can only be read`);
  if (numbers.length > 1) throw refused(command, `“${register.name}” takes one value`);
  try {
    return { place, values: wordsFor(register, numbers[0]!) };
  } catch (thrown) {
    throw refused(command, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function numberIn(command: string, text: string): number {
  const word = { on: 1, true: 1, off: 0, false: 0 }[text.toLowerCase()];
  const value = word ?? (text === '' ? NaN : Number(text));
  if (Number.isFinite(value)) return value;
  throw refused(command, `${JSON.stringify(text)} is no number`);
}

function placeIn(command: string, target: string, map: ModbusMap): Place {
  const register = map.registers.find(({ name }) => name === target);
  if (register) return { ...register, count: countOf(register), register };
  const [, table, address, count] = RAW.exec(target) ?? [];
  if (table !== undefined) return { table: table as Table, address: Number(address), count: Number(count ?? 1) };
  const known = map.registers.map(({ name }) => name).join(', ');
  throw refused(command, `there is no register “${target}”${known ? `; there are ${known}` : ''}`);
}

function refused(command: string, why: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `The command ${JSON.stringify(command)} cannot be sent: ${why}.`,
    'Correct this command in the procedure.',
  );
}
