/**
 * Driver `scpi-dmm`: a multimeter that follows SCPI's `MEASure` subsystem.
 *
 * Names as in IVI-4.2 (IviDmm), answers in SI base units; temperature in °C, SCPI's default. A `MEAS:…?` sets the
 * instrument up anew each time; `value` and `values` measure as the settings say.
 */
import { readPointsOf } from '#hardware/instrument/list-of-numbers.ts';
import {
  choiceTo,
  curve,
  number,
  numberTo,
  STATUS_READINGS,
  type ScpiDriver,
} from '#hardware/instrument/scpi-table.ts';

export const SCPI_DMM: ScpiDriver = {
  readings: {
    voltage_dc: number('MEAS:VOLT:DC?', 'V'),
    voltage_ac: number('MEAS:VOLT:AC?', 'V'),
    current_dc: number('MEAS:CURR:DC?', 'A'),
    current_ac: number('MEAS:CURR:AC?', 'A'),
    resistance: number('MEAS:RES?', 'Ω'),
    resistance_4wire: number('MEAS:FRES?', 'Ω'),
    frequency: number('MEAS:FREQ?', 'Hz'),
    period: number('MEAS:PER?', 's'),
    temperature: number('MEAS:TEMP?', '°C'),
    capacitance: number('MEAS:CAP?', 'F'),
    continuity: number('MEAS:CONT?', 'Ω'),
    diode: number('MEAS:DIOD?', 'V'),
    value: number('READ?'),
    values: curve((session, signal, timeoutMs) => readPointsOf(session, 'READ?', signal, timeoutMs)),
    ...STATUS_READINGS,
  },
  settings: {
    function: choiceTo((word) => `CONF:${word}`, {
      voltage_dc: 'VOLT:DC',
      voltage_ac: 'VOLT:AC',
      current_dc: 'CURR:DC',
      current_ac: 'CURR:AC',
      resistance: 'RES',
      resistance_4wire: 'FRES',
      frequency: 'FREQ',
      period: 'PER',
      temperature: 'TEMP',
      capacitance: 'CAP',
    }),
    voltage_dc_range: numberTo('VOLT:DC:RANG', 'V'),
    voltage_ac_range: numberTo('VOLT:AC:RANG', 'V'),
    current_dc_range: numberTo('CURR:DC:RANG', 'A'),
    current_ac_range: numberTo('CURR:AC:RANG', 'A'),
    resistance_range: numberTo('RES:RANG', 'Ω'),
    // In power line cycles, as every bench multimeter takes it.
    voltage_dc_nplc: numberTo('VOLT:DC:NPLC'),
    current_dc_nplc: numberTo('CURR:DC:NPLC'),
    resistance_nplc: numberTo('RES:NPLC'),
    sample_count: numberTo('SAMP:COUN'),
    trigger_source: choiceTo((word) => `TRIG:SOUR ${word}`, { immediate: 'IMM', external: 'EXT', bus: 'BUS' }),
  },
  // It drives nothing.
  safeState: [],
  hasErrorQueue: true,
};
