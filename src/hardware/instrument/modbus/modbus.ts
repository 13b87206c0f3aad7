/**
 * Driver `modbus`: any device with Modbus RTU, its registers named by the procedure.
 *
 * Every register is a reading by its name, every coil and holding register a setting. Stands on a Modbus session. Knows
 * nothing of wires.
 */
import { Fault } from '#base/fault.ts';
import type { DriverFacts } from '#hardware/instrument/driver.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { unknownName } from '#hardware/instrument/scpi/scpi.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import { isWritable, type ModbusMap } from '#hardware/protocol/modbus/register-map.ts';
import type { HardwareCode } from '#hardware/transport/transport.ts';

export const MODBUS: DriverFacts = { readings: {}, settings: {}, safeState: [], config: 'modbus' };

export class ModbusInstrument implements Instrument {
  readonly key: string;
  readonly #session: CommandSession;
  readonly #map: ModbusMap;

  constructor(key: string, session: CommandSession, map: ModbusMap) {
    this.key = key;
    this.#session = session;
    this.#map = map;
  }

  write(command: string, signal: AbortSignal): Promise<void> {
    return this.#session.write(command, signal);
  }

  query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    return this.#session.query(command, signal, timeoutMs);
  }

  async read(reading: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    this.#demand('reading', reading);
    return this.#session.query(`${reading}?`, signal, timeoutMs);
  }

  async curve(reading: string): Promise<Float64Array<ArrayBuffer>> {
    throw new Fault<HardwareCode>(
      'unsupported',
      `The reading '${reading}' of the plug '${this.key}' is one value.`,
      'Take “as: curve” out of the step, or query several registers: `holding 100 20?`.',
    );
  }

  async set(setting: string, value: number | string | boolean, signal: AbortSignal): Promise<void> {
    this.#demand('setting', setting);
    await this.#session.write(`${setting} = ${value}`, signal);
  }

  #demand(kind: 'reading' | 'setting', name: string): void {
    const there = this.#map.registers.filter((register) => kind === 'reading' || isWritable(register));
    const names = there.map((register) => register.name);
    if (!names.includes(name)) throw unknownName(this.key, kind, name, names);
  }
}
