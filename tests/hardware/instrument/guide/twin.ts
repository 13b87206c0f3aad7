/** The twin of `scpi-lcr`: a capacitor of 100 nF is in its clamps. */
import { ScpiTwin } from '#hardware/instrument/scpi/scpi-twin.ts';

export function lcrTwin(): ScpiTwin {
  return new ScpiTwin({
    settings: { 'FUNC:IMP': 'CPD', FREQ: '1000', VOLT: '1' },
    answers: { 'FETC:IMP:CP?': () => 1e-7, 'FETC:IMP:LS?': () => '+9.9E37' },
  });
}
