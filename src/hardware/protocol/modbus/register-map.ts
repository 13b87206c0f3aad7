/**
 * What the registers of a Modbus device stand for: a name, a number, a unit.
 *
 * Pure. Above it: modbus-commands.ts and the driver. The procedure states the map. Knows nothing of frames.
 */
import type { Table } from '#hardware/protocol/modbus/modbus-pdu.ts';

export type RegisterType = 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32';

export interface ModbusRegister {
  readonly name: string;
  /** Whose it is, where several devices share the line. */
  readonly unitId: number;
  readonly table: Table;
  /** As it goes over the wire: from 0. */
  readonly address: number;
  /** Coils and discrete inputs have none. */
  readonly type: RegisterType;
  /** Of numbers of two registers: which half lies at the lower address. */
  readonly wordOrder: 'big' | 'little';
  /** What one count stands for. */
  readonly scale: number;
  /** Of the scaled number, e.g. `V`. */
  readonly unit?: string;
}

export interface ModbusMap {
  readonly unitId: number;
  readonly registers: readonly ModbusRegister[];
}

const LIMITS: Readonly<Record<Exclude<RegisterType, 'float32'>, readonly [number, number]>> = {
  uint16: [0, 0xffff],
  int16: [-0x8000, 0x7fff],
  uint32: [0, 0xffff_ffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
};

export function isBit({ table }: ModbusRegister): boolean {
  return table === 'coil' || table === 'discrete';
}

export function isWritable({ table }: ModbusRegister): boolean {
  return table === 'coil' || table === 'holding';
}

/** Registers or coils that it takes. */
export function countOf(register: ModbusRegister): number {
  return isBit(register) || register.type.endsWith('16') ? 1 : 2;
}

export function valueFrom(register: ModbusRegister, words: readonly number[]): number {
  if (isBit(register)) return words[0]!;
  const view = new DataView(new ArrayBuffer(4));
  const ordered = register.wordOrder === 'big' ? words : words.toReversed();
  for (const [at, word] of ordered.entries()) view.setUint16(at * 2, word);
  const raw = rawFrom(view, register.type);
  // 3 × 0.1 is 0.30000000000000004 to a computer; twelve digits are more than any register has.
  return register.scale === 1 ? raw : Number((raw * register.scale).toPrecision(12));
}

/** @throws {RangeError} for a value that the register cannot hold */
export function wordsFor(register: ModbusRegister, value: number): number[] {
  if (isBit(register)) {
    if (value === 0 || value === 1) return [value];
    throw new RangeError(`“${register.name}” is 0 or 1, not ${value}`);
  }
  const { type, scale } = register;
  const view = new DataView(new ArrayBuffer(4));
  if (type === 'float32') {
    if (!Number.isFinite(Math.fround(value / scale))) throw new RangeError(`“${register.name}” cannot hold ${value}`);
    view.setFloat32(0, value / scale);
  } else {
    const raw = Math.round(value / scale);
    const [low, high] = LIMITS[type];
    if (!(raw >= low && raw <= high))
      throw new RangeError(`“${register.name}” holds ${low * scale} to ${high * scale}, not ${value}`);
    if (countOf(register) === 1) view.setInt16(0, raw);
    else view.setInt32(0, raw);
  }
  const words = countOf(register) === 1 ? [view.getUint16(0)] : [view.getUint16(0), view.getUint16(2)];
  return register.wordOrder === 'big' ? words : words.toReversed();
}

function rawFrom(view: DataView, type: RegisterType): number {
  switch (type) {
    case 'uint16':
      return view.getUint16(0);
    case 'int16':
      return view.getInt16(0);
    case 'uint32':
      return view.getUint32(0);
    case 'int32':
      return view.getInt32(0);
    case 'float32':
      return view.getFloat32(0);
  }
}
