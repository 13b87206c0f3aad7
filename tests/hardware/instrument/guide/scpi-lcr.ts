/**
 * Driver `scpi-lcr`: an LCR meter.
 *
 * Of the two numbers that `FETC?` gives, the first is the one that its function names. In F, H and Ω.
 */
import { choiceTo, number, numberTo, STATUS_READINGS, text, type ScpiDriver } from '#hardware/instrument/scpi-table.ts';

export const SCPI_LCR: ScpiDriver = {
  readings: {
    capacitance: number('FETC:IMP:CP?', 'F'),
    inductance: number('FETC:IMP:LS?', 'H'),
    function: text('FUNC:IMP?'),
    ...STATUS_READINGS,
  },
  settings: {
    function: choiceTo((word) => `FUNC:IMP ${word}`, { capacitance: 'CPD', inductance: 'LSQ' }),
    frequency: numberTo('FREQ', 'Hz'),
    level: numberTo('VOLT', 'V'),
  },
  // It drives nothing that could hurt a unit.
  safeState: [],
  hasErrorQueue: true,
};
