/** The twin of `scpi-function-generator`: keeps what it is set to. */
import { ScpiTwin } from '#hardware/instrument/scpi/scpi-twin.ts';

export function functionGeneratorTwin(): ScpiTwin {
  return new ScpiTwin({
    settings: {
      FUNC: 'SIN',
      FREQ: '1000',
      VOLT: '0.1',
      'VOLT:OFFS': '0',
      'FUNC:SQU:DCYC': '50',
      'OUTP:LOAD': '50',
      OUTP: 'OFF',
    },
  });
}
