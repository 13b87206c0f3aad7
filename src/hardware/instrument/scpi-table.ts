/**
 * A SCPI driver as a table: the query behind each reading, the command behind each setting.
 *
 * Above it: the drivers of this folder, each of which is such a table, and scpi/scpi.ts, which works by it. How to add
 * one: docs/guides/drivers.md.
 */
import type { DriverFacts, ReadingFacts, SettingFacts } from '#hardware/instrument/driver.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';

/** A session that can also hand over blocks of bytes. */
export interface BlockSession extends CommandSession {
  queryBlock(command: string, signal: AbortSignal, timeoutMs?: number): Promise<Uint8Array<ArrayBuffer>>;
}

type TakeCurve = (session: BlockSession, signal: AbortSignal, timeoutMs?: number) => Promise<Float64Array<ArrayBuffer>>;

export type ScpiReading = ReadingFacts & ({ readonly query: string } | { readonly take: TakeCurve });

export interface ScpiSetting extends SettingFacts {
  /** @param value as it goes over the wire: a number, `ON` or `OFF`, or the instrument's word for a choice */
  readonly command: (value: string) => string;
  /** The instrument's words for the choices. */
  readonly words?: Readonly<Record<string, string>>;
}

export interface ScpiDriver extends DriverFacts {
  readonly readings: Readonly<Record<string, ScpiReading>>;
  readonly settings: Readonly<Record<string, ScpiSetting>>;
  /** It has `SYST:ERR?`: asked after every setting, and when a reading failed. */
  readonly hasErrorQueue: boolean;
  /** A setting takes its time, and `*OPC?` says when it is done. */
  readonly settles?: true;
}

export function number(query: string, unit?: string): ScpiReading {
  return { gives: 'number', query, ...(unit === undefined ? {} : { unit }) };
}

export function flag(query: string): ScpiReading {
  return { gives: 'flag', query };
}

export function text(query: string): ScpiReading {
  return { gives: 'text', query };
}

export function curve(take: TakeCurve, unit?: string): ScpiReading {
  return { gives: 'curve', take, ...(unit === undefined ? {} : { unit }) };
}

export function numberTo(header: string, unit?: string): ScpiSetting {
  return { takes: 'number', command: (value) => `${header} ${value}`, ...(unit === undefined ? {} : { unit }) };
}

export function flagTo(header: string): ScpiSetting {
  return { takes: 'flag', command: (value) => `${header} ${value}` };
}

/** @param words the instrument's word by the procedure's */
export function choiceTo(command: (word: string) => string, words: Readonly<Record<string, string>>): ScpiSetting {
  return { takes: 'text', command, choices: Object.keys(words), words };
}

/** What every instrument of IEEE 488.2 has. */
export const STATUS_READINGS: Readonly<Record<string, ScpiReading>> = {
  status_byte: number('*STB?'),
  event_status: number('*ESR?'),
};
