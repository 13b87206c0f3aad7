/**
 * Driver `scpi-relay-board`: sixteen relays by SCPI's `ROUTe` subsystem, each with a name: `relay_1` to `relay_16`.
 *
 * A board with other commands is a fixture (`scpi`), one with Modbus coils is `modbus`. Its twin is the switch's.
 */
import { flag, STATUS_READINGS, type ScpiDriver } from '#hardware/instrument/scpi-table.ts';

const RELAYS = Array.from({ length: 16 }, (_, at) => at + 1);

export const SCPI_RELAY_BOARD: ScpiDriver = {
  readings: {
    ...Object.fromEntries(RELAYS.map((relay) => [`relay_${relay}`, flag(`ROUT:CLOS? (@${relay})`)])),
    ...STATUS_READINGS,
  },
  settings: Object.fromEntries(
    RELAYS.map((relay) => [
      `relay_${relay}`,
      {
        takes: 'flag' as const,
        command: (value: string) => `ROUT:${value === 'ON' ? 'CLOS' : 'OPEN'} (@${relay})`,
      },
    ]),
  ),
  safeState: ['ROUT:OPEN:ALL'],
  hasErrorQueue: true,
  settles: true,
};
