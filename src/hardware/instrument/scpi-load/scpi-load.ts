/**
 * Driver `scpi-load`: an electronic load with one input. IVI has no class for it; names follow those of the supply.
 *
 * In A, V, Ω and W. What is set takes effect in the mode of its name.
 */
import {
  choiceTo,
  flag,
  flagTo,
  number,
  numberTo,
  STATUS_READINGS,
  type ScpiDriver,
} from '#hardware/instrument/scpi-table.ts';

export const SCPI_LOAD: ScpiDriver = {
  readings: {
    voltage: number('MEAS:VOLT?', 'V'),
    current: number('MEAS:CURR?', 'A'),
    power: number('MEAS:POW?', 'W'),
    input: flag('INP?'),
    ...STATUS_READINGS,
  },
  settings: {
    mode: choiceTo((word) => `FUNC ${word}`, { current: 'CURR', voltage: 'VOLT', resistance: 'RES', power: 'POW' }),
    current: numberTo('CURR', 'A'),
    voltage: numberTo('VOLT', 'V'),
    resistance: numberTo('RES', 'Ω'),
    power: numberTo('POW', 'W'),
    input: flagTo('INP'),
  },
  safeState: ['INP OFF'],
  hasErrorQueue: true,
};
