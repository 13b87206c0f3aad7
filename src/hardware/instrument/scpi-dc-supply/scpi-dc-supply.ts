/**
 * Driver `scpi-dc-supply`: a DC power supply with one output, by SCPI's `SOURce` and `MEASure` subsystems.
 *
 * Names as in IVI-4.4 (IviDCPwr), in V and A. A supply with several outputs is driven by its own commands.
 */
import { flag, flagTo, number, numberTo, STATUS_READINGS, type ScpiDriver } from '#hardware/instrument/scpi-table.ts';

export const SCPI_DC_SUPPLY: ScpiDriver = {
  readings: {
    voltage: number('MEAS:VOLT?', 'V'),
    current: number('MEAS:CURR?', 'A'),
    voltage_level: number('VOLT?', 'V'),
    current_limit: number('CURR?', 'A'),
    output: flag('OUTP?'),
    ...STATUS_READINGS,
  },
  settings: {
    voltage: numberTo('VOLT', 'V'),
    current_limit: numberTo('CURR', 'A'),
    overvoltage_limit: numberTo('VOLT:PROT', 'V'),
    output: flagTo('OUTP'),
  },
  safeState: ['OUTP OFF'],
  hasErrorQueue: true,
};
