/**
 * Which drivers there are, by the names that procedures use.
 *
 * Above it: the resource manager (makes instruments), the procedure's reader (checks names, handed in by a door).
 */
import { Fault } from '#base/fault.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { ScpiInstrument } from '#hardware/instrument/scpi/scpi.ts';
import { DMM_READINGS } from '#hardware/instrument/scpi-dmm/readings.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';

/** A driver is, so far, the queries behind its readings: all of them speak SCPI. */
const DRIVERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scpi: {},
  'scpi-dmm': DMM_READINGS,
};

export const knownDrivers: readonly string[] = Object.keys(DRIVERS);

/** A driver's readings by name; none for a driver that has none or is not known. */
export function driverReadings(driver: string): readonly string[] {
  return Object.hasOwn(DRIVERS, driver) ? Object.keys(DRIVERS[driver] ?? {}) : [];
}

/** @throws {HardwareFault} `unsupported` for a driver that is not known */
export function createInstrument(driver: string, key: string, session: CommandSession): Instrument {
  const readings = Object.hasOwn(DRIVERS, driver) ? DRIVERS[driver] : undefined;
  if (readings === undefined) {
    const known = knownDrivers.join(', ');
    throw new Fault(
      'unsupported',
      `The plug '${key}' names the driver '${driver}', which is not known.`,
      `Use one of: ${known}.`,
    );
  }
  return new ScpiInstrument(key, session, readings);
}
