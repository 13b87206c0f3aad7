/**
 * Driver `scpi-function-generator`: a function generator with one channel.
 *
 * Names as in IVI-4.3 (IviFgen); Hz, V peak to peak, V, %.
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

export const SCPI_FUNCTION_GENERATOR: ScpiDriver = {
  readings: {
    frequency: number('FREQ?', 'Hz'),
    amplitude: number('VOLT?', 'V'),
    dc_offset: number('VOLT:OFFS?', 'V'),
    output: flag('OUTP?'),
    ...STATUS_READINGS,
  },
  settings: {
    waveform: choiceTo((word) => `FUNC ${word}`, {
      sine: 'SIN',
      square: 'SQU',
      ramp: 'RAMP',
      pulse: 'PULS',
      noise: 'NOIS',
      dc: 'DC',
    }),
    frequency: numberTo('FREQ', 'Hz'),
    amplitude: numberTo('VOLT', 'V'),
    dc_offset: numberTo('VOLT:OFFS', 'V'),
    duty_cycle: numberTo('FUNC:SQU:DCYC', '%'),
    output_impedance: numberTo('OUTP:LOAD', 'Ω'),
    output: flagTo('OUTP'),
  },
  safeState: ['OUTP OFF'],
  hasErrorQueue: true,
};
