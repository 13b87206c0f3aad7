/**
 * From a plug to what speaks with it: the session of its driver's protocol, its instrument, its simulated twin.
 *
 * Above it: the resource manager, which holds the wire. Beside it: drivers.ts, which says what there is.
 */
import { Fault } from '#base/fault.ts';
import type { Clock } from '#base/clock.ts';
import type { Framing } from '#hardware/framing/framing.ts';
import { ConsoleInstrument, type ConsoleConfig } from '#hardware/instrument/console/console.ts';
import { ConsoleTwin } from '#hardware/instrument/console/twin.ts';
import { knownDrivers, SCPI_DRIVERS } from '#hardware/instrument/drivers.ts';
import { FramedTwin } from '#hardware/instrument/framed-twin.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { LabelPrinter } from '#hardware/instrument/label-printer/label-printer.ts';
import { LabelPrinterTwin } from '#hardware/instrument/label-printer/twin.ts';
import { ModbusInstrument } from '#hardware/instrument/modbus/modbus.ts';
import { ModbusTwin } from '#hardware/instrument/modbus/twin.ts';
import { ScpiInstrument } from '#hardware/instrument/scpi/scpi.ts';
import type { Twin } from '#hardware/instrument/twin.ts';
import { ConsoleSession } from '#hardware/protocol/console/console-session.ts';
import { ModbusSession } from '#hardware/protocol/modbus/modbus-session.ts';
import type { ModbusMap } from '#hardware/protocol/modbus/register-map.ts';
import { PrinterSession, type PrinterLanguage } from '#hardware/protocol/printer/printer-session.ts';
import { ScpiSession } from '#hardware/protocol/scpi-session.ts';
import type { Transport } from '#hardware/transport/transport.ts';

/** What of a plug its driver needs. */
export interface DevicePlug {
  readonly key: string;
  readonly driver: string;
  readonly modbus?: ModbusMap;
  readonly console?: ConsoleConfig;
  readonly language?: PrinterLanguage;
}

/** What of its wire. */
export interface DeviceWire {
  /** Absent: no line has a rate, as over USB. */
  readonly baudRate?: number;
  readonly terminator: string;
  readonly framing?: Framing;
  readonly identityQuery: string;
}

export type DeviceSession = ScpiSession | ModbusSession | ConsoleSession | PrinterSession;

/** Bytes need frames that take any byte; where the procedure states none. */
const BINARY_FRAMING: Framing = { kind: 'cobs' };
/** Only for the silence between frames, which a USB wire does not need: the shortest. */
const USB_RATE = 115_200;
/** A driver that was never given its registers asks for none. */
const NO_REGISTERS: ModbusMap = { unitId: 1, registers: [] };

/** What is asked where the procedure states no `identity_query`; empty: nobody is asked by name. */
export function usualIdentityQuery(driver: string): string {
  if (driver === 'modbus' || driver === 'console' || driver === 'label-printer') return '';
  return driver === 'binary' ? '00' : '*IDN?';
}

/** Plugs with the same answer can share one session while it is found out which of them is there. */
export function protocolOf({ driver, modbus, console, language }: DevicePlug): string {
  if (driver === 'modbus') return `modbus ${JSON.stringify(modbus)}`;
  if (driver === 'console') return `console ${JSON.stringify(console)}`;
  if (driver === 'label-printer') return `printer ${language}`;
  return driver === 'binary' ? 'binary' : 'scpi';
}

export function openSession(plug: DevicePlug, wire: DeviceWire, transport: Transport, clock: Clock): DeviceSession {
  const { terminator, identityQuery, baudRate = USB_RATE, framing } = wire;
  switch (plug.driver) {
    case 'modbus':
      return new ModbusSession({ transport, clock, baudRate, identityQuery, map: plug.modbus ?? NO_REGISTERS });
    case 'console':
      return new ConsoleSession({ transport, clock, terminator, identityQuery, ...plug.console });
    case 'label-printer':
      return new PrinterSession({ transport, clock, baudRate, identityQuery, language: plug.language ?? 'zpl' });
    case 'binary':
      return new ScpiSession({
        transport,
        clock,
        terminator,
        identityQuery,
        framing: framing ?? BINARY_FRAMING,
        coding: 'hex',
      });
    default:
      return new ScpiSession({ transport, clock, terminator, identityQuery, ...(framing ? { framing } : {}) });
  }
}

/** @throws {HardwareFault} `unsupported` for a driver that is not known, or that does not speak what the session speaks */
export function createInstrument(plug: DevicePlug, session: DeviceSession): Instrument {
  const { key, driver } = plug;
  if (session instanceof ModbusSession && driver === 'modbus')
    return new ModbusInstrument(key, session, plug.modbus ?? NO_REGISTERS);
  if (session instanceof ConsoleSession && driver === 'console') return new ConsoleInstrument(key, session);
  if (session instanceof PrinterSession && driver === 'label-printer') return new LabelPrinter(key, session);
  const scpi = Object.hasOwn(SCPI_DRIVERS, driver) ? SCPI_DRIVERS[driver] : undefined;
  if (session instanceof ScpiSession && scpi) return new ScpiInstrument(key, session, scpi.driver);
  throw new Fault(
    'unsupported',
    `The plug '${key}' names the driver '${driver}', which is not known.`,
    `Use one of: ${knownDrivers.join(', ')}.`,
  );
}

/**
 * @param onPrinted told of every label that a simulated printer prints
 * @returns undefined where only `bench.yaml` knows what is answered
 */
export function createTwin(
  plug: DevicePlug,
  { terminator, framing }: DeviceWire,
  onPrinted: (label: string) => void = () => undefined,
): Twin | undefined {
  if (plug.driver === 'modbus') return new ModbusTwin(plug.modbus ?? NO_REGISTERS);
  if (plug.driver === 'console') return new ConsoleTwin(terminator, plug.console?.prompt);
  if (plug.driver === 'label-printer') return new LabelPrinterTwin(onPrinted);
  if (plug.driver === 'binary') return new FramedTwin(framing ?? BINARY_FRAMING, 'hex');
  const twin = Object.hasOwn(SCPI_DRIVERS, plug.driver) ? SCPI_DRIVERS[plug.driver]?.twin?.() : undefined;
  if (!framing) return twin;
  const { speech } = new FramedTwin(framing, 'text');
  return { ...(twin ? { reply: (command: string) => twin.reply(command) } : {}), speech };
}
