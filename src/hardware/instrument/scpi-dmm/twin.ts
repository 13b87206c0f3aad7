/** The twin of `scpi-dmm`: nothing is connected to its leads, so it reads zero, and an open circuit. */
import { SCPI_DMM } from '#hardware/instrument/scpi-dmm/scpi-dmm.ts';
import { ScpiTwin } from '#hardware/instrument/scpi/scpi-twin.ts';

/** SCPI's overload, 9.9E37. */
const OPEN = '+9.90000000E+37';
const OPEN_QUERIES = ['MEAS:RES?', 'MEAS:FRES?', 'MEAS:CONT?', 'MEAS:DIOD?'];

export function dmmTwin(): ScpiTwin {
  const queries = Object.values(SCPI_DMM.readings).flatMap((reading) => ('query' in reading ? [reading.query] : []));
  const answers = queries.map((query) => [query, () => (OPEN_QUERIES.includes(query) ? OPEN : 0)]);
  const settings = ['VOLT:DC', 'VOLT:AC', 'CURR:DC', 'CURR:AC', 'RES'].flatMap((name) => [
    [`${name}:RANG`, '10'],
    [`${name}:NPLC`, '1'],
  ]);
  return new ScpiTwin({
    settings: Object.fromEntries([...settings, ['SAMP:COUN', '1'], ['TRIG:SOUR', 'IMM']]),
    answers: {
      ...Object.fromEntries(answers),
      'READ?': (state) => Array.from({ length: Math.max(1, state('SAMP:COUN')) }, () => '0').join(','),
    },
    act: (command) => (/^CONF:[A-Z:]+$/i.test(command) ? {} : false),
  });
}
