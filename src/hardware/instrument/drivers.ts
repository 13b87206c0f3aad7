/**
 * Which drivers there are, by the names that procedures use.
 *
 * Above it: the resource manager (makes instruments, by open-device.ts), the procedure's reader (checks names, handed in
 * by a door). A new driver is one line here. How to add one: docs/guides/drivers.md.
 */
import { CONSOLE } from '#hardware/instrument/console/console.ts';
import type { DriverFacts } from '#hardware/instrument/driver.ts';
import { LABEL_PRINTER } from '#hardware/instrument/label-printer/label-printer.ts';
import { MODBUS } from '#hardware/instrument/modbus/modbus.ts';
import { SCPI } from '#hardware/instrument/scpi/scpi.ts';
import type { ScpiTwin } from '#hardware/instrument/scpi/scpi-twin.ts';
import { SCPI_DC_SUPPLY } from '#hardware/instrument/scpi-dc-supply/scpi-dc-supply.ts';
import { dcSupplyTwin } from '#hardware/instrument/scpi-dc-supply/twin.ts';
import { SCPI_DMM } from '#hardware/instrument/scpi-dmm/scpi-dmm.ts';
import { dmmTwin } from '#hardware/instrument/scpi-dmm/twin.ts';
import { SCPI_FUNCTION_GENERATOR } from '#hardware/instrument/scpi-function-generator/scpi-function-generator.ts';
import { functionGeneratorTwin } from '#hardware/instrument/scpi-function-generator/twin.ts';
import { SCPI_LOAD } from '#hardware/instrument/scpi-load/scpi-load.ts';
import { loadTwin } from '#hardware/instrument/scpi-load/twin.ts';
import { SCPI_RELAY_BOARD } from '#hardware/instrument/scpi-relay-board/scpi-relay-board.ts';
import { SCPI_SCOPE } from '#hardware/instrument/scpi-scope/scpi-scope.ts';
import { scopeTwin } from '#hardware/instrument/scpi-scope/twin.ts';
import { SCPI_SWITCH } from '#hardware/instrument/scpi-switch/scpi-switch.ts';
import { switchTwin } from '#hardware/instrument/scpi-switch/twin.ts';
import type { ScpiDriver } from '#hardware/instrument/scpi-table.ts';

/** Drivers that are a table of SCPI, each with its twin; a fixture's answers are known to `bench.yaml` only. */
export const SCPI_DRIVERS: Readonly<Record<string, { readonly driver: ScpiDriver; readonly twin?: () => ScpiTwin }>> = {
  scpi: { driver: SCPI },
  'scpi-dmm': { driver: SCPI_DMM, twin: dmmTwin },
  'scpi-dc-supply': { driver: SCPI_DC_SUPPLY, twin: dcSupplyTwin },
  'scpi-load': { driver: SCPI_LOAD, twin: loadTwin },
  'scpi-scope': { driver: SCPI_SCOPE, twin: scopeTwin },
  'scpi-function-generator': { driver: SCPI_FUNCTION_GENERATOR, twin: functionGeneratorTwin },
  'scpi-switch': { driver: SCPI_SWITCH, twin: switchTwin },
  'scpi-relay-board': { driver: SCPI_RELAY_BOARD, twin: switchTwin },
  // Frames of bytes, written as hexadecimal: a fixture like `scpi`, in another writing.
  binary: { driver: SCPI },
};

const FACTS: Readonly<Record<string, DriverFacts>> = {
  ...Object.fromEntries(Object.entries(SCPI_DRIVERS).map(([name, { driver }]) => [name, driver])),
  modbus: MODBUS,
  console: CONSOLE,
  'label-printer': LABEL_PRINTER,
};

export const knownDrivers: readonly string[] = Object.keys(FACTS);

/** What a driver says of itself; undefined for one that is not known. */
export function driverFacts(driver: string): DriverFacts | undefined {
  return Object.hasOwn(FACTS, driver) ? FACTS[driver] : undefined;
}

/** A driver's readings by name; none for a driver that has none or is not known. */
export function driverReadings(driver: string): readonly string[] {
  return Object.keys(driverFacts(driver)?.readings ?? {});
}
