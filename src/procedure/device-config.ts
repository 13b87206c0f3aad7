/**
 * What a procedure says of a device beyond its wire: registers of Modbus, the prompt of a console, how frames are marked.
 *
 * Plain data, of the same shape as the drivers take it. Made by read/read-device.ts. Knows nothing of drivers.
 */
export interface ModbusMap {
  readonly unitId: number;
  readonly registers: readonly ModbusRegister[];
}

export interface ModbusRegister {
  readonly name: string;
  /** Whose it is, where several devices share the line. */
  readonly unitId: number;
  readonly table: 'coil' | 'discrete' | 'holding' | 'input';
  /** As it goes over the wire: from 0. */
  readonly address: number;
  /** Coils and discrete inputs have none. */
  readonly type: 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32';
  /** Of numbers of two registers: which half lies at the lower address. */
  readonly wordOrder: 'big' | 'little';
  /** What one count stands for. */
  readonly scale: number;
  readonly unit?: string;
}

/** What marks a frame where it is not the terminator. */
export type Framing =
  | { readonly kind: 'slip' }
  | { readonly kind: 'cobs' }
  | { readonly kind: 'fixed'; readonly frameBytes: number }
  | {
      readonly kind: 'length';
      readonly widthBytes: 1 | 2 | 4;
      readonly endian: 'big' | 'little';
      readonly includesHeader: boolean;
    };

export interface ConsoleConfig {
  /** Pattern of the text after the last line end; absent: there is no prompt to wait for. */
  readonly prompt?: string;
  readonly login?: { readonly user: string; readonly password?: string };
}

/** What a driver says of itself, handed in by whoever knows drivers. */
export interface DriverFacts {
  readonly readings: Readonly<Record<string, ReadingFacts>>;
  readonly settings: Readonly<Record<string, SettingFacts>>;
  /** Where the procedure states no `safe_state`. */
  readonly safeState: readonly string[];
  /** Key of the plug under which the procedure says more. */
  readonly config?: 'modbus' | 'console' | 'language';
}

export interface ReadingFacts {
  readonly gives: 'number' | 'flag' | 'text' | 'curve';
  readonly unit?: string;
}

export interface SettingFacts {
  readonly takes: 'number' | 'flag' | 'text';
  readonly unit?: string;
  readonly choices?: readonly string[];
}
